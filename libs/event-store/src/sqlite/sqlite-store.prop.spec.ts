import { describeModelContract } from '../testing/model-contract.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();
describeModelContract('sqlite', (clock) => openSqliteStore({ directory: newDirectory(), clock }), 20);
