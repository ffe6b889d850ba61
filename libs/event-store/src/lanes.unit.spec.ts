import { position, type Instant } from '#kernel';
import { manyPlaced } from './testing/sample-facts.ts';
import { COMMIT_BYTES, COMMIT_FACTS, Lanes, type AllCall, type EachCall, type LaneCall, type Slice } from './lanes.ts';

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
/** Each fact at a position of its own, from 0. */
const deliver = (lanes: Lanes, slices: readonly Slice[]): void => {
  const count = slices.reduce((sum, slice) => sum + slice.count, 0);
  const kept = Array.from({ length: count }, (_, at) => ({
    status: 'accepted' as const,
    position: position(at),
    recordedTime: '2026-03-01T09:00:00.000Z' as Instant,
  }));
  lanes.deliver(slices, kept);
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
    const { all } = lanes.take() as { all: AllCall };
    expect(() => lanes.add(call('a', 1))).toThrow('queue-full');
    lanes.answered(all);
    lanes.add(whole('a', 1_000));
  });

  it('refuse what has no room until facts are answered', () => {
    const lanes = new Lanes();
    const first = call('a', 15_000);
    lanes.add(first);
    expect(() => lanes.add(call('a', 5_001))).toThrow(expect.objectContaining({ code: 'queue-full', retryAfter: 1 }));
    lanes.add(call('b', 20_000));
    const slices = nextSlices(lanes);
    expect(() => lanes.add(call('a', 5_001))).toThrow('queue-full');
    deliver(lanes, slices);
    expect(first.answered).toBeGreaterThan(0);
    expect(() => lanes.add(call('a', 5_001 + first.answered))).toThrow('queue-full');
    lanes.add(call('a', 5_000 + first.answered));
  });

  it('refuse what has no room in bytes until a commit has taken some, or was lost', () => {
    const lanes = new Lanes();
    lanes.add(call('a', 500, 60_000));
    lanes.add(call('a', 50, 60_000));
    const full = expect.objectContaining({ code: 'queue-full', retryAfter: 1 }) as Error;
    expect(() => lanes.add(call('a', 10, 60_000))).toThrow(full);
    lanes.add(call('b', 10, 60_000));
    lanes.lose({ slices: nextSlices(lanes) }, new Error('lost'));
    lanes.add(call('a', 509, 60_000));
    expect(() => lanes.add(call('a', 1, 60_000))).toThrow(full);
    lanes.take();
    lanes.add(call('a', 1, 60_000));
  });

  it('let calls without a lane go first, and bound them too', () => {
    const lanes = new Lanes();
    lanes.add(call('a', 300));
    expect([lanes.waiting, lanes.queued]).toEqual([true, 300]);
    const early = { ...whole('', 15_000), lane: undefined } as AllCall;
    lanes.addFirst(early);
    expect(() => lanes.addFirst({ ...early, facts: manyPlaced(5_001, 'over') })).toThrow(
      expect.objectContaining({ code: 'queue-full', retryAfter: 1 }),
    );
    expect([lanes.due, lanes.queued]).toEqual([true, 300]);
    expect(lanes.take()).toEqual({ all: early });
    expect(() => lanes.addFirst({ ...early, facts: manyPlaced(5_001, 'over') })).toThrow('queue-full');
    lanes.answered(early);
    lanes.addFirst({ ...early, facts: manyPlaced(5_001, 'over') });
    expect(order(lanes)).toEqual(['whole undefined 5001', 'a 64, a 64, a 64, a 64', 'a 44']);
    expect(lanes.waiting).toBe(false);
  });

  it('deliver to each call its own results, once it has them all', () => {
    const lanes = new Lanes();
    const answered: string[] = [];
    const telling = (name: string, count: number): EachCall => ({
      ...call(name, count),
      resolve: (results) => answered.push(`${name} ${results.map(({ position }) => position).join(' ')}`),
    });
    lanes.add(telling('a', 2));
    lanes.add(telling('b', 1));
    deliver(lanes, nextSlices(lanes));
    expect(answered).toEqual(['a 0 1', 'b 2']);
  });

  it('let a call larger than a lane in when it is alone', () => {
    const lanes = new Lanes();
    lanes.add(call('a', 30_000));
    expect(() => lanes.add(call('a', 1))).toThrow('queue-full');
  });

  it('forget the rest of a call that is lost, in however many commits', () => {
    const lanes = new Lanes();
    const reasons: unknown[] = [];
    lanes.add({ ...call('a', 1_000), reject: (reason) => reasons.push(reason.message) });
    lanes.add(call('a', 5));
    for (const slices of [nextSlices(lanes), nextSlices(lanes)]) lanes.lose({ slices }, new Error('lost'));
    expect(new Set(reasons)).toEqual(new Set(['lost']));
    expect(lanes.queued).toBe(5);
    expect(() => lanes.add(call('a', 19_996))).toThrow('queue-full');
    expect(shares(lanes)).toEqual({ a: 5 });
  });
});
