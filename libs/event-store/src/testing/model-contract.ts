import fc from 'fast-check';
import { streamName, type StreamName } from '#kernel';
import type { Appended, Clash, Expected, Kept, Placed } from '../ports.ts';
import type { OpenFacts } from './facts-contract.ts';
import { placed, readEverything, SetClock } from './sample-facts.ts';

/** The port's text as arrays: what is kept is found by looking at everything. */
class PlainLog {
  readonly kept: Placed[] = [];

  each(facts: readonly Placed[]): { status: string; position: string }[] {
    return facts.map((one) => {
      const at = this.#find(one, this.kept);
      if (at !== -1) return { status: sameKey(this.kept[at], one) ? 'repeated' : 'id-reused', position: String(at) };
      return { status: 'accepted', position: String(this.kept.push(one) - 1) };
    });
  }

  all(facts: readonly Placed[], expected: ReadonlyMap<StreamName, Expected>): object {
    const after = [...this.kept];
    for (const [index, one] of facts.entries()) {
      const at = this.#find(one, after);
      if (at === -1) after.push(one);
      else if (!sameKey(after[at], one)) return { outcome: 'refused', index, reason: 'id-reused' };
    }
    for (const [stream, expectation] of after.length > this.kept.length ? expected : []) {
      const size = this.kept.filter((one) => one.stream === stream).length;
      const actual = size === 0 ? 'no-stream' : size - 1;
      const asExpected: Record<string, boolean> = {
        any: true,
        'no-stream': size === 0,
        'stream-exists': size > 0,
      };
      const met = typeof expectation === 'string' ? asExpected[expectation] : expectation.revision === actual;
      if (met !== true) return { outcome: 'conflict', stream, actual };
    }
    return { outcome: 'appended', results: this.each(facts) };
  }

  #find({ fact: { source, id } }: Placed, among: readonly Placed[]): number {
    return among.findIndex(({ fact }) => fact.source === source && fact.id === id);
  }
}
const sameKey = (a: Placed | undefined, b: Placed): boolean =>
  a !== undefined && Buffer.compare(a.fact.repeatKey, b.fact.repeatKey) === 0;

const stream = fc.constantFrom('feed:a:x', 'feed:b:x', 'agency:a').map(streamName);
const fact: fc.Arbitrary<Placed> = fc
  .record({
    stream,
    id: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9'),
    form: fc.constantFrom('p', 'p', 'p', 'q'),
    source: fc.constantFrom('urn:svd:agency:a', 'urn:svd:agency:a1'),
  })
  .map(({ stream: where, ...of }) => placed(of.id, of, where));
const facts = fc.array(fact, { minLength: 1, maxLength: 5 });
const lane = fc.constantFrom('a', 'b');
const expected: fc.Arbitrary<Expected> = fc.oneof(
  fc.constantFrom<Expected>('any', 'no-stream', 'stream-exists'),
  fc.record({ revision: fc.nat({ max: 3 }) }),
);
const call = fc.oneof(
  fc.record({ kind: fc.constant('each' as const), facts, lane }),
  fc.record({
    kind: fc.constant('all' as const),
    facts,
    lane: fc.option(lane, { nil: undefined }),
    expected: fc.array(fc.tuple(stream, expected), { maxLength: 2 }).map((pairs) => new Map(pairs)),
  }),
);
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;
type Answer = Appended | readonly (Kept | Clash)[];

/** Whole runs of calls, some under way at once, against the port's text. `runs` drawn runs, each over a fresh store. */
export function describeModelContract(adapter: string, openStore: OpenFacts, runs: number): void {
  it(`facts log: ${adapter} answers and keeps what its port says, whatever is asked of it`, async () => {
    // calls of one group are under way at once: in some order, the log answered as if one had come after the other
    const groups = fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(groups, async (drawn) => {
        const store = await openStore(new SetClock());
        try {
          let logs = [new PlainLog()];
          for (const group of drawn) {
            const answers = await Promise.all(
              group.map((one): Promise<Answer> =>
                one.kind === 'each'
                  ? store.writer.appendEach(one.facts, one.lane)
                  : store.writer.append(one.facts, one.expected, one.lane),
              ),
            );
            const kept = (await readEverything(store.reader)).map(({ source, id, stream: at }) => [at, source, id]);
            const candidates = logs.flatMap((log) =>
              orders(group.map((_, index) => index)).flatMap((order) => agrees(log, group, answers, order)),
            );
            logs = candidates.filter((log) => JSON.stringify(contents(log)) === JSON.stringify(kept)).slice(0, 1);
            expect([group, answers, logs.length]).toEqual([group, answers, 1]);
          }
          const read = await readEverything(store.reader);
          expect(read.map(({ position }) => position)).toEqual(read.map((_, index) => String(index)));
          for (const { stream: at } of read) {
            const revisions = read.filter((one) => one.stream === at).map(({ revision }) => revision);
            expect(revisions).toEqual(revisions.map((_, index) => index));
          }
        } finally {
          await store.close();
        }
      }),
      { numRuns: runs },
    );
  });
}

const contents = (log: PlainLog): unknown => log.kept.map(({ stream: at, fact: { source, id } }) => [at, source, id]);

/** The log as it is after the calls of a group in this order, where that gives these answers. */
function agrees(
  before: PlainLog,
  group: readonly Call[],
  answers: readonly Answer[],
  order: readonly number[],
): PlainLog[] {
  const log = new PlainLog();
  log.kept.push(...before.kept);
  for (const index of order) {
    const one = group[index];
    if (one === undefined) return [];
    const answer = one.kind === 'each' ? log.each(one.facts) : log.all(one.facts, one.expected);
    if (JSON.stringify(answer) !== JSON.stringify(untimed(answers[index]))) return [];
  }
  return [log];
}

function untimed(answer: Answer | undefined): unknown {
  const plain = ({ status, position }: Kept | Clash): object => ({ status, position });
  if (answer === undefined) return undefined;
  if ('outcome' in answer) {
    if (answer.outcome !== 'appended') return answer;
    return { outcome: 'appended', results: answer.results.map(plain) };
  }
  return answer.map(plain);
}

const orders = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((first) => orders(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
