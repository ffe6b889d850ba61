import { streamName, type Instant } from '#kernel';
import { eachTest, positions } from './each-test.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { FEED, manyPlaced, placed, readEverything } from './sample-facts.ts';

const OTHER = streamName('agency:northshire-police');

/** How calls become facts: whole or each on its own, one after the other, by many callers, until the store is closed. */
export function describeAppending(openStore: OpenFacts): void {
  let store: FactsStore;
  const clock = eachTest(openStore, (opened) => (store = opened));

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
    expect(await store.writer.append(manyPlaced(600, 'batch'), new Map([[FEED, 'no-stream']]), 'lane')).toEqual({
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
    const times = ['09:00:00.000', '08:00:00.000', '09:00:00.001', '07:00:00.000'].map((time) => `2026-03-01T${time}Z`);
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

  it('takes an empty call', async () => {
    expect(await store.writer.append([], new Map([[FEED, 'stream-exists']]))).toEqual({
      outcome: 'appended',
      results: [],
    });
    expect(await store.writer.appendEach([], 'a')).toEqual([]);
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

  it('answers each fact of a call in its place', async () => {
    await store.writer.append([placed('kept')]);
    const sent = [...manyPlaced(700, 'new'), placed('kept'), placed('kept', { form: 'second' }), placed('last')];
    const results = await store.writer.appendEach(sent, 'lane');
    expect(results.map(({ position: at }) => at)).toEqual([...positions(1, 700), '0', '0', '701']);
    expect(results.slice(-4).map(({ status }) => status)).toEqual(['accepted', 'repeated', 'id-reused', 'accepted']);
  });

  it('keeps the order of a call over several streams', async () => {
    const sent = Array.from({ length: 30 }, (_, i) => placed(`o-${i}`, {}, i % 3 === 0 ? OTHER : FEED));
    await store.writer.append(sent);
    const facts = await readEverything(store.reader);
    expect(facts.map(({ id, stream }) => [id, stream])).toEqual(sent.map(({ stream, fact }) => [fact.id, stream]));
    for (const stream of [OTHER, FEED]) {
      const revisions = facts.filter((fact) => fact.stream === stream).map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.map((_, index) => index));
    }
  });

  it('takes the same call at the same time from many, once', async () => {
    const batch = manyPlaced(50, 'same');
    const [first, ...others] = await Promise.all([
      ...Array.from({ length: 5 }, () => store.writer.append(batch)),
      ...Array.from({ length: 5 }, (_, i) => store.writer.append(batch, undefined, `lane-${i}`)),
    ]);
    const at = (appended: typeof first) =>
      appended?.outcome === 'appended' ? appended.results.map(({ position }) => position) : [];
    for (const other of others) expect(at(other)).toEqual(at(first));
    expect(at(first)).toEqual(positions(0, 50));
    expect(await readEverything(store.reader)).toHaveLength(50);
  });

  it('reads what it acknowledged, at once', async () => {
    for (let call = 0; call < 20; call++) {
      const [kept] = await store.writer.appendEach([placed(`own-${call}`)], 'lane');
      expect(await store.reader.head()).toBe(kept?.position);
      expect((await store.reader.find(placed('x').fact.source, `own-${call}`))?.position).toBe(kept?.position);
    }
  });

  it('answers what waits before it is closed, though it is closed twice', async () => {
    const waiting = Array.from({ length: 5 }, (_, i) => store.writer.appendEach(manyPlaced(1_000, `w-${i}`), `l-${i}`));
    const answers = Promise.allSettled(waiting);
    await Promise.all([store.close(), store.close()]);
    expect((await answers).map(({ status }) => status)).toEqual(waiting.map(() => 'fulfilled'));
  });

  it('says whether it can be written, and is closed twice without harm', async () => {
    expect(store.writer.writable()).toBe(true);
    await Promise.all([store.close(), store.close()]);
    expect(store.writer.writable()).toBe(false);
  });
}
