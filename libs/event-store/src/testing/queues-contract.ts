import { Problem } from '#kernel';
import type { Placed } from '../ports.ts';
import { eachTest, positions } from './each-test.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { manyPlaced, placed, readEverything } from './sample-facts.ts';

/** More calls than any queue takes. */
const CALLS = 30;
const FACTS = 1_000;

/** A queue that is full says so before anything is stored, to its own lane alone, and has room again afterwards. */
export function describeQueues(openStore: OpenFacts): void {
  let store: FactsStore;
  eachTest(openStore, (opened) => (store = opened));

  it.each<[string, (facts: readonly Placed[]) => Promise<unknown>, (() => Promise<unknown>) | undefined]>([
    [
      'of appendEach',
      (facts) => store.writer.appendEach(facts, 'full'),
      () => store.writer.append([placed('late')], undefined, 'full'),
    ],
    [
      'of append in a lane',
      (facts) => store.writer.append(facts, undefined, 'full'),
      () => store.writer.appendEach([placed('late')], 'full'),
    ],
    ['of append without a lane', (facts) => store.writer.append(facts), undefined],
  ])('bounds the queue %s', async (_, send, alike) => {
    const sent = Array.from({ length: CALLS }, (__, call) => manyPlaced(FACTS, `call-${call}`));
    const calls = Promise.allSettled(sent.map(send));
    // whose lane it is has no room for the other way of appending either; a lane next to it has
    if (alike !== undefined) await expect(alike()).rejects.toMatchObject({ code: 'queue-full', retryAfter: 1 });
    const other = [
      store.writer.appendEach([placed('other')], 'other'),
      store.writer.append([placed('o')], undefined, 'o'),
    ];
    expect(await Promise.all(other)).toHaveLength(2);

    const outcomes = await calls;
    const refused = sent.filter((__, call) => outcomes[call]?.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(CALLS);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toBeInstanceOf(Problem);
      expect(outcome.reason).toMatchObject({ code: 'queue-full', retryAfter: 1 });
    }
    const ids = new Set((await readEverything(store.reader)).map(({ id }) => id));
    expect(ids.size).toBe((CALLS - refused.length) * FACTS + 2);
    expect(refused.flat().filter(({ fact }) => ids.has(fact.id))).toEqual([]);

    for (const facts of refused.slice(0, 2)) await send(facts);
    const facts = await readEverything(store.reader);
    expect(facts.map(({ position: at }) => at)).toEqual(positions(0, facts.length));
    expect(facts).toHaveLength(ids.size + Math.min(2, refused.length) * FACTS);
  });

  it('takes a call larger than a queue when it is alone', async () => {
    expect(await store.writer.appendEach(manyPlaced(25_000, 'huge'), 'lane')).toHaveLength(25_000);
    expect(await store.reader.head()).toBe('24999');
  });
}
