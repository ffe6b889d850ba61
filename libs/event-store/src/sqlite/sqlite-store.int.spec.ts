import { describeArtefactsContract } from '../testing/artefacts-contract.ts';
import { describeFactsContract } from '../testing/facts-contract.ts';
import { describeHeldContract } from '../testing/held-contract.ts';
import type { SetClock } from '../testing/sample-facts.ts';
import { describeSubscriptionContract } from '../testing/subscription-contract.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { openSqliteReader } from './sqlite-reader.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();
let directory = '';
const open = (clock: SetClock) => openSqliteStore({ directory: (directory = newDirectory()), clock });

describeFactsContract('sqlite', open);
describeSubscriptionContract('sqlite', open);
describeSubscriptionContract('sqlite, over a reader that no notice reaches', open, () => openSqliteReader(directory));
describeArtefactsContract('sqlite', open);
describeHeldContract('sqlite', open);
