import { join } from 'node:path';
import { hash } from 'node:crypto';
import type { ChildHub } from './hub/child-hub.ts';
import { HOST, POLICE } from './hub/people.ts';
import { requestBytes, type Answer } from './measure/connection.ts';
import type { Figure } from './measure/figures.ts';
import { closedLoop, quantile, steadyRate, type Asking } from './measure/load.ts';
import { treesCover } from './measure/models.ts';
import { seededRandom } from './measure/seeded-random.ts';
import { insertServer } from './raw/insert-server.ts';
import { positionsOf } from './raw/positions-of.ts';

const RATE = 100;
const SECONDS = 5;
const CLIENTS = 16;
const FIRST_ASKED = 100;

interface Question {
  readonly what: string;
  readonly token: string;
  readonly path: (random: () => number) => string;
  /** In every answer that proves something. */
  readonly says: string;
}

/**
 * Proofs over HTTP from a hub that runs, at random places of the facts log: inclusion, consistency, and receipts of one
 * publisher with the proof in them. Raw: an answer as long from a bare server.
 */
export async function proofLatencyFigures(hub: ChildHub, seed: string): Promise<readonly Figure[]> {
  const { size, positions } = await covered(hub);
  const auditor = await hub.as(HOST, 'auditor').token();
  const publisher = await hub.as(POLICE, 'publisher').token();
  const below = (random: () => number, bound: number): number => Math.floor(random() * bound);
  const log = '/v1/audit/log/facts/proof';
  const questions: readonly Question[] = [
    {
      what: 'inclusion proof',
      token: auditor,
      path: (random) => `${log}/inclusion?index=${below(random, size)}&size=${size}`,
      says: '"hashes":[',
    },
    {
      what: 'consistency proof',
      token: auditor,
      path: (random) => `${log}/consistency?from=${1 + below(random, size)}&to=${size}`,
      says: '"hashes":[',
    },
    {
      what: 'receipt with proof',
      token: publisher,
      path: (random) => `/v1/receipts/${positions[below(random, positions.length)]}`,
      says: '"proof":{',
    },
  ];
  const figures: Figure[] = [];
  for (const question of questions) figures.push(...(await latencyFigures(hub, question, size, seed)));
  return figures;
}

async function latencyFigures(
  hub: ChildHub,
  { what, token, path, says }: Question,
  size: number,
  seed: string,
): Promise<readonly Figure[]> {
  const random = seededRandom(hash('sha256', `${seed} ${what}`, 'buffer').readUInt32BE(0));
  let answerBytes = 0;
  const asking = (port: number, expected: string): Asking => ({
    port,
    clients: CLIENTS,
    request: () => requestBytes('GET', path(random), { authorization: `Bearer ${token}` }),
    check: ({ status, body }: Answer) => {
      if (status !== 200 || !body.includes(expected)) throw new Error(`${what}: ${status} ${body.toString()}`);
      answerBytes = Math.max(answerBytes, body.length);
    },
  });
  const ask = async (asked: Asking) => {
    await closedLoop(asked, FIRST_ASKED);
    return steadyRate(asked, RATE, SECONDS);
  };
  const ours = await ask(asking(hub.port, says));
  const like = join(hub.directory, 'facts.db');
  const file = join(hub.directory, `raw-${what.replaceAll(' ', '-')}.db`);
  const raw = await insertServer({ kind: 'facts', file, like, answerBytes, rows: 0 });
  try {
    const bare = await ask(asking(raw.port, ''));
    return [0.5, 0.99].map((share) => ({
      what: `${what} at ${RATE}/s, p${Math.round(share * 100)}`,
      unit: 'ms',
      better: 'less',
      hub: quantile(ours.latencies, share),
      raw: quantile(bare.latencies, share),
      note: `tree of ${size} leaves, answers of at most ${answerBytes} bytes`,
    }));
  } finally {
    await raw.close();
  }
}

/** Leaves of a checkpoint that covers every event of the publisher, and where those lie. */
async function covered(hub: ChildHub): Promise<{ readonly size: number; readonly positions: readonly number[] }> {
  const positions = positionsOf(hub.directory, `urn:svd:agency:${POLICE}`);
  const size = await treesCover(hub, (positions.at(-1) ?? 0) + 1);
  return { size, positions };
}
