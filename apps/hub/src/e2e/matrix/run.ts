import { Agent, request } from 'node:http';
import { nameOf } from './callers.ts';
import type { Caller, Cell, Sent } from './cells.ts';

/** A cell where the hub and the table differ. */
export interface Wrong {
  readonly kind: 'wrongAllow' | 'wrongDeny';
  readonly cell: Cell;
  readonly got: string;
}
export interface Outcome {
  readonly cells: number;
  readonly wrong: readonly Wrong[];
  /** Denials that say more than a problem does. */
  readonly leaks: readonly string[];
}
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}
export interface Target {
  readonly url: string;
  readonly token: (by: Caller) => Promise<string | undefined>;
}

const AT_ONCE = 16;
/** All that a denial may say (`api.md`, "Every problem"; RFC 9457). */
const OF_A_PROBLEM = new Set([
  'type',
  'title',
  'status',
  'correlationId',
  'field',
  'index',
  'rule',
  'section',
  'missing',
  'alternatives',
  'disclosureId',
]);

/** Puts every cell to the hub, in this order but many at a time, and compares. */
export async function run(cells: readonly Cell[], { url, token }: Target, atOnce = AT_ONCE): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const wrong: Wrong[] = [];
  const leaks: string[] = [];
  const queue = cells.values();
  const worker = async (): Promise<void> => {
    for (const cell of queue) {
      const answer = await send(agent, url, cell.sent, await token(cell.by));
      const got = gotOf(answer, cell.says) + holdsOthers(cell, answer);
      const kind = judge(cell, got);
      if (kind !== undefined) wrong.push({ kind, cell, got });
      if ('deny' in cell.expected) leaks.push(...leaksOf(cell, answer));
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    agent.destroy();
  }
  return { cells: cells.length, wrong, leaks };
}

/** Denied but otherwise than written is wrong too: a 403 where 404 was due tells that the thing exists. */
function judge({ expected }: Cell, got: string): Wrong['kind'] | undefined {
  if ('allow' in expected) {
    if (expected.allow.includes(got)) return undefined;
    return got.endsWith(OF_OTHERS) ? 'wrongAllow' : 'wrongDeny';
  }
  if (expected.deny.includes(got)) return undefined;
  return /^(401|403|404|5|200 refuse)/.test(got) ? 'wrongDeny' : 'wrongAllow';
}

const OF_OTHERS = ', with what is another’s';
const holdsOthers = ({ hides = [] }: Cell, { text }: Answer): string =>
  hides.some((name) => text.includes(name)) ? OF_OTHERS : '';

/** `201`, `409 already-exists`, `403 refused not-a-party`; of a stream, what came of its only line. */
function gotOf({ status, headers, text }: Answer, says: Cell['says']): string {
  const type = String(headers['content-type']);
  if (type.startsWith('application/x-ndjson')) {
    const [line] = text.split('\n').map((one) => JSON.parse(one || '{}') as { status?: string; problem?: object });
    if (line?.problem !== undefined) return ofProblem(line.problem);
    return [status, line?.status].filter((part) => part !== undefined).join(' ');
  }
  if (type.startsWith('application/problem+json')) return ofProblem(JSON.parse(text) as object);
  return says === undefined ? String(status) : `${status} ${says(JSON.parse(text))}`;
}
function ofProblem({ status, type = '', rule }: { status?: number; type?: string; rule?: string }): string {
  return [status, type.replace('/problems/', ''), rule].filter((part) => part !== undefined).join(' ');
}

function leaksOf(cell: Cell, { status, headers, text }: Answer): readonly string[] {
  if (status < 400) return [];
  const more = Object.keys(JSON.parse(text) as object).filter((key) => !OF_A_PROBLEM.has(key));
  if (headers['etag'] !== undefined || headers['location'] !== undefined) more.push('etag or location');
  return more.map((what) => `${nameOfCell(cell)}: a denial with ${what}`);
}

export const nameOfCell = ({ call, by, about }: Cell): string => `${call} · ${nameOf(by)} · ${about}`;

/** The line of the promise, then each cell that is wrong. */
export function report(outcomes: readonly Outcome[]): string {
  const wrong = outcomes.flatMap((outcome) => outcome.wrong);
  const cells = outcomes.reduce((sum, outcome) => sum + outcome.cells, 0);
  const count = (kind: Wrong['kind']) => wrong.filter((one) => one.kind === kind).length;
  const expected = ({ expected }: Cell): string => Object.entries(expected).flat(2).join(' ');
  return [
    `cells ${cells}, wrongAllow ${count('wrongAllow')}, wrongDeny ${count('wrongDeny')}`,
    ...wrong.map(({ kind, cell, got }) => `${kind}: ${nameOfCell(cell)}: expected ${expected(cell)}, got ${got}`),
  ].join('\n');
}

function send(agent: Agent, url: string, { method, path, headers, body }: Sent, token?: string): Promise<Answer> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const call = request(url + path, { method, agent, headers: { ...authorization, ...length, ...headers } });
    call.once('error', reject);
    call.once('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(pieces).toString(),
        }),
      );
    });
    call.end(body);
  });
}
