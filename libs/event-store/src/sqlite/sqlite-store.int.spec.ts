import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { identityKey } from '../identity.ts';
import { describeArtefactsContract } from '../testing/artefacts-contract.ts';
import { describeFactsContract } from '../testing/facts-contract.ts';
import { describeHeldContract } from '../testing/held-contract.ts';
import type { SetClock } from '../testing/sample-facts.ts';
import { describeSubscriptionContract } from '../testing/subscription-contract.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { FACTS_FILE } from './facts-database.ts';
import { openSqliteReader } from './sqlite-reader.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();
let directory = '';
const open = (clock: SetClock) => openSqliteStore({ directory: (directory = newDirectory()), clock });

/** As an erasure does it, over another connection. */
function forget(source: string, id: string): void {
  const db = new DatabaseSync(join(directory, FACTS_FILE), { timeout: 5_000 });
  db.prepare('UPDATE identities SET repeat = NULL WHERE key = ?').run(identityKey(source, id));
  db.close();
}

describeFactsContract('sqlite', open, { forget });
describeSubscriptionContract('sqlite', open);
describeSubscriptionContract('sqlite, over a reader that no notice reaches', open, () => openSqliteReader(directory));
describeArtefactsContract('sqlite', open);
describeHeldContract('sqlite', open);
