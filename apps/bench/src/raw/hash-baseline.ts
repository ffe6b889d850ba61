import { hash } from 'node:crypto';
import { join } from 'node:path';
import { readHubFile } from './bare-database.ts';

const LEAF_BYTES = 200;
const PAIR_BYTES = 65;
const HASH_BYTES = 32;

/**
 * The least that stands behind a root: every row of the facts log read, and SHA-256 once over what each fact stores,
 * once over a leaf of {@link LEAF_BYTES} and once over a node. It looks at nothing. Facts read.
 */
export function hashBaseline(directory: string): number {
  const db = readHubFile(join(directory, 'facts.db'));
  try {
    const statement = db.prepare('SELECT * FROM facts ORDER BY position');
    statement.setReturnArrays(true);
    const leaf = Buffer.alloc(LEAF_BYTES);
    const pair = Buffer.alloc(PAIR_BYTES);
    let facts = 0;
    for (const row of statement.iterate() as Iterable<unknown> as Iterable<readonly unknown[]>) {
      const stored = row[9];
      if (!(stored instanceof Uint8Array)) throw new TypeError('facts.stored is a blob');
      leaf.set(hash('sha256', stored, 'buffer'), 1);
      pair.set(hash('sha256', leaf, 'buffer'), 1 + HASH_BYTES);
      pair.set(hash('sha256', pair, 'buffer'), 1);
      facts++;
    }
    return facts;
  } finally {
    db.close();
  }
}
