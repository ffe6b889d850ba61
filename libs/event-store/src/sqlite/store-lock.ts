import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '#kernel';

/**
 * Holds `lock.db` for the life of the process: the operating system frees it however the process ends.
 * @throws Problem `store-in-use` when another process, or this one, already holds it.
 */
export function lockStore(directory: string): { release(): void } {
  const db = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new Problem('store-in-use');
  }
  return {
    release: () => {
      if (db.isOpen) db.close();
    },
  };
}
