import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type KeyedFact, type Placed } from '#event-store';
import { HubKeys } from '#hub';
import { canonicalJson, eventType, HUB_SOURCE, sha256, streamName } from '#kernel';
import { eventStoreDbUnderTest, type EventStoreDbUnderTest } from '../../../infra/engines/eventstoredb/engine.ts';
import { hubKeyBeside, openSide, readSideName, type Side, type SideName } from './migrate-sides.ts';
import { moveFacts, sameLog } from './move-facts.ts';

const FACTS = 2_600;
let engine: EventStoreDbUnderTest;
const directories: string[] = [];
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'svd-migrate-'));
  directories.push(directory);
  return directory;
};
const master = randomBytes(32);
const keys = new HubKeys(master);
const fact = (no: number): Placed => {
  const source = no % 100 === 0 ? HUB_SOURCE : 'urn:svd:agency:northshire-police';
  const stored = Buffer.from(canonicalJson({ data: { no }, id: `id-${no}`, source }));
  const metadata = { agency: 'northshire-police', way: 'P' };
  const type = eventType('uk.svd.police.incident-recorded.v1');
  const repeatKey = keys.repeatKey(sha256(stored));
  return { stream: streamName(`feed:${no % 7}`), fact: { source, id: `id-${no}`, type, repeatKey, stored, metadata } };
};
const facts = Array.from({ length: FACTS }, (_, no) => fact(no));

/** A data directory with its key and {@link FACTS} facts. */
async function filled(): Promise<string> {
  const directory = newDirectory();
  writeFileSync(join(directory, 'hub.key'), master.toString('hex'), { mode: 0o600 });
  const store = await openSqliteStore({ directory });
  await store.writer.appendEach(facts, 'lane');
  await store.close();
  return directory;
}
const sqlite = (directory: string): SideName => ({ kind: 'sqlite', directory });
const dumped = async (side: Side): Promise<KeyedFact[]> => {
  const all: KeyedFact[] = [];
  for await (const batch of side.dump()) all.push(...batch);
  return all;
};
async function* cutAfter(side: Side, count: number): AsyncGenerator<readonly KeyedFact[]> {
  let left = count;
  for await (const batch of side.dump()) {
    yield batch.slice(0, left);
    left -= batch.length;
    if (left <= 0) throw new Error('cut');
  }
}

describe('a facts log that moves to an event store and back', () => {
  const opened: Side[] = [];
  const open = async (name: SideName, role: 'from' | 'to', stream = '', hubKey?: string): Promise<Side> => {
    const side = await openSide(name, role, stream, hubKey);
    opened.push(side);
    return side;
  };
  const eventStore = (): SideName => ({ kind: 'eventstoredb', connection: engine.connection });
  beforeAll(async () => {
    engine = await eventStoreDbUnderTest();
  });
  afterEach(async () => {
    for (const side of opened.splice(0)) await side.close();
  });
  afterAll(async () => {
    await engine.stop();
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });

  it('keeps positions, leaves, root and keys, so that a repeat is still a repeat', async () => {
    const [from, back, stream] = [await filled(), newDirectory(), `move-${randomUUID()}`];
    const hubKey = hubKeyBeside(eventStore(), sqlite(from));
    expect(hubKey).toBe(join(from, 'hub.key'));
    const source = await open(sqlite(from), 'from');
    const there = await open(eventStore(), 'to', stream, hubKey);
    const target = await open(sqlite(back), 'to');
    const moved = await moveFacts(source, there);
    const returned = await moveFacts(there, target);
    expect(moved.from).toMatchObject({ facts: FACTS, head: String(FACTS - 1) });
    expect([moved, returned].map(sameLog)).toEqual([true, true]);
    expect(returned.to).toEqual(moved.from);
    const [before, after] = [await dumped(source), await dumped(target)];
    expect(after).toEqual(before);

    for (const side of opened.splice(0)) await side.close();
    const store = await openSqliteStore({ directory: back });
    const again = await store.writer.appendEach([fact(17), fact(FACTS)], 'lane');
    expect(again).toMatchObject([
      { status: 'repeated', position: '17', recordedTime: before[17]?.recordedTime },
      { status: 'accepted', position: String(FACTS) },
    ]);
    await store.close();
  });

  it('goes on where it was cut', async () => {
    const [from, stream] = [await filled(), `move-${randomUUID()}`];
    const hubKey = hubKeyBeside(sqlite(from));
    const source = await open(sqlite(from), 'from');
    const there = await open(eventStore(), 'to', stream, hubKey);
    for (const count of [700, 1_900]) await expect(there.load(cutAfter(source, count))).rejects.toThrow('cut');
    expect(await dumped(there)).toHaveLength(1_900);
    await there.close();
    const again = await open(eventStore(), 'to', stream, hubKey);
    expect(sameLog(await moveFacts(source, again))).toBe(true);
    expect(await again.load(source.dump())).toBe(String(FACTS - 1));
  });

  it('refuses what would not be the same log', async () => {
    const [from, other, stream] = [await filled(), newDirectory(), `move-${randomUUID()}`];
    const source = await open(sqlite(from), 'from');
    writeFileSync(join(other, 'hub.key'), randomBytes(32).toString('hex'), { mode: 0o600 });
    const wrongKey = await open(eventStore(), 'to', stream, hubKeyBeside(sqlite(other)));
    await expect(wrongKey.load(source.dump())).rejects.toMatchObject({ code: 'repeat-key-differs', index: 0 });

    const there = await open(eventStore(), 'to', stream, hubKeyBeside(sqlite(from)));
    const [first, second] = await dumped(source);
    const forgotten = [first, { ...second, repeatKey: 'forgotten' }] as KeyedFact[];
    async function* erased(): AsyncGenerator<readonly KeyedFact[]> {
      yield forgotten;
    }
    await expect(there.load(erased())).rejects.toMatchObject({ code: 'forgotten-not-supported', index: 1 });
    expect(await dumped(there)).toEqual([]);

    const strange = await open(sqlite(other), 'to');
    async function* another(): AsyncGenerator<readonly KeyedFact[]> {
      yield [{ ...first, id: 'id-another' } as KeyedFact];
    }
    await strange.load(another());
    await expect(moveFacts(source, strange)).rejects.toMatchObject({ code: 'log-not-empty', index: 0 });
  });

  it('needs a side that is free, a log to begin with, and the hub’s own key', async () => {
    const directory = await filled();
    const store = await openSqliteStore({ directory });
    await expect(open(sqlite(directory), 'from')).rejects.toMatchObject({ code: 'store-in-use' });
    await store.close();
    await expect(open(sqlite(newDirectory()), 'from')).rejects.toMatchObject({ code: 'store-missing' });
    const key = hubKeyBeside(sqlite(directory));
    const nobodys = open(eventStore(), 'from', `move-${randomUUID()}`, key);
    await expect(nobodys).rejects.toMatchObject({ code: 'store-missing' });
    const missing = { code: 'hub-key-missing' };
    await expect(open(eventStore(), 'to', 'svd-facts')).rejects.toMatchObject(missing);
    await expect(open(eventStore(), 'to', 'svd-facts', join(newDirectory(), 'hub.key'))).rejects.toMatchObject(missing);
  });

  it('takes sides by their names', () => {
    expect(readSideName('sqlite:.hub/data')).toEqual(sqlite('.hub/data'));
    for (const connection of ['esdb://node-1:2113?tls=true', 'esdb+discover://user:word@cluster:2113']) {
      expect(readSideName(connection)).toEqual({ kind: 'eventstoredb', connection });
    }
    for (const text of ['', 'sqlite:', '.hub/data', 'postgres://host', 'esdb://'])
      expect(readSideName(text)).toBeUndefined();
  });
});
