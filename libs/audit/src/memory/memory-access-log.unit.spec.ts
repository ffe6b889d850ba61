import { describeAccessContract } from '../testing/access-contract.ts';
import { openMemoryAccessLog } from './memory-access-log.ts';

describeAccessContract('memory', async (clock) => openMemoryAccessLog(clock));
