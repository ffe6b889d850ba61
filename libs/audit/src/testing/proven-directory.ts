import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessRecord } from '#contracts';
import { openSqliteStore, type Placed, type Store } from '#event-store';
import { canonicalJson, eventType, streamName, type AgencyId } from '#kernel';
import type { AccessLog } from '../access-log.ts';
import type { LogTrees } from '../log-trees.ts';
import { openAccessLog } from '../sqlite/sqlite-access-log.ts';
import { openLogTrees } from '../trees/open-log-trees.ts';
import { permitted, refused } from './access-contract.ts';

export const HUB_KEY = Buffer.alloc(32, 5);
const REPEAT_KEY = new Uint8Array(hkdfSync('sha256', HUB_KEY, '', 'svd-hub/repeat', 32));
const COVERED_WITHIN_MS = 30_000;

export interface Proven {
  readonly store: Store;
  readonly access: AccessLog;
  readonly trees: LogTrees;
  close(): Promise<void>;
}
export interface Place {
  readonly directory: string;
  readonly outside: string;
}

/** Both logs and their trees on real files, with the hub's key beside them. */
export async function openProven({ directory, outside }: Place): Promise<Proven> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'hub.key'), `${HUB_KEY.toString('hex')}\n`, { mode: 0o600 });
  const store = await openSqliteStore({ directory });
  const access = await openAccessLog({ directory });
  const trees = await openLogTrees({ directory, outside });
  return {
    store,
    access,
    trees,
    close: async () => {
      await trees.close();
      await access.close();
      await store.close();
    },
  };
}

/** A fact as the hub stores one: canonical JSON, with the key that tells a repeat. */
export function provenFact(
  id: string,
  { source = 'urn:svd:agency:county-police', type = 'incident', data = {} } = {},
): Placed {
  const stored = Buffer.from(canonicalJson({ id, source, data }));
  const repeatKey = createHmac('sha256', REPEAT_KEY).update(createHash('sha256').update(stored).digest('hex')).digest();
  const metadata = { agency: 'county-police', basis: 'anonymised' };
  const fact = { source, id, type: eventType(`uk.svd.police.${type}-recorded.v1`), repeatKey, stored, metadata };
  return { stream: streamName(`feed:${type}`), fact };
}

/** The newest checkpoint of the access log as a fact, as the hub writes it. */
export async function anchor({ trees, store }: Proven): Promise<void> {
  const checkpoint = trees.checkpoint('access');
  if (checkpoint === undefined) throw new Error('nothing to anchor');
  const { origin, size, root } = checkpoint;
  const data = { origin, size, root: Buffer.from(root).toString('base64') };
  const placed = provenFact(`access-log.${size}`, { source: 'urn:svd:hub', data });
  const type = eventType('uk.svd.hub.access-log-anchored.v1');
  await store.writer.append([{ stream: streamName('access-log'), fact: { ...placed.fact, type } }]);
}

export const someRecord = (n: number): AccessRecord => {
  const consumer = `county-analysts-${n % 3}` as AgencyId;
  return n % 4 === 0 ? refused(consumer) : permitted(consumer, `agreement-${n % 2}`);
};

/** Appends facts and records, and waits until checkpoints cover them. */
export async function grow(proven: Proven, facts: readonly Placed[], records: readonly AccessRecord[]): Promise<void> {
  await proven.store.writer.appendEach(facts, 'lane');
  for (const record of records) await proven.access.record(record);
  const head = await proven.store.reader.head();
  if (head !== 'empty') await proven.trees.covered('facts', Number(head) + 1, COVERED_WITHIN_MS);
  const newest = proven.access.head();
  if (newest !== 'empty') await proven.trees.covered('access', newest + 1, COVERED_WITHIN_MS);
}
