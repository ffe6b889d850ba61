import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Problem } from '#kernel';
import { POLICE } from '../hub/people.ts';
import { CachedDisk, type Files } from './cached-disk.ts';
import { brokenPromises, promisedBefore, type Promised } from './promises.ts';
import { bytesOf, type RecordedHub } from './recorded-hub.ts';
import type { Entry } from './trace.ts';

/** What cuts of one recording, or of several, came to. */
export interface CutResults {
  /** Of the trace. */
  readonly entries: number;
  /** Cuts at which something of a log, the trees or what is held was not synced. */
  readonly withUnsynced: number;
  /** Summed over the cuts: what had been acknowledged by then, and answered. */
  readonly acknowledged: number;
  readonly answered: number;
  /** Milliseconds of each cut: those opened in this process, and those put to a hub of their own. */
  readonly inProcess: readonly number[];
  readonly wholeHub: readonly number[];
  /** What was not kept, and at which cut. */
  readonly broken: readonly string[];
}
export interface Cutting {
  /** Entries of the trace before which the power is cut. */
  readonly moments: readonly number[];
  readonly random: () => number;
  /** Of so many cuts one is put to the whole hub in a process of its own; the others are opened in this one. */
  readonly wholeHubEvery: number;
}

/**
 * Cuts the power at moments of what was recorded of a hub that has stopped: its files are made anew as a disk could hold them
 * then, opened as a hub opens them, and held against everything that a client had been given by that moment. Its own
 * directory is used up.
 * @throws Error when the trace does not give the files that are there: it would prove nothing.
 */
export async function cutRecording(
  recorded: RecordedHub,
  { moments, random, wholeHubEvery }: Cutting,
): Promise<CutResults> {
  const { hub, host, promised } = recorded;
  const place = await mkdtemp(join(tmpdir(), 'svd-power-cut-'));
  try {
    const entries = host.trace();
    await assertWhole(entries, hub.directory);
    const wanted = await readFile(join(hub.directory, WANTED));
    const disk = new CachedDisk();
    let applied = 0;
    const sums = { withUnsynced: 0, acknowledged: 0, answered: 0 };
    const times = { inProcess: [] as number[], wholeHub: [] as number[] };
    const broken: string[] = [];
    for (const [n, moment] of [...moments].sort((a, b) => a - b).entries()) {
      const began = performance.now();
      for (; applied < moment; applied++) disk.apply((entries[applied] as Entry).change);
      const given = promisedBefore(promised, entries[moment]?.started ?? Infinity);
      const whole = n % wholeHubEvery === wholeHubEvery - 1;
      const directory = whole ? hub.directory : join(place, String(n));
      await layDown(directory, disk.afterCut(choices(random)));
      await writeFile(join(directory, WANTED), wanted);
      const found = [...(whole ? await brokenByHub(recorded, given) : []), ...(await brokenPromises(directory, given))];
      if (found.length > 0) broken.push(`cut before entry ${moment}: ${found.join('; ')}`);
      if (!whole) await rm(directory, { recursive: true });
      (whole ? times.wholeHub : times.inProcess).push(performance.now() - began);
      sums.withUnsynced += disk.unsynced().some((path) => PROMISING.test(path)) ? 1 : 0;
      sums.acknowledged += given.acknowledged.length;
      sums.answered += given.answered.length;
    }
    return { entries: entries.length, ...sums, ...times, broken };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Put there before the hub runs, and not by it. */
const WANTED = 'wanted-clients.json';
/** Files that promises rest on: the models can be built anew, the lock holds nothing. */
const PROMISING = /^(?:facts|access|trees|held)\.db/;

/** How much of what was written and not synced is there: all, nothing, or anything between. */
function choices(random: () => number): (count: number) => number {
  const kind = random();
  if (kind < 0.15) return () => 0;
  if (kind < 0.3) return (count) => count - 1;
  const newest = random();
  return (count) => (random() < newest ? count - 1 : Math.floor(random() * count));
}

/** A trace that missed a write would let everything pass: what it says the files are is what they are. */
async function assertWhole(entries: readonly Entry[], directory: string): Promise<void> {
  const disk = new CachedDisk();
  for (const { change } of entries) disk.apply(change);
  const files = disk.now();
  const real = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm') && entry.name !== WANTED)
    .map((entry) => join(entry.parentPath, entry.name));
  const kept = [...files].filter(([, content]) => content !== 'directory').map(([path]) => join(directory, path));
  const odd = [...kept.filter((file) => !real.includes(file)), ...real.filter((file) => !kept.includes(file))];
  if (odd.length > 0) throw new Error(`in the trace or in the directory alone: ${odd.join(', ')}`);
  for (const file of real) {
    const content = files.get(file.slice(directory.length + 1));
    if (content === undefined || content === 'directory' || !content.equals(await readFile(file)))
      throw new Error(`the trace and ${file} differ`);
  }
}

async function layDown(directory: string, files: Files): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const [path, content] of files) {
    const at = join(directory, path);
    await mkdir(content === 'directory' ? at : dirname(at), { recursive: true, mode: 0o700 });
    if (content !== 'directory') await writeFile(at, content, { mode: 0o600 });
  }
}

/** Starts the whole hub, on a host without faults, and sends everything that was acknowledged again. */
async function brokenByHub({ hub }: RecordedHub, given: Promised): Promise<readonly string[]> {
  try {
    await hub.start({});
  } catch (error) {
    return [String(error)];
  }
  try {
    const lines = given.acknowledged.map(({ sent }) => sent);
    if (lines.length === 0) return [];
    let [fresh, moved] = [0, 0];
    const again = hub.as(POLICE, 'publisher').pushNdjson(bytesOf(lines));
    for await (const { line, status, position } of again) {
      if (status !== 'repeated') fresh++;
      else if (position !== given.acknowledged[line - 1]?.position) moved++;
    }
    return [
      ...(fresh > 0 ? [`${fresh} acknowledged events were not repeats`] : []),
      ...(moved > 0 ? [`${moved} repeats have another position`] : []),
    ];
  } catch (error) {
    return [`pushed again: ${error instanceof Problem ? error.code : String(error)}`];
  } finally {
    await hub.stop();
  }
}
