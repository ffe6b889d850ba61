import { eventType, HUB_SOURCE, position, streamName, type Instant } from '#kernel';
import type { Expected } from '../ports.ts';
import type { Store } from '../store.ts';
import {
  AGENCY_SOURCE,
  collect,
  FEED,
  manyPlaced,
  placed,
  readEverything,
  sampleFact,
  SetClock,
} from './sample-facts.ts';

/** A fresh, empty store that reads its time from `clock`. */
export type OpenStore = (clock: SetClock) => Promise<Store>;
/** What is needed of one where facts alone are in question. */
export type FactsStore = Pick<Store, 'writer' | 'reader' | 'close'>;
export type OpenFacts = (clock: SetClock) => Promise<FactsStore>;

const OTHER = streamName('agency:northshire-police');
const expecting = (expected: Expected, stream = FEED): Map<typeof FEED, Expected> => new Map([[stream, expected]]);
const positions = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => String(from + i));

/** What every adapter of the facts log promises. */
export function describeFactsContract(adapter: string, openStore: OpenFacts): void {
  describe(`facts log: ${adapter}`, () => {
    const clock = new SetClock();
    let store: FactsStore;
    beforeEach(async () => {
      clock.time = '2026-03-01T09:00:00.000Z' as Instant;
      store = await openStore(clock);
    });
    afterEach(() => store.close());

    it('is empty at first', async () => {
      expect(await store.reader.head()).toBe('empty');
      expect(await readEverything(store.reader)).toEqual([]);
      expect(await collect(store.reader.readStream(FEED))).toEqual([]);
      expect(await store.reader.find(AGENCY_SOURCE, 'a')).toBeUndefined();
      expect(await store.reader.at(position(0))).toBeUndefined();
    });

    it('gives back what was sent, byte for byte, with what it added', async () => {
      const fact = sampleFact('Ünïcode 🗺', {
        stored: Uint8Array.from([0, 255, 10, 0]),
        metadata: { way: 'D', agency: 'x' },
      });
      const appended = await store.writer.append([{ stream: FEED, fact }]);
      expect(appended).toEqual({
        outcome: 'appended',
        results: [{ status: 'accepted', position: '0', recordedTime: clock.time }],
      });
      const stored = await store.reader.at(position(0));
      expect({ ...stored, stored: Array.from(stored?.stored ?? []), nonce: undefined }).toEqual({
        position: '0',
        recordedTime: clock.time,
        stream: FEED,
        revision: 0,
        source: fact.source,
        id: fact.id,
        type: fact.type,
        metadata: fact.metadata,
        stored: [0, 255, 10, 0],
        nonce: undefined,
      });
      expect(await store.reader.find(fact.source, fact.id)).toEqual(stored);
      expect(await store.reader.find(`${fact.source}Ü`, 'nïcode 🗺')).toBeUndefined();
    });

    it('gives each fact a nonce of its own', async () => {
      await store.writer.appendEach(manyPlaced(300, 'n'), 'a');
      const facts = await readEverything(store.reader);
      expect(new Set(facts.map(({ nonce }) => Buffer.from(nonce).toString('hex'))).size).toBe(300);
      expect(facts.every(({ nonce }) => nonce.length === 16)).toBe(true);
    });

    it('numbers facts without gaps over streams, and revisions within one', async () => {
      await store.writer.appendEach([placed('a'), placed('b', {}, OTHER), placed('c')], 'lane');
      await store.writer.append([placed('d', {}, OTHER), placed('e')]);
      const facts = await readEverything(store.reader);
      expect(facts.map(({ position: at }) => at)).toEqual(positions(0, 5));
      expect(facts.map(({ stream, revision }) => [stream, revision])).toEqual([
        [FEED, 0],
        [OTHER, 0],
        [FEED, 1],
        [OTHER, 1],
        [FEED, 2],
      ]);
      expect((await collect(store.reader.readStream(FEED, 1))).map(({ id }) => id)).toEqual(['c', 'e']);
      expect(await store.reader.head()).toBe('4');
    });

    it('answers a repeat with the first position and time, and stores nothing', async () => {
      const [first] = await store.writer.appendEach([placed('a')], 'lane');
      clock.time = '2026-03-01T10:00:00.000Z' as Instant;
      const again = await store.writer.appendEach([placed('a'), placed('a', {}, OTHER)], 'lane');
      const repeated = { ...first, status: 'repeated' };
      expect(again).toEqual([repeated, repeated]);
      expect(await store.writer.append([placed('a')])).toEqual({ outcome: 'appended', results: [repeated] });
      expect(await store.reader.head()).toBe('0');
      expect(await collect(store.reader.readStream(OTHER))).toEqual([]);
    });

    it('refuses another form under an id in use, and no other fact of the call', async () => {
      await store.writer.appendEach([placed('a')], 'lane');
      const results = await store.writer.appendEach(
        [placed('b'), placed('a', { form: 'second' }), placed('c')],
        'lane',
      );
      expect(results).toMatchObject([
        { status: 'accepted', position: '1' },
        { status: 'id-reused', position: '0' },
        { status: 'accepted', position: '2' },
      ]);
      expect((await store.reader.find(AGENCY_SOURCE, 'a'))?.stored).toEqual(
        new Uint8Array(Buffer.from(sampleFact('a').stored)),
      );
    });

    it('keeps the same id of two sources apart', async () => {
      const results = await store.writer.appendEach(
        [placed('a'), placed('a', { source: `${AGENCY_SOURCE}:east` })],
        'lane',
      );
      expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    });

    it('lets two facts of one call repeat each other', async () => {
      const each = await store.writer.appendEach([placed('a'), placed('a'), placed('a', { form: 'second' })], 'lane');
      expect(each).toMatchObject([
        { status: 'accepted', position: '0' },
        { status: 'repeated', position: '0' },
        { status: 'id-reused', position: '0' },
      ]);
      const all = await store.writer.append([placed('b'), placed('b')]);
      expect(all).toMatchObject({
        outcome: 'appended',
        results: [
          { status: 'accepted', position: '1' },
          { status: 'repeated', position: '1' },
        ],
      });
      expect(await store.reader.head()).toBe('1');
    });

    it('appends all or nothing', async () => {
      await store.writer.append([placed('a')]);
      const before = await readEverything(store.reader);
      expect(await store.writer.append([placed('b'), placed('a', { form: 'second' }), placed('c')])).toEqual({
        outcome: 'refused',
        index: 1,
        reason: 'id-reused',
      });
      expect(await store.writer.append([placed('b'), placed('b', { form: 'second' })])).toEqual({
        outcome: 'refused',
        index: 1,
        reason: 'id-reused',
      });
      expect(await readEverything(store.reader)).toEqual(before);
      expect(await store.writer.append([placed('b'), placed('a')])).toMatchObject({
        outcome: 'appended',
        results: [
          { status: 'accepted', position: '1' },
          { status: 'repeated', position: '0' },
        ],
      });
      expect((await readEverything(store.reader)).map(({ revision }) => revision)).toEqual([0, 1]);
    });

    it('appends all or nothing in a lane too, in one piece and held to its expectations', async () => {
      const batch = [...manyPlaced(600, 'batch'), placed('a')];
      await store.writer.append([placed('a', { form: 'second' })]);
      expect(await store.writer.append(batch, undefined, 'lane')).toEqual({
        outcome: 'refused',
        index: 600,
        reason: 'id-reused',
      });
      expect(await store.writer.append(manyPlaced(600, 'batch'), expecting('no-stream'), 'lane')).toEqual({
        outcome: 'conflict',
        stream: FEED,
        actual: 0,
      });
      expect(await store.reader.head()).toBe('0');
      const calls = Array.from({ length: 6 }, (_, i) => [
        store.writer.append(manyPlaced(600, `batch-${i}`), undefined, `lane-${i % 2}`),
        store.writer.appendEach(manyPlaced(100, `each-${i}`), `lane-${i % 3}`),
      ]).flat();
      await Promise.all(calls);
      const ids = (await readEverything(store.reader)).map(({ id }) => id);
      expect(ids).toHaveLength(1 + 6 * 700);
      for (let i = 0; i < 6; i++) {
        const from = ids.indexOf(`batch-${i}-0`);
        expect(ids.slice(from, from + 600)).toEqual(Array.from({ length: 600 }, (_, at) => `batch-${i}-${at}`));
      }
      expect(await store.writer.append(manyPlaced(600, 'batch-0'), undefined, 'lane-1')).toMatchObject({
        outcome: 'appended',
        results: Array.from({ length: 600 }, () => ({ status: 'repeated' })),
      });
    });

    it.each<[Expected, Expected]>([
      ['no-stream', 'any'],
      [{ revision: 1 }, 'stream-exists'],
    ])('holds a stream to %j', async (refusedLater, meetsToo) => {
      if (typeof refusedLater === 'object')
        await store.writer.append([placed('x'), placed('y')], expecting('no-stream'));
      expect(await store.writer.append([placed('a')], expecting(refusedLater))).toMatchObject({ outcome: 'appended' });
      const last = (await collect(store.reader.readStream(FEED))).at(-1)?.revision;
      expect(await store.writer.append([placed('b')], expecting(refusedLater))).toEqual({
        outcome: 'conflict',
        stream: FEED,
        actual: last,
      });
      expect(await store.reader.find(AGENCY_SOURCE, 'b')).toBeUndefined();
      expect(await store.writer.append([placed('b')], expecting(meetsToo))).toMatchObject({ outcome: 'appended' });
    });

    it('names a missing stream in a conflict, and checks streams that the call does not write', async () => {
      for (const expected of ['stream-exists', { revision: 0 }] as const) {
        const conflict = { outcome: 'conflict', stream: OTHER, actual: 'no-stream' };
        expect(await store.writer.append([placed('a')], expecting(expected, OTHER))).toEqual(conflict);
        expect(await store.writer.append([placed('a', {}, OTHER)], expecting(expected, OTHER))).toEqual(conflict);
      }
      expect(await store.reader.head()).toBe('empty');
    });

    it('does not look at expectations when every fact is a repeat', async () => {
      await store.writer.append([placed('a')], expecting('no-stream'));
      expect(await store.writer.append([placed('a')], expecting('no-stream'))).toMatchObject({
        outcome: 'appended',
        results: [{ status: 'repeated', position: '0' }],
      });
      expect(await store.writer.append([placed('a'), placed('b')], expecting('no-stream'))).toMatchObject({
        outcome: 'conflict',
      });
    });

    it('lets one of many callers win an expected revision', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.writer.append([placed(`race-${i}`)], expecting('no-stream'))),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(await store.reader.head()).toBe('0');
    });

    it('serves concurrent callers of many lanes without a gap, a loss or a double', async () => {
      const calls = Array.from({ length: 60 }, (_, call) =>
        store.writer.appendEach([...manyPlaced(40, `call-${call}`), placed('shared')], `lane-${call % 7}`),
      );
      const alone = store.writer.append(manyPlaced(500, 'all'));
      const results = (await Promise.all(calls)).flat();
      expect(results.filter(({ status }) => status === 'repeated')).toHaveLength(59);
      expect(await alone).toMatchObject({ outcome: 'appended' });
      const facts = await readEverything(store.reader);
      expect(facts.map(({ position: at }) => at)).toEqual(positions(0, 60 * 40 + 1 + 500));
      expect(facts.map(({ revision }) => revision)).toEqual(facts.map((_, index) => index));
      const at = new Map(facts.map(({ id, position: where }) => [id, where]));
      for (const [call, sent] of (await Promise.all(calls)).entries()) {
        const own = sent.slice(0, 40);
        expect(own.map((_, index) => at.get(`call-${call}-${index}`))).toEqual(own.map((result) => result.position));
      }
    });

    it('never lets recorded time fall', async () => {
      const times = ['09:00:00.000', '08:00:00.000', '09:00:00.001', '07:00:00.000'].map(
        (time) => `2026-03-01T${time}Z`,
      );
      for (const [index, time] of times.entries()) {
        clock.time = time as Instant;
        await store.writer.append([placed(`t-${index}`)]);
      }
      expect((await readEverything(store.reader)).map(({ recordedTime }) => recordedTime)).toEqual([
        times[0],
        times[0],
        times[2],
        times[2],
      ]);
    });

    it('appends 10,000 facts at once and reads them in bounded batches', async () => {
      expect(await store.writer.append(manyPlaced(10_000, 'big'))).toMatchObject({ outcome: 'appended' });
      const batches: string[][] = [];
      for await (const batch of store.reader.readAll('start')) batches.push(batch.map(({ position: at }) => at));
      expect(batches.flat()).toEqual(positions(0, 10_000));
      expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
    });

    it('bounds a batch by bytes too', async () => {
      const stored = new Uint8Array(60_000);
      await store.writer.appendEach(
        manyPlaced(100, 'wide').map(({ stream, fact }) => ({ stream, fact: { ...fact, stored } })),
        'a',
      );
      const sizes: number[] = [];
      for await (const batch of store.reader.readAll('start')) sizes.push(batch.length * 60_000);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(6_000_000);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 1024 * 1024);
    });

    it('reads after and until, both given as positions', async () => {
      await store.writer.append(manyPlaced(10, 'r'));
      const read = async (after: number | 'start', until?: number): Promise<string[]> =>
        (
          await collect(
            store.reader.readAll(
              after === 'start' ? after : position(after),
              until === undefined ? undefined : position(until),
            ),
          )
        ).map(({ position: at }) => at);
      expect(await read('start', 3)).toEqual(positions(0, 4));
      expect(await read(3, 7)).toEqual(positions(4, 4));
      expect(await read(7)).toEqual(positions(8, 2));
      expect(await read(9)).toEqual([]);
      expect(await read(7, 5)).toEqual([]);
    });

    it('reads the hub’s own facts alone', async () => {
      const own = (id: string) =>
        placed(id, { source: HUB_SOURCE, type: eventType('uk.svd.hub.agency-enrolled.v1') }, OTHER);
      await store.writer.append([placed('a'), own('h1'), placed('b'), own('h2'), own('h3'), placed('c')]);
      const ids = async (after: 'start' | number, until?: number) =>
        (
          await collect(
            store.reader.readOwn(
              after === 'start' ? after : position(after),
              until === undefined ? undefined : position(until),
            ),
          )
        ).map(({ id, source }) => `${source} ${id}`);
      expect(await ids('start')).toEqual(['h1', 'h2', 'h3'].map((id) => `${HUB_SOURCE} ${id}`));
      expect(await ids(1, 3)).toEqual([`${HUB_SOURCE} h2`]);
    });

    it('refuses bytes that contracts must not let through', async () => {
      const wrong = [
        placed('a', { stored: new Uint8Array(60_001) }),
        placed('a', { repeatKey: new Uint8Array(31) }),
        placed('\ud800'),
      ];
      for (const fact of wrong) {
        await expect(store.writer.append([fact])).rejects.toThrow(RangeError);
        await expect(store.writer.appendEach([placed('ok'), fact], 'a')).rejects.toThrow(RangeError);
      }
      expect(await store.reader.head()).toBe('empty');
    });

    it('takes an empty call', async () => {
      expect(await store.writer.append([], expecting('stream-exists'))).toEqual({ outcome: 'appended', results: [] });
      expect(await store.writer.appendEach([], 'a')).toEqual([]);
    });

    it('ends a subscription that waits when the store is closed', async () => {
      const following = (async () => {
        for await (const batch of store.reader.subscribe('start', new AbortController().signal)) {
          if (batch.kind === 'caught-up') setImmediate(() => void store.close());
        }
      })();
      await expect(following).rejects.toMatchObject({ code: 'store-closed' });
    });

    it('rejects every call once closed', async () => {
      await store.writer.append([placed('a')]);
      const underWay = store.writer.appendEach(manyPlaced(1_000, 'late'), 'a');
      await store.close();
      expect(await underWay).toHaveLength(1_000);
      const closed = { code: 'store-closed' };
      await expect(store.writer.append([placed('b')])).rejects.toMatchObject(closed);
      await expect(store.writer.appendEach([placed('b')], 'a')).rejects.toMatchObject(closed);
      await expect(store.reader.head()).rejects.toMatchObject(closed);
      await expect(readEverything(store.reader)).rejects.toMatchObject(closed);
    });
  });
}
