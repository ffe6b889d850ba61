import { join } from 'node:path';
import { blocksOf, eventLines } from './hub/events.ts';
import type { ChildHub } from './hub/child-hub.ts';
import { POLICE } from './hub/people.ts';
import { tableQuestion } from './hub/table-question.ts';
import { requestBytes } from './measure/connection.ts';
import type { Figure } from './measure/figures.ts';
import { closedLoop, quantile, steadyRate } from './measure/load.ts';
import { caughtUp, modelsAre } from './measure/models.ts';
import { pushBlocks, type Pushed } from './measure/push-blocks.ts';
import { insertServer } from './raw/insert-server.ts';

const MONTH = '2024-02';
const RATE = 100;
const SECONDS = 10;
const POSTING = 64;

/**
 * Questions at a steady rate while one NDJSON stream is pushed as fast as it is taken. Raw: the same questions at a bare
 * server that keeps a record of each, while another inserts facts for 64 clients, each in a process of its own.
 */
export async function duringIngestFigures(hub: ChildHub, seed: string): Promise<readonly Figure[]> {
  const question = await tableQuestion(hub, MONTH);
  const pushing = new AbortController();
  const pushed = pushUntil(hub, seed, pushing.signal);
  const ours = await steadyRate(question.asking(hub.port), RATE, SECONDS);
  pushing.abort();
  const { totals, seconds } = await pushed;
  await modelsAre(hub, caughtUp);

  const like = (name: string) => ({ like: join(hub.directory, name), file: join(hub.directory, `raw-during-${name}`) });
  const records = await insertServer({ kind: 'access', ...like('access.db'), answerBytes: question.answerBytes });
  const facts = await insertServer({ kind: 'facts', ...like('facts.db'), answerBytes: 200 });
  try {
    const line = eventLines('incident', `${seed} raw`);
    let asked = false;
    const posting = (async () => {
      let posts = 0;
      const began = performance.now();
      while (!asked) {
        const request = (n: number): Buffer => requestBytes('POST', '/', {}, line(n));
        posts += (await closedLoop({ port: facts.port, clients: POSTING, request, check: () => undefined }, 2_000))
          .requests;
      }
      return (posts * 1_000) / (performance.now() - began);
    })();
    const bare = await steadyRate(question.asking(records.port), RATE, SECONDS);
    asked = true;
    const rawRate = await posting;
    const note = (rate: number): string => `${Math.round(rate).toLocaleString('en-GB')} facts/s`;
    const latency = (share: number): Figure => ({
      what: `question at ${RATE}/s during ingest, p${Math.round(share * 100)}`,
      unit: 'ms',
      better: 'less',
      hub: quantile(ours.latencies, share),
      raw: quantile(bare.latencies, share),
      note: `beside ${note(totals.accepted / seconds)} over NDJSON; raw beside ${note(rawRate)} posted`,
    });
    return [latency(0.5), latency(0.99)];
  } finally {
    await records.close();
    await facts.close();
  }
}

const BLOCK_EVENTS = 2_000;
function pushUntil(hub: ChildHub, seed: string, signal: AbortSignal): Promise<Pushed> {
  const lines = eventLines('incident', `${seed} during questions`);
  function* blocks(): Generator<Buffer> {
    for (let from = 0; !signal.aborted; from += BLOCK_EVENTS) yield* blocksOf(lines, from, from + BLOCK_EVENTS);
  }
  return hub
    .as(POLICE, 'publisher')
    .token()
    .then((token) => pushBlocks(hub.url, token, blocks()));
}
