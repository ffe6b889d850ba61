import type { Instant } from '#kernel';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { SetClock } from './sample-facts.ts';

/** Opens a store for each test of a block, and closes it after. The clock that it reads stands at one time at first. */
export function eachTest(openStore: OpenFacts, begin: (store: FactsStore) => void): SetClock {
  const clock = new SetClock();
  let store: FactsStore;
  beforeEach(async () => {
    clock.time = '2026-03-01T09:00:00.000Z' as Instant;
    begin((store = await openStore(clock)));
  });
  afterEach(() => store.close());
  return clock;
}

export const positions = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(from + i));
