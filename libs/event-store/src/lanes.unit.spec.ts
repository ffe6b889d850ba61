import { manyPlaced } from './testing/sample-facts.ts';
import { COMMIT_BYTES, COMMIT_FACTS, Lanes, type EachCall, type LaneCall, type Slice } from './lanes.ts';

const call = (lane: string, count: number, size = 10): EachCall => ({
  lane,
  facts: manyPlaced(count, lane).map(({ stream, fact }) => ({
    stream,
    fact: { ...fact, stored: new Uint8Array(size) },
  })),
  results: [],
  taken: 0,
  answered: 0,
  resolve: () => undefined,
  reject: () => undefined,
});
const whole = (lane: string, count: number): LaneCall => ({
  lane,
  facts: manyPlaced(count, lane),
  expected: new Map(),
  resolve: () => undefined,
  reject: () => undefined,
});
/** The next commit, which is not a whole call. */
const nextSlices = (lanes: Lanes): readonly Slice[] => {
  const commit = lanes.take();
  if (commit === undefined) return [];
  if ('all' in commit) throw new Error('a whole call');
  return commit.slices;
};
/** Every commit that is left, as the lanes in it. */
const order = (lanes: Lanes): string[] => {
  const commits: string[] = [];
  for (let commit = lanes.take(); commit !== undefined; commit = lanes.take()) {
    commits.push(
      'all' in commit
        ? `whole ${commit.all.lane} ${commit.all.facts.length}`
        : commit.slices.map(({ call: { lane }, count }) => `${lane} ${count}`).join(', '),
    );
  }
  return commits;
};
const shares = (lanes: Lanes): Record<string, number> => {
  const taken: Record<string, number> = {};
  for (const { call: of, count } of nextSlices(lanes)) taken[of.lane] = (taken[of.lane] ?? 0) + count;
  return taken;
};

describe('lanes', () => {
  it('take turns, so that one fact never waits behind a backlog', () => {
    const lanes = new Lanes();
    lanes.add(call('bulk', 5_000));
    lanes.add(call('single', 1));
    lanes.add(call('other', 100));
    expect(shares(lanes)).toEqual({ bulk: 64 + 64 + 27, single: 1, other: 64 + 36 });
  });

  it('hand out every fact once, in order within a lane', () => {
    const lanes = new Lanes();
    const calls = [call('a', 700), call('b', 3), call('a', 20), call('c', 300)];
    for (const one of calls) lanes.add(one);
    const ranges = new Map<EachCall, [number, number][]>();
    for (let slices = nextSlices(lanes); slices.length > 0; slices = nextSlices(lanes)) {
      expect(slices.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(COMMIT_FACTS);
      for (const { call: of, from, count } of slices) ranges.set(of, [...(ranges.get(of) ?? []), [from, count]]);
    }
    for (const one of calls) {
      let next = 0;
      for (const [from, count] of ranges.get(one) ?? []) {
        expect(from).toBe(next);
        next += count;
      }
      expect(next).toBe(one.facts.length);
    }
    expect(lanes.queued).toBe(0);
  });

  it('bound a commit by bytes, and lose nothing by it', () => {
    const lanes = new Lanes();
    lanes.add(call('wide', 40, 60_000));
    lanes.add(call('small', 10));
    const first = nextSlices(lanes);
    const bytes = first.reduce((sum, { call: of, count }) => sum + count * (of.facts[0]?.fact.stored.length ?? 0), 0);
    expect(bytes).toBeLessThanOrEqual(COMMIT_BYTES);
    let total = first.reduce((sum, { count }) => sum + count, 0);
    for (let slices = nextSlices(lanes); slices.length > 0; slices = nextSlices(lanes))
      total += slices.reduce((sum, { count }) => sum + count, 0);
    expect(total).toBe(50);
  });

  it('give a whole call a commit of its own, and a turn like any other', () => {
    const lanes = new Lanes();
    lanes.add(call('single', 1));
    lanes.add(whole('batches', 1_000));
    lanes.add(whole('batches', 1_000));
    lanes.add(call('batches', 1));
    lanes.add(whole('other', 300));
    lanes.add(call('late', 1));
    expect(order(lanes)).toEqual([
      'single 1, late 1',
      'whole batches 1000',
      'whole other 300',
      'whole batches 1000',
      'batches 1',
    ]);
    expect(lanes.queued).toBe(0);
  });

  it('let neither a backlog of whole calls nor one of single facts go twice before the other goes once', () => {
    const lanes = new Lanes();
    lanes.add(call('stream', 600));
    for (let i = 0; i < 3; i++) lanes.add(whole('batches', 10));
    for (const lane of ['a', 'b', 'c', 'd', 'e']) lanes.add(call(lane, 64));
    expect(order(lanes)).toEqual([
      'stream 64, a 64, b 64, c 64',
      'whole batches 10',
      'd 64, e 64, stream 64, stream 64',
      'whole batches 10',
      'stream 64, stream 64, stream 64, stream 64',
      'whole batches 10',
      'stream 64, stream 64, stream 24',
    ]);
  });

  it('send a lane that ends a turn before a whole call behind those that had none', () => {
    const lanes = new Lanes();
    lanes.add(call('mixed', 1));
    lanes.add(whole('mixed', 10));
    for (const lane of ['a', 'b', 'c', 'd']) lanes.add(call(lane, 100));
    expect(order(lanes)).toEqual(['mixed 1, a 64, b 64, c 64, d 63', 'a 36, b 36, c 36, d 37', 'whole mixed 10']);
  });

  it('are due with a full commit or a whole call, not with a few facts', () => {
    const lanes = new Lanes();
    expect(lanes.due).toBe(false);
    lanes.add(call('a', COMMIT_FACTS - 1));
    expect(lanes.due).toBe(false);
    lanes.add(call('b', 1));
    expect(lanes.due).toBe(true);
    const batch = new Lanes();
    batch.add(whole('a', 1));
    expect(batch.due).toBe(true);
  });

  it('count a whole call against its lane until it is answered', () => {
    const lanes = new Lanes();
    for (let i = 0; i < 20; i++) lanes.add(whole('a', 1_000));
    expect(() => lanes.add(whole('a', 1))).toThrow('queue-full');
    lanes.add(whole('b', 1));
    lanes.take();
    expect(() => lanes.add(call('a', 1))).toThrow('queue-full');
    lanes.answer('a', 1_000);
    lanes.add(whole('a', 1_000));
  });

  it('refuse what has no room until facts are answered', () => {
    const lanes = new Lanes();
    const first = call('a', 15_000);
    lanes.add(first);
    expect(() => lanes.add(call('a', 5_001))).toThrow(expect.objectContaining({ code: 'queue-full', retryAfter: 1 }));
    lanes.add(call('b', 20_000));
    lanes.take();
    expect(() => lanes.add(call('a', 5_001))).toThrow('queue-full');
    lanes.answer('a', 1);
    lanes.add(call('a', 5_001));
  });

  it('refuse what has no room in bytes until a commit has taken some', () => {
    const lanes = new Lanes();
    const mebibyte = 1024 * 1024;
    const [first, dropped] = [call('a', 500, 60_000), call('a', 50, 60_000)];
    lanes.add(first);
    lanes.add(dropped);
    expect(() => lanes.add(call('a', 1, mebibyte))).toThrow(
      expect.objectContaining({ code: 'queue-full', retryAfter: 1 }),
    );
    lanes.add(call('b', 1, mebibyte));
    lanes.drop(dropped);
    lanes.add(call('a', 1, mebibyte));
    lanes.add(whole('a', 1));
    expect(() => lanes.add(call('a', 1, 3 * mebibyte))).toThrow('queue-full');
    lanes.take();
    lanes.take();
    lanes.take();
    lanes.add(call('a', 1, 3 * mebibyte));
  });

  it('let a call larger than a lane in when it is alone', () => {
    const lanes = new Lanes();
    lanes.add(call('a', 30_000));
    expect(() => lanes.add(call('a', 1))).toThrow('queue-full');
  });

  it('forget the rest of a call that is dropped', () => {
    const lanes = new Lanes();
    const dropped = call('a', 1_000);
    lanes.add(dropped);
    lanes.add(call('a', 5));
    lanes.take();
    lanes.drop(dropped);
    lanes.drop(dropped);
    expect(lanes.queued).toBe(5);
    expect(shares(lanes)).toEqual({ a: 5 });
  });
});
