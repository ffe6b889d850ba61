import { describeModelContract } from '../testing/model-contract.ts';
import { openMemoryStore } from './memory-store.ts';

describeModelContract('memory', async (clock) => openMemoryStore(clock), 200);
