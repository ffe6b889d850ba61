import { eventType, HUB_SOURCE, position, streamName } from '#kernel';
import { eachTest, positions } from './each-test.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { collect, FEED, manyPlaced, placed, readEverything } from './sample-facts.ts';

const OTHER = streamName('agency:northshire-police');

/** What readers are given, and in which pieces. */
export function describeReading(openStore: OpenFacts): void {
  let store: FactsStore;
  eachTest(openStore, (opened) => (store = opened));

  it('takes 10,000 facts in one call of appendEach and reads them in bounded batches', async () => {
    const results = await store.writer.appendEach(manyPlaced(10_000, 'big'), 'lane');
    expect(results.map(({ position: at }) => at)).toEqual(positions(0, 10_000));
    const batches: string[][] = [];
    for await (const batch of store.reader.readAll('start')) batches.push(batch.map(({ position: at }) => at));
    expect(batches.flat()).toEqual(positions(0, 10_000));
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
    expect(Math.min(...batches.map(({ length }) => length))).toBeGreaterThan(0);
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

  it('reads one stream in bounded batches, from any revision', async () => {
    await store.writer.appendEach(
      manyPlaced(4_000, 's').map((one, i) => (i % 2 === 0 ? one : { ...one, stream: OTHER })),
      'lane',
    );
    const batches: number[][] = [];
    for await (const batch of store.reader.readStream(OTHER)) batches.push(batch.map(({ revision }) => revision));
    expect(batches.flat()).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
    expect((await collect(store.reader.readStream(OTHER, 1_998))).map(({ id }) => id)).toEqual(['s-3997', 's-3999']);
    expect(await collect(store.reader.readStream(OTHER, 2_000))).toEqual([]);
  });

  it('ends at the head where it is told to read past it, and knows nothing beyond', async () => {
    await store.writer.append(manyPlaced(3, 'h'));
    const ids = (await collect(store.reader.readAll(position(0), position(9)))).map(({ id }) => id);
    expect(ids).toEqual(['h-1', 'h-2']);
    expect(await collect(store.reader.readAll(position(7), position(9)))).toEqual([]);
    expect(await collect(store.reader.readOwn(position(7)))).toEqual([]);
    expect(await store.reader.at(position(3))).toBeUndefined();
    expect(await store.reader.find(placed('h-3').fact.source, 'h-3')).toBeUndefined();
  });

  it('reads a prefix without a gap while others append', async () => {
    await store.writer.appendEach(manyPlaced(2_500, 'early'), 'lane');
    const writing = (async () => {
      for (let i = 0; i < 10; i++) await store.writer.appendEach(manyPlaced(100, `late-${i}`), 'lane');
    })();
    for (const read of [() => collect(store.reader.readAll('start')), () => collect(store.reader.readStream(FEED))]) {
      const facts = await read();
      expect(facts.map(({ position: at }) => at)).toEqual(positions(0, facts.length));
      expect(facts.map(({ revision }) => revision)).toEqual(facts.map((_, index) => index));
      expect(facts.length).toBeGreaterThanOrEqual(2_500);
    }
    await writing;
    expect(await readEverything(store.reader)).toHaveLength(3_500);
  });

  it('serves readers that go on at their own pace, and one that leaves early', async () => {
    await store.writer.appendEach(manyPlaced(3_000, 'r'), 'lane');
    const slow = store.reader.readAll('start')[Symbol.asyncIterator]();
    const other = store.reader.readStream(FEED)[Symbol.asyncIterator]();
    const seen: string[][] = [[], []];
    for (let open = true; open;) {
      open = false;
      for (const [index, reading] of [slow, other].entries()) {
        const { done, value } = await reading.next();
        if (done === true) continue;
        open = true;
        seen[index]?.push(...value.map(({ position: at }) => at));
      }
    }
    expect(seen).toEqual([positions(0, 3_000), positions(0, 3_000)]);
    for await (const batch of store.reader.readAll('start')) {
      expect(batch[0]?.position).toBe('0');
      break;
    }
    for await (const batch of store.reader.subscribe('start', new AbortController().signal)) {
      expect(batch.kind).toBe('facts');
      break;
    }
    // nothing of what they held keeps others from reading, writing or closing
    await store.writer.append([placed('after')]);
    expect(await store.reader.head()).toBe('3000');
  });
}
