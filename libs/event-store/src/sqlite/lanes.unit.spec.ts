import { manyPlaced } from '../testing/sample-facts.ts';
import { COMMIT_BYTES, COMMIT_FACTS, Lanes, type EachCall } from './lanes.ts';

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
const shares = (lanes: Lanes): Record<string, number> => {
  const taken: Record<string, number> = {};
  for (const { call: of, count } of lanes.take()) taken[of.lane] = (taken[of.lane] ?? 0) + count;
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
    for (let slices = lanes.take(); slices.length > 0; slices = lanes.take()) {
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
    const first = lanes.take();
    const bytes = first.reduce((sum, { call: of, count }) => sum + count * (of.facts[0]?.fact.stored.length ?? 0), 0);
    expect(bytes).toBeLessThanOrEqual(COMMIT_BYTES);
    let total = first.reduce((sum, { count }) => sum + count, 0);
    for (let slices = lanes.take(); slices.length > 0; slices = lanes.take())
      total += slices.reduce((sum, { count }) => sum + count, 0);
    expect(total).toBe(50);
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
