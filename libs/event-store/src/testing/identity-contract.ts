import { position, streamName, type Instant } from '#kernel';
import { eachTest, positions } from './each-test.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { AGENCY_SOURCE, collect, FEED, manyPlaced, placed, readEverything, sampleFact } from './sample-facts.ts';

const OTHER = streamName('agency:northshire-police');

/** What a fact is after it was kept, and what its source and id mean for ever. */
export function describeIdentity(openStore: OpenFacts): void {
  let store: FactsStore;
  const clock = eachTest(openStore, (opened) => (store = opened));

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
    const results = await store.writer.appendEach([placed('b'), placed('a', { form: 'second' }), placed('c')], 'lane');
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

  it('keeps what was sent, whatever its caller does with the bytes afterwards', async () => {
    const sent = placed('a', { metadata: { way: 'P', agency: 'x' } });
    const batch = placed('b');
    const { stored, repeatKey, metadata } = sent.fact;
    const before = { stored: Buffer.from(stored).toString(), metadata: { ...metadata } };
    await store.writer.append([sent]);
    await store.writer.appendEach([batch], 'lane');
    for (const bytes of [stored, repeatKey, batch.fact.stored, batch.fact.repeatKey]) bytes.fill(0);
    Object.assign(metadata, { way: 'D' });
    const kept = await store.reader.at(position(0));
    expect({ stored: Buffer.from(kept?.stored ?? []).toString(), metadata: kept?.metadata }).toEqual(before);
    expect(Buffer.from((await store.reader.at(position(1)))?.stored ?? []).toString()).toContain('"id":"b"');
    expect(await store.writer.appendEach([placed('a'), placed('b')], 'lane')).toMatchObject([
      { status: 'repeated', position: '0' },
      { status: 'repeated', position: '1' },
    ]);
  });
}
