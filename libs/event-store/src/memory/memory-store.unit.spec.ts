import { describeArtefactsContract } from '../testing/artefacts-contract.ts';
import { describeFactsContract } from '../testing/facts-contract.ts';
import { describeHeldContract } from '../testing/held-contract.ts';
import type { SetClock } from '../testing/sample-facts.ts';
import { describeSubscriptionContract } from '../testing/subscription-contract.ts';
import { openMemoryStore } from './memory-store.ts';

const open = async (clock: SetClock) => openMemoryStore(clock);
describeFactsContract('memory', open, { queues: false });
describeSubscriptionContract('memory', open);
describeArtefactsContract('memory', open);
describeHeldContract('memory', open);
