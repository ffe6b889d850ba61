import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '#kernel';
import { POLICE } from '../hub/people.ts';
import { seededRandom } from '../measure/seeded-random.ts';
import { cutRecording, type CutResults } from './cut-recording.ts';
import type { FaultReport, FaultRun } from './fault-report.ts';
import { pushStream, recordedHub, work, type Load, type RecordedHub } from './recorded-hub.ts';

export interface PowerCuts extends FaultRun {
  readonly cuts: number;
  readonly load?: Load;
}

const CUTS_A_RECORDING = 50;
/** Enough commits that the facts' WAL is folded into its file and begun anew; the others are when the hub stops. */
const LOAD: Load = { events: 1_000, questions: 300 };
const WHOLE_HUB_EVERY = 10;

/**
 * Simulated power cuts of the built hub. What it does to its files is recorded while events are pushed in every way and
 * questions asked, through one SIGKILL and a restart; then the power is cut at moments of that recording, drawn from the
 * hub's first file on (`cut-recording.ts`, `cached-disk.ts`).
 */
export async function powerCuts({ cuts, seed, progress, load = LOAD }: PowerCuts): Promise<FaultReport> {
  const recordings = Math.ceil(cuts / CUTS_A_RECORDING);
  const results: CutResults[] = [];
  for (let n = 0; n < recordings; n++) {
    const share = Math.floor((cuts * (n + 1)) / recordings) - Math.floor((cuts * n) / recordings);
    const result = await recordAndCut({ cuts: share, seed: seed * 1_000 + n, load });
    results.push(result);
    progress(`recording ${n + 1} of ${recordings}: ${share} power cuts, ${result.broken.length} broke a promise`);
  }
  return toldOf(cuts, results);
}

async function recordAndCut({ cuts, seed, load }: Required<Omit<PowerCuts, 'progress'>>): Promise<CutResults> {
  const random = seededRandom(seed);
  const recorded = await recordedHub(`power ${seed}`);
  try {
    await record(recorded, seed, load);
    const { length } = recorded.host.trace();
    const moments = Array.from({ length: cuts }, () => 1 + Math.floor(random() * (length - 1)));
    const results = await cutRecording(recorded, { moments, random, wholeHubEvery: WHOLE_HUB_EVERY });
    return { ...results, broken: results.broken.map((one) => `seed ${seed}, ${one}`) };
  } finally {
    await recorded.remove();
  }
}

const LONGEST_BEFORE_KILL_MS = 1_500;

/** Two lives: the first killed in the midst of its work, the second told everything again, and stopped. */
async function record(recorded: RecordedHub, seed: number, load: Load): Promise<void> {
  const { hub, host, promised } = recorded;
  const working = work(recorded, `power ${seed}`, load).catch((error: unknown) => {
    if (!isKilled(error)) throw error;
  });
  await Promise.race([pause(seededRandom(seed)() * LONGEST_BEFORE_KILL_MS), working]);
  await host.halt();
  await hub.kill();
  await working;
  host.set({});
  await hub.start();
  const known = promised.acknowledged.map(({ sent }) => sent);
  await pushStream(hub.as(POLICE, 'publisher'), known, promised);
  await work(recorded, `power ${seed}`, load);
  await hub.stop();
}

const CUT_SHORT = ['hub-unreachable', 'push-incomplete'];
const isKilled = (error: unknown): boolean => error instanceof Problem && CUT_SHORT.includes(error.code);

function toldOf(cuts: number, results: readonly CutResults[]): FaultReport {
  const sum = (of: (result: CutResults) => number): number => results.reduce((total, result) => total + of(result), 0);
  const times = (of: (result: CutResults) => readonly number[]): string => {
    const all = results.flatMap(of);
    return all.length === 0
      ? 'none'
      : `${all.length}, ${Math.round(all.reduce((a, b) => a + b, 0) / all.length)} ms each`;
  };
  const broken = results.flatMap((result) => result.broken);
  const [unsynced, acknowledged] = [sum((result) => result.withUnsynced), sum((result) => result.acknowledged)];
  // cuts that could take nothing away, or with nothing promised before them, show nothing
  const shown = unsynced > 0 && acknowledged > 0;
  const lines = [
    `power cuts ${cuts} over ${results.length} recordings of ${sum(({ entries }) => entries)} writes, syncs and names; ` +
      `with something unsynced of what promises rest on: ${unsynced}`,
    `opened in process: ${times(({ inProcess }) => inProcess)}; by a whole hub: ${times(({ wholeHub }) => wholeHub)}`,
    `acknowledged before the cuts ${acknowledged}, answered ${sum(({ answered }) => answered)}; ` +
      `cuts after which a promise was broken: ${broken.length}`,
    ...broken,
    ...(shown ? [] : ['nothing was at stake at these moments: nothing was shown']),
  ];
  return { lines, sound: shown && broken.length === 0 };
}
