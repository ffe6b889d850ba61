import { streamName, type StreamName } from '#kernel';
import type { Expected } from '../ports.ts';
import { eachTest } from './each-test.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { AGENCY_SOURCE, collect, FEED, placed } from './sample-facts.ts';

const OTHER = streamName('agency:northshire-police');
const expecting = (expected: Expected, stream = FEED): Map<StreamName, Expected> => new Map([[stream, expected]]);

/** What `append` holds a stream to. */
export function describeExpectations(openStore: OpenFacts): void {
  let store: FactsStore;
  eachTest(openStore, (opened) => (store = opened));

  it.each<[Expected, Expected]>([
    ['no-stream', 'any'],
    [{ revision: 1 }, 'stream-exists'],
  ])('holds a stream to %j', async (refusedLater, meetsToo) => {
    if (typeof refusedLater === 'object') await store.writer.append([placed('x'), placed('y')], expecting('no-stream'));
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

  it('tells a clash before a conflict', async () => {
    await store.writer.append([placed('a')]);
    const clash = { outcome: 'refused', index: 1, reason: 'id-reused' };
    const sent = [placed('b'), placed('a', { form: 'second' })];
    expect(await store.writer.append(sent, expecting('no-stream'))).toEqual(clash);
    expect(await store.writer.append(sent, expecting('stream-exists', OTHER))).toEqual(clash);
    expect(await store.reader.head()).toBe('0');
  });

  it('holds every stream that is named, and takes any other as it is', async () => {
    await store.writer.append([placed('a'), placed('b', {}, OTHER)]);
    const both = (feed: Expected, other: Expected) => new Map([...expecting(feed), ...expecting(other, OTHER)]);
    const third = streamName('feed:west-hospital:attendance');
    const sent = [placed('c'), placed('d', {}, OTHER), placed('e', {}, third)];
    expect(await store.writer.append(sent, both({ revision: 0 }, 'no-stream'))).toEqual({
      outcome: 'conflict',
      stream: OTHER,
      actual: 0,
    });
    expect(await store.writer.append(sent, both({ revision: 1 }, { revision: 0 }))).toEqual({
      outcome: 'conflict',
      stream: FEED,
      actual: 0,
    });
    expect(await store.reader.head()).toBe('1');
    expect(await store.writer.append(sent, both({ revision: 0 }, { revision: 0 }))).toMatchObject({
      outcome: 'appended',
    });
    // as it was before the call, not after its own first fact
    expect(await store.writer.append([placed('f'), placed('g')], expecting({ revision: 1 }))).toMatchObject({
      outcome: 'appended',
    });
  });

  it('lets deciders in turn each see the decision of the one before', async () => {
    const decide = async (name: string): Promise<number> => {
      for (let tries = 1; ; tries++) {
        const last = (await collect(store.reader.readStream(FEED))).at(-1)?.revision;
        const expected = last === undefined ? 'no-stream' : { revision: last };
        const appended = await store.writer.append([placed(`${name}-${tries}`)], expecting(expected));
        if (appended.outcome === 'appended') return tries;
      }
    };
    const tries = await Promise.all(Array.from({ length: 6 }, (_, i) => decide(`decider-${i}`)));
    expect(Math.max(...tries)).toBeGreaterThan(1);
    expect((await collect(store.reader.readStream(FEED))).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5]);
  });
}
