import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOGS, openAccessLog, openLogTrees, type AccessLog, type LogTrees } from '#audit';
import { verifyDirectory } from '#audit/verify';
import { openSqliteStore, type Store } from '#event-store';
import { Problem, sha256, type Position, type Sha256 } from '#kernel';
import { openReadModels } from '#read-models';
import { POLICE } from '../hub/people.ts';

/** Something that a client was given at a moment of the monotonic clock, in nanoseconds. */
interface Given {
  readonly at: number;
}
/** An event that was acknowledged. */
export interface Acknowledged extends Given {
  /** Its canonical bytes as they were sent. */
  readonly sent: string;
  readonly position: string;
}
/** All that a hub promised to its clients, each when the client had it. */
export interface Promised {
  readonly acknowledged: Acknowledged[];
  readonly held: (Given & { readonly quarantineId: string })[];
  readonly answered: (Given & { readonly disclosureId: string })[];
  readonly checkpoints: (Given & { readonly note: string })[];
}
export const nothingPromised = (): Promised => ({ acknowledged: [], held: [], answered: [], checkpoints: [] });

/** What had been promised before a moment. */
export function promisedBefore(all: Promised, moment: number): Promised {
  const before = <T extends Given>(given: readonly T[]): T[] => given.filter(({ at }) => at < moment);
  return {
    acknowledged: before(all.acknowledged),
    held: before(all.held),
    answered: before(all.answered),
    checkpoints: before(all.checkpoints),
  };
}

const WITHIN_MS = 60_000;
const RECORDS = 10_000;

/**
 * Opens the files in `directory` as a hub does at start, lets trees and models catch up, closes them, and has them
 * verified: what of the promises is not kept, a line each. Nothing is expected of a place for which there was no promise.
 */
export async function brokenPromises(directory: string, promised: Promised): Promise<readonly string[]> {
  const broken: string[] = [];
  try {
    const logs = await openLogs(directory);
    const { store, access, trees } = logs;
    try {
      await caughtUp(store, access.head(), trees);
      await modelsCaughtUp(directory, store);
      broken.push(...(await lostFacts(store, promised)), ...(await lostArtefacts(store)));
      const records = new Set((await access.entries({ limit: RECORDS })).map(({ id }) => id));
      const lost = promised.answered.filter(({ disclosureId }) => !records.has(disclosureId)).length;
      if (lost > 0) broken.push(`${lost} answers without an access record`);
    } finally {
      await logs.close();
    }
  } catch (error) {
    return [...broken, `does not start: ${error instanceof Problem ? error.code : String(error)}`];
  }
  const given = promised.checkpoints.map(({ note }) => note);
  const { findings } = verifyDirectory(directory, { checkpoints: join(directory, 'outside'), given });
  const told = new Set(findings.map(({ of, code }) => `${of} ${code}`));
  return [...broken, ...[...told].map((finding) => `verify: ${finding}`), ...keyFaults(directory)];
}

interface Logs {
  readonly store: Store;
  readonly access: AccessLog;
  readonly trees: LogTrees;
  close(): Promise<void>;
}
/** In the order in which the hub opens them. */
async function openLogs(directory: string): Promise<Logs> {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.unshift(part);
    return part;
  };
  const close = async (): Promise<void> => {
    for (const part of opened) await part.close();
  };
  try {
    const store = keep(await openSqliteStore({ directory }));
    const access = keep(await openAccessLog({ directory }));
    const trees = keep(await openLogTrees({ directory, outside: join(directory, 'outside') }));
    return { store, access, trees, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function caughtUp(store: Store, newest: number | 'empty', trees: LogTrees): Promise<void> {
  const head = await store.reader.head();
  const sizes = { facts: head === 'empty' ? 0 : Number(head) + 1, access: newest === 'empty' ? 0 : newest + 1 };
  for (const log of LOGS) if (sizes[log] > 0) await trees.covered(log, sizes[log], WITHIN_MS);
}

async function modelsCaughtUp(directory: string, store: Store): Promise<void> {
  const models = await openReadModels({ directory });
  try {
    const head = await store.reader.head();
    if (head === 'empty') return;
    const late = pause(WITHIN_MS, 'late', { ref: false });
    if ((await Promise.race([models.caughtUp(head), late])) === 'late') throw new Error('the models do not catch up');
  } finally {
    await models.close();
  }
}

async function lostFacts({ reader, held }: Store, promised: Promised): Promise<readonly string[]> {
  const broken: string[] = [];
  let [lost, other] = [0, 0];
  for (const { sent, position } of promised.acknowledged) {
    const fact = await reader.at(position as Position);
    if (fact === undefined) lost++;
    else if (sha256(fact.stored) !== sha256(sent)) other++;
  }
  if (lost > 0) broken.push(`${lost} acknowledged events lost`);
  if (other > 0) broken.push(`${other} acknowledged positions hold another event`);
  const ids = new Set<string>();
  let doubled = 0;
  for await (const facts of reader.readAll('start'))
    for (const { source, id } of facts) {
      if (ids.has(`${source} ${id}`)) doubled++;
      ids.add(`${source} ${id}`);
    }
  if (doubled > 0) broken.push(`${doubled} events stored twice`);
  let gone = 0;
  for (const { quarantineId } of promised.held) if ((await held.get(POLICE, quarantineId)) === undefined) gone++;
  if (gone > 0) broken.push(`${gone} held events lost`);
  return broken;
}

/** Every digest in a fact of the hub's own names an artefact. */
async function lostArtefacts({ reader, artefacts }: Store): Promise<readonly string[]> {
  const named = new Set<Sha256>();
  for await (const facts of reader.readOwn('start'))
    for (const { stored } of facts)
      JSON.parse(Buffer.from(stored).toString('utf8'), (key, value: unknown) => {
        if (key === 'digest') named.add(value as Sha256);
        return value;
      });
  let lost = 0;
  for (const digest of named) if ((await artefacts.get(digest)) === undefined) lost++;
  return lost === 0 ? [] : [`${lost} artefacts lost that facts name`];
}

/** The hub refuses to start on a key that is there and is none. */
function keyFaults(directory: string): readonly string[] {
  try {
    return /^[0-9a-f]{64}\n$/.test(readFileSync(join(directory, 'hub.key'), 'utf8')) ? [] : ['hub.key is torn'];
  } catch {
    return [];
  }
}
