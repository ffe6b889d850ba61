import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { HUB_SOURCE, position, Problem } from '#kernel';
import {
  engineIsOurs,
  eventStoreDbUnderTest,
  type EventStoreDbUnderTest,
} from '../../../../infra/engines/eventstoredb/engine.ts';
import type { StoredFact } from '../ports.ts';
import { describeFactsContract } from '../testing/facts-contract.ts';
import {
  AGENCY_SOURCE,
  collect,
  FEED,
  manyPlaced,
  placed,
  readEverything,
  type SetClock,
} from '../testing/sample-facts.ts';
import { describeSubscriptionContract } from '../testing/subscription-contract.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { openEventStoreDb, type EventStoreDb, type EventStoreDbOptions } from './eventstoredb-store.ts';
import { sampleRepeatKeyOf } from './testing/sample-repeat-keys.ts';

const newDirectory = temporaryDirectories();
const credentials = { username: 'admin', password: 'changeit' };
const ofOurs = engineIsOurs() ? it : it.skip;
let engine: EventStoreDbUnderTest;
beforeAll(async () => {
  engine = await eventStoreDbUnderTest();
});
afterAll(() => engine.stop());

const newStream = (): string => `svd-facts-${randomUUID()}`;
const openOn = (stream: string, over: Partial<EventStoreDbOptions> = {}): Promise<EventStoreDb> =>
  openEventStoreDb({
    connection: engine.connection,
    stream,
    repeatKeyOf: sampleRepeatKeyOf,
    deadlineMs: 2_000,
    ...over,
  });

for (const [name, over] of [
  ['eventstoredb', () => ({})],
  ['eventstoredb, with credentials and an index in a file', () => ({ credentials, directory: newDirectory() })],
] as const) {
  const open = (clock: SetClock) => openOn(newStream(), { clock, ...over() });
  describeFactsContract(name, open);
  describeSubscriptionContract(name, open);
}
describeSubscriptionContract('eventstoredb, of what another process writes', async () => {
  const stream = newStream();
  const [writing, reading] = [await openOn(stream), await openOn(stream)];
  const close = async (): Promise<void> => {
    await writing.close();
    await reading.close();
  };
  return { writer: writing.writer, reader: reading.reader, close };
});

describe('facts on one stream', () => {
  const opened: EventStoreDb[] = [];
  const open = async (stream: string, over: Partial<EventStoreDbOptions> = {}): Promise<EventStoreDb> => {
    const store = await openOn(stream, over);
    opened.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  const expectGapless = (facts: readonly StoredFact[]): void => {
    expect(facts.map(({ position: at }) => at)).toEqual(facts.map((_, index) => String(index)));
    const revisions = new Map<string, number>();
    for (const { stream, revision } of facts) {
      expect(revision).toBe((revisions.get(stream) ?? -1) + 1);
      revisions.set(stream, revision);
    }
    expect(new Set(facts.map(({ source, id }) => `${source} ${id}`)).size).toBe(facts.length);
  };
  const raw = async <T>(use: (client: EventStoreDBClient) => Promise<T>): Promise<T> => {
    const client = EventStoreDBClient.connectionString(engine.connection);
    try {
      return await use(client);
    } finally {
      await client.dispose();
    }
  };

  it('come from several writers without a gap or a double', async () => {
    const stream = newStream();
    const writers = [await open(stream), await open(stream, { credentials }), await open(stream)];
    const sent = writers.flatMap(({ writer }, no) =>
      Array.from({ length: 12 }, (_, call) => {
        const facts = [...manyPlaced(25, `w-${no}-${call}`), placed(`shared-${call}`)];
        return call % 3 === 0
          ? writer.append(facts).then((appended) => (appended.outcome === 'appended' ? appended.results : []))
          : writer.appendEach(facts, `lane-${call % 2}`);
      }),
    );
    const results = (await Promise.all(sent)).flat();
    expect(results).toHaveLength(3 * 12 * 26);
    expect(results.filter(({ status }) => status === 'repeated')).toHaveLength(2 * 12);
    const facts = await readEverything((writers[0] as EventStoreDb).reader);
    expectGapless(facts);
    expect(facts).toHaveLength(3 * 12 * 25 + 12);
    for (const { reader } of writers) {
      expect(await reader.head()).toBe(String(facts.length - 1));
      expect((await reader.find(AGENCY_SOURCE, 'shared-3'))?.position).toBe(
        facts.find(({ id }) => id === 'shared-3')?.position,
      );
      expect(await collect(reader.readStream(FEED))).toEqual(facts);
    }
  });

  it('let one of several writers win an expected revision', async () => {
    const stream = newStream();
    const writers = [await open(stream), await open(stream), await open(stream)];
    for (let round = 0; round < 5; round++) {
      const expected = new Map([[FEED, round === 0 ? ('no-stream' as const) : { revision: round - 1 }]]);
      const outcomes = await Promise.all(
        writers.map(({ writer }, no) => writer.append([placed(`${round}-${no}`)], expected)),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      for (const outcome of outcomes.filter(({ outcome }) => outcome !== 'appended')) {
        expect(outcome).toEqual({ outcome: 'conflict', stream: FEED, actual: round });
      }
    }
  });

  it('keep their logical streams and the hub’s own in order, however scattered', async () => {
    const { writer, reader } = await open(newStream());
    const OTHER = `${FEED}-other` as typeof FEED;
    for (let i = 0; i < 6; i++) {
      await writer.appendEach(
        [...manyPlaced(150, `many-${i}`), placed(`rare-${i}`, { source: HUB_SOURCE }, OTHER)],
        'lane',
      );
    }
    const rare = Array.from({ length: 6 }, (_, i) => `rare-${i}`);
    expect((await collect(reader.readStream(OTHER))).map(({ id }) => id)).toEqual(rare);
    expect((await collect(reader.readOwn('start'))).map(({ id }) => id)).toEqual(rare);
    expect((await collect(reader.readStream(FEED, 100))).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 800 }, (_, i) => 100 + i),
    );
  });

  it('are found by an index that was kept, thrown away, or made from another log', async () => {
    const [stream, directory] = [newStream(), newDirectory()];
    const first = await open(stream, { directory });
    await first.writer.append(manyPlaced(500, 'a'));
    await first.close();
    const elsewhere = await open(stream);
    await elsewhere.writer.append(manyPlaced(300, 'b'));
    const answers = async (over: Partial<EventStoreDbOptions>): Promise<void> => {
      const store = await openOn(stream, over);
      expect(
        await store.writer.appendEach([placed('a-7'), placed('b-299'), placed('a-8', { form: 'second' })], 'lane'),
      ).toMatchObject([
        { status: 'repeated', position: '7' },
        { status: 'repeated', position: '799' },
        { status: 'id-reused', position: '8' },
      ]);
      expect(await collect(store.reader.readStream(FEED))).toHaveLength(800);
      await store.close();
    };
    await answers({ directory });
    await answers({});
    const other = await openOn(newStream(), { directory });
    expect(await other.reader.find(AGENCY_SOURCE, 'a-7')).toBeUndefined();
    await other.writer.append(manyPlaced(900, 'c'));
    await other.close();
    await answers({ directory });
    // of this stream by its name, but of a log that was longer, or that was another
    for (const spoil of [
      'UPDATE progress SET next = next + 9',
      `UPDATE progress SET nonce = x'00000000000000000000000000000000'`,
    ]) {
      const db = new DatabaseSync(join(directory, 'facts-index.db'));
      db.exec(`${spoil}; DELETE FROM identities`);
      db.close();
      await answers({ directory });
    }
  });

  it('stop at what is no fact, and tell nothing but where', async () => {
    const stream = newStream();
    const { writer, reader } = await open(stream);
    await writer.append([placed('a')]);
    await raw((client) => client.appendToStream(stream, jsonEvent({ type: 'foreign', data: { secret: 1 } })));
    const damaged = { code: 'store-damaged', index: 1, message: 'store-damaged' };
    await expect(writer.append([placed('b')])).rejects.toMatchObject(damaged);
    await expect(readEverything(reader)).rejects.toMatchObject(damaged);
    await expect(openOn(stream)).rejects.toMatchObject(damaged);
    expect(writer.writable()).toBe(false);
    expect((await reader.at(position(0)))?.id).toBe('a');
  });

  it('are missed where a stream was cut', async () => {
    const stream = newStream();
    const { writer } = await open(stream);
    await writer.append(manyPlaced(5, 'a'));
    await raw((client) => client.setStreamMetadata(stream, { truncateBefore: 2 }));
    await expect(openOn(stream)).rejects.toMatchObject({ code: 'store-damaged', index: 0 });
  });

  it('are missed where a stream was deleted, also when the next append lands behind them', async () => {
    const stream = newStream();
    const event = jsonEvent({ type: 'foreign', data: {} });
    await raw((client) => client.appendToStream(stream, event));
    await raw((client) => client.deleteStream(stream));
    const { writer } = await open(stream);
    const damaged = { code: 'store-damaged', index: 0 };
    await expect(writer.append([placed('a')])).rejects.toMatchObject(damaged);
    await expect(writer.append([placed('b')])).rejects.toMatchObject(damaged);
    expect(writer.writable()).toBe(false);
    await expect(openOn(stream)).rejects.toMatchObject(damaged);
    await raw((client) => client.tombstoneStream(stream));
    await expect(openOn(stream)).rejects.toMatchObject({ code: 'store-damaged' });
  });

  it('fill a call to its bound, and no further', async () => {
    const { writer, reader } = await open(newStream());
    const stored = new Uint8Array(524);
    const full = manyPlaced(1_000, 'full').map(({ stream, fact }) => ({ stream, fact: { ...fact, stored } }));
    expect(await writer.append(full)).toMatchObject({ outcome: 'appended' });
    const over = [...manyPlaced(999, 'over'), placed('wide', { stored: new Uint8Array(60_000) })];
    const wide = over.map(({ stream, fact }) => ({ stream, fact: { ...fact, metadata: { note: 'x'.repeat(1_000) } } }));
    await expect(writer.append(wide)).rejects.toThrow(RangeError);
    expect(await writer.appendEach(wide, 'lane')).toHaveLength(1_000);
    expectGapless(await readEverything(reader));
  });

  ofOurs('wait out a server that answers nothing, and know what became of them', async () => {
    for (const over of [{}, { credentials }]) {
      const { writer, reader } = await open(newStream(), { ...over, deadlineMs: 1_000 });
      const batch = (name: string) =>
        manyPlaced(500, name).map(({ stream, fact }) => ({ stream, fact: { ...fact, stored: new Uint8Array(1_000) } }));
      await writer.append([placed('first')]);
      engine.freeze?.();
      const frozen = ['a', 'b', 'c'].map((name) => writer.append(batch(name)));
      for (const { status } of await Promise.allSettled(frozen)) expect(status).toBe('rejected');
      expect(writer.writable()).toBe(false);
      engine.thaw?.();
      for (const name of ['c', 'b', 'a']) {
        const sent = () => writer.append(batch(name)).catch((error: unknown) => error);
        while ((await sent()) instanceof Problem) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const facts = await readEverything(reader);
      expectGapless(facts);
      expect(facts).toHaveLength(1 + 3 * 500);
    }
  });

  ofOurs('survive a server that is killed while they are appended, each once', async () => {
    const stream = newStream();
    const { writer, reader } = await open(stream);
    const acknowledged = new Map<string, string>();
    let stop = false;
    const followed: string[] = [];
    const abort = new AbortController();
    const following = (async () => {
      for await (const batch of reader.subscribe('start', abort.signal)) {
        if (batch.kind === 'facts') followed.push(...batch.facts.map(({ position: at }) => at));
      }
    })();
    const caller = async (no: number): Promise<void> => {
      for (let call = 0; !stop; call++) {
        const facts = manyPlaced(10, `${no}-${call}`);
        for (let done = false; !done;) {
          try {
            const results =
              no === 0
                ? await writer
                    .append(facts)
                    .then((appended) => (appended.outcome === 'appended' ? appended.results : []))
                : await writer.appendEach(facts, `lane-${no}`);
            for (const [index, { fact }] of facts.entries())
              acknowledged.set(fact.id, results[index]?.position ?? 'none');
            done = true;
          } catch (error) {
            expect(error).toMatchObject({ code: 'store-unavailable' });
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }
      }
    };
    const callers = [0, 1, 2].map(caller);
    for (let kills = 0, enough = 100; kills < 4; kills++) {
      while (acknowledged.size < enough) await new Promise((resolve) => setTimeout(resolve, 5));
      await engine.kill?.();
      // the last one is down for longer than an append waits
      await new Promise((resolve) => setTimeout(resolve, kills === 3 ? 7_000 : 100));
      await engine.restart?.();
      enough = acknowledged.size + 100;
    }
    while (!writer.writable()) await new Promise((resolve) => setTimeout(resolve, 5));
    stop = true;
    await Promise.all(callers);
    const facts = await readEverything(reader);
    expectGapless(facts);
    const at = new Map(facts.map(({ id, position: where }) => [id, where]));
    expect([...acknowledged].filter(([id, where]) => at.get(id) !== where)).toEqual([]);
    while (followed.length < facts.length) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    await following;
    expect(followed).toEqual(facts.map(({ position: where }) => where));
  });
});
