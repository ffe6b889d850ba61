import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../measure/seeded-random.ts';
import { cutRecording } from './cut-recording.ts';
import type { FaultReport, FaultRun } from './fault-report.ts';
import { brokenPromises } from './promises.ts';
import { recordedHub, type RecordedHub } from './recorded-hub.ts';
import { spell, type Spell, type SpellReport } from './spells.ts';

export interface Spells extends FaultRun {
  readonly name: string;
  /** Taken in turn, again and again. */
  readonly spells: readonly Spell[];
  readonly count: number;
  /** Power cuts drawn from the time of each spell. */
  readonly cutsEach: number;
}

const SPELLS_A_RECORDING = 8;
const WHOLE_HUB_EVERY = 12;

/**
 * One hub under load goes through spells of a faulty host; then its files are held against its promises as they are, and as
 * power cuts in the midst of the spells could have left them.
 */
export async function throughSpells(wanted: Spells): Promise<FaultReport> {
  const lines: string[] = [];
  let sound = true;
  for (let from = 0; from < wanted.count; from += SPELLS_A_RECORDING) {
    const outcome = await oneRecording(wanted, from, Math.min(wanted.count, from + SPELLS_A_RECORDING));
    lines.push(...outcome.lines);
    sound &&= outcome.sound;
  }
  return { lines, sound };
}

async function oneRecording(wanted: Spells, first: number, end: number): Promise<FaultReport> {
  const { name, spells, cutsEach, seed, progress } = wanted;
  const recorded = await recordedHub(`${name} ${seed} ${first}`);
  try {
    const reports: SpellReport[] = [];
    for (let n = first; n < end; n++) {
      const report = await spell(recorded, `${name} ${seed} ${n}`, spells[n % spells.length] as Spell);
      reports.push(report);
      progress(`${name} ${n + 1} of ${wanted.count}: ${report.what}`);
    }
    await recorded.hub.stop();
    const kept = await brokenAsTheyAre(recorded);
    const broken = [...reports.flatMap((report) => report.broken), ...kept.map((one) => `at the end: ${one}`)];
    const lines = reports.map((report) => `${report.what}: ${report.faults} faults; answers ${answersOf(report)}`);
    if (cutsEach > 0) {
      const random = seededRandom(seed * 1_000 + first);
      const moments = reports.flatMap((report) => momentsIn(recorded, report, cutsEach, random));
      const cuts = await cutRecording(recorded, { moments, random, wholeHubEvery: WHOLE_HUB_EVERY });
      lines.push(
        `power cuts in the midst of these: ${moments.length}; after which a promise was broken: ${cuts.broken.length}`,
      );
      broken.push(...cuts.broken);
    }
    return { lines: [...lines, ...broken].map((line) => `${name}: ${line}`), sound: broken.length === 0 };
  } finally {
    await recorded.remove();
  }
}

/** Looked at in a copy: to open files changes them. */
async function brokenAsTheyAre({ hub, promised }: RecordedHub): Promise<readonly string[]> {
  const copy = await mkdtemp(join(tmpdir(), 'svd-as-it-is-'));
  try {
    await cp(hub.directory, copy, { recursive: true });
    return await brokenPromises(copy, promised);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function momentsIn(
  { host }: RecordedHub,
  { from, until }: SpellReport,
  count: number,
  random: () => number,
): readonly number[] {
  const within = host.trace().flatMap(({ started }, n) => (started >= from && started <= until && n > 0 ? [n] : []));
  return Array.from({ length: count }, () => within[Math.floor(random() * within.length)] ?? 1);
}

const answersOf = ({ answers }: SpellReport): string =>
  [...answers]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status === 0 ? 'streams cut short' : status} ${count}`)
    .join(', ');
