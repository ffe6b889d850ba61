import type { Store } from '../store.ts';
import { describeAppending } from './appending-contract.ts';
import { describeExpectations } from './expectations-contract.ts';
import { describeForgetting } from './forgetting-contract.ts';
import { describeIdentity } from './identity-contract.ts';
import { describeLimits } from './limits-contract.ts';
import { describeQueues } from './queues-contract.ts';
import { describeReading } from './reading-contract.ts';
import type { SetClock } from './sample-facts.ts';

/** A fresh, empty store that reads its time from `clock`. */
export type OpenStore = (clock: SetClock) => Promise<Store>;
/** What is needed of one where facts alone are in question. */
export type FactsStore = Pick<Store, 'writer' | 'reader' | 'close'>;
export type OpenFacts = (clock: SetClock) => Promise<FactsStore>;

export interface FactsAbilities {
  /** False for a store that commits as it is called. */
  readonly queues?: boolean;
  /** Destroys the repeat key of a fact, where the adapter keeps one that can be. */
  readonly forget?: (source: string, id: string) => void;
}

/** What every adapter of the facts log promises. */
export function describeFactsContract(adapter: string, openStore: OpenFacts, abilities: FactsAbilities = {}): void {
  const { queues = true, forget } = abilities;
  describe(`facts log: ${adapter}`, () => {
    describeIdentity(openStore);
    describeAppending(openStore);
    describeExpectations(openStore);
    describeLimits(openStore);
    describeReading(openStore);
    if (queues) describeQueues(openStore);
    else it.skip('bounds its queues: it commits as it is called and has none', () => undefined);
    if (forget !== undefined) describeForgetting(openStore, forget);
    else it.skip('answers erased: it keeps no repeat key that can be destroyed', () => undefined);
  });
}
