import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openAccessLog, openLogTrees, type LogTrees, type LogTreesOptions } from '#audit';
import { openSqliteStore, type FactsWriter } from '#event-store';
import { appendAll, BENCH_KEY, factsOf, type Calls, type FactsOf } from './measure/append-facts.ts';
import type { Figure } from './measure/figures.ts';
import { Lag } from './measure/lag.ts';
import { verifyProcess, type VerifyAnswer } from './measure/verify-process.ts';

const CALLS: Calls = { callers: 16, factsOfCall: 100 };
/** Facts that show what the writer does with no tree behind it. */
const ALONE_AT_MOST = 200_000;
const STEADY_RATE = 10_000;
const STEADY_SECONDS = 10;
const LOOK_EVERY_MS = 10;
const COVERED_WITHIN_MS = 600_000;

export interface LeavesMeasured {
  readonly figures: readonly Figure[];
  readonly behind: TreeBehind;
}
/** Longest that a fact, once durable, waited for a checkpoint that covers it, in milliseconds. */
export interface TreeBehind {
  /** While facts were appended as fast as they were taken. */
  readonly fast: number;
  /** At a steady rate. */
  readonly steady: number;
  /** Facts a second, as wanted and as it was. */
  readonly rate: { readonly wanted: number; readonly reached: number };
}

/**
 * So many facts appended with both trees following, then all of it verified. Raw: the same writer with nothing that
 * follows; and, for the verifier, the same rows read and hashed. How far the tree is behind has no raw: it is held
 * against the second that was promised.
 */
export async function leavesMeasured(root: string, leaves: number, seed: string): Promise<LeavesMeasured> {
  const place = { directory: join(root, 'leaves'), outside: join(root, 'leaves-outside') };
  const bare = join(root, 'leaves-bare');
  await mkdir(place.directory);
  try {
    const alone = Math.min(leaves, ALONE_AT_MOST);
    const bareStore = await openSqliteStore({ directory: bare });
    const aloneSeconds = await appendAll(bareStore.writer, factsOf(`${seed} alone`), alone, CALLS);
    await bareStore.close();
    const grown = await grow(place, leaves, seed);
    const start = {
      directory: place.directory,
      checkpoints: place.outside,
      hubKey: BENCH_KEY.toString('hex'),
    };
    const verified = await verifyProcess({ ...start, kind: 'verify' });
    const raw = await verifyProcess({ ...start, kind: 'raw' });
    const figure = { unit: 'leaves/s', better: 'more' } as const;
    return {
      figures: [
        {
          ...figure,
          what: 'facts appended, trees following',
          hub: leaves / grown.seconds,
          raw: alone / aloneSeconds,
          note: `${leaves} leaves, the last covered ${Math.round(grown.lastMs)} ms after it was durable; raw: the store alone`,
        },
        {
          ...figure,
          what: 'leaves verified',
          hub: verified.leaves / verified.seconds,
          raw: raw.leaves / raw.seconds,
          note: `${verified.leaves} in ${verified.seconds.toFixed(1)} s${memory(verified)}; raw ${raw.seconds.toFixed(1)} s${memory(raw)}`,
        },
      ],
      behind: grown.behind,
    };
  } finally {
    for (const directory of [bare, ...Object.values(place)]) await rm(directory, { recursive: true, force: true });
  }
}

const memory = ({ mostMiB }: VerifyAnswer): string =>
  mostMiB === undefined ? '' : `, at most ${Math.round(mostMiB)} MiB`;

interface Grown {
  /** Until the last fact was durable. */
  readonly seconds: number;
  /** From then until a checkpoint covered it. */
  readonly lastMs: number;
  readonly behind: TreeBehind;
}

async function grow(place: LogTreesOptions, leaves: number, seed: string): Promise<Grown> {
  const store = await openSqliteStore({ directory: place.directory });
  const access = await openAccessLog({ directory: place.directory });
  await writeFile(join(place.directory, 'hub.key'), `${BENCH_KEY.toString('hex')}\n`, { mode: 0o600 });
  const trees = await openLogTrees(place);
  try {
    const fast = watch(trees, store.writer);
    const seconds = await appendAll(fast.writer, factsOf(`${seed} leaves`), leaves, CALLS);
    const durable = performance.now();
    await trees.covered('facts', leaves, COVERED_WITHIN_MS);
    const lastMs = performance.now() - durable;
    const fastMs = fast.stop();
    const slow = watch(trees, store.writer);
    const reached = await appendSteadily(slow.writer, factsOf(`${seed} steady`));
    await trees.covered('facts', leaves + STEADY_RATE * STEADY_SECONDS, COVERED_WITHIN_MS);
    const behind = { fast: fastMs, steady: slow.stop(), rate: { wanted: STEADY_RATE, reached } };
    return { seconds, lastMs, behind };
  } finally {
    await trees.close();
    await access.close();
    await store.close();
  }
}

/** A writer whose calls are noted when they are answered, and a look at the tree's newest checkpoint every so often. */
function watch(trees: LogTrees, writer: FactsWriter): { writer: FactsWriter; stop(): number } {
  const lag = new Lag();
  const look = (): void => lag.covers(trees.checkpoint('facts')?.size ?? 0, performance.now());
  const timer = setInterval(look, LOOK_EVERY_MS);
  const noted: FactsWriter = {
    append: (facts, expected, lane) => writer.append(facts, expected, lane),
    appendEach: async (facts, lane) => {
      const results = await writer.appendEach(facts, lane);
      lag.appended(Number(results.at(-1)?.position) + 1, performance.now());
      return results;
    },
    writable: () => writer.writable(),
    close: () => writer.close(),
  };
  return {
    writer: noted,
    stop: () => {
      clearInterval(timer);
      look();
      return lag.greatest;
    },
  };
}

/** Calls at a steady rate, whether or not earlier ones were answered; facts a second that it came to. */
async function appendSteadily(writer: FactsWriter, facts: FactsOf): Promise<number> {
  const { callers, factsOfCall } = CALLS;
  const count = STEADY_RATE * STEADY_SECONDS;
  const began = performance.now();
  const answered: Promise<unknown>[] = [];
  for (let from = 0; from < count; from += factsOfCall) {
    const early = began + (from * 1_000) / STEADY_RATE - performance.now();
    if (early > 0) await pause(early);
    answered.push(writer.appendEach(facts(from, from + factsOfCall), `caller-${answered.length % callers}`));
  }
  await Promise.all(answered);
  return (count * 1_000) / (performance.now() - began);
}

/** For people: how far the tree was behind. */
export const behindLine = ({ fast, steady, rate }: TreeBehind): string =>
  `tree behind its log: at most ${Math.round(steady)} ms at ${Math.round(rate.reached)} facts/s (${rate.wanted} wanted), ` +
  `${Math.round(fast)} ms as fast as facts were taken`;
