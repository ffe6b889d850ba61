import type { DatabaseSync } from 'node:sqlite';

/**
 * Brings a file to the version that `steps` end at. Step N turns version N into N + 1, in one transaction with its
 * `user_version`: a crash leaves one version or the next, and the next opening goes on from there. Version 0 holds
 * nothing. A step that was published is never changed, and a file of each version is kept in `testing/versions`.
 * @throws what `tooNew` gives when a later version made the file, or whatever SQLite throws.
 */
export function climb(db: DatabaseSync, steps: readonly string[], tooNew: () => Error): void {
  const version = versionOf(db);
  if (version > steps.length) throw tooNew();
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(`${step}; PRAGMA user_version=${index + 1}; COMMIT`);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

export const versionOf = (db: DatabaseSync): number => Number(pragma(db, 'user_version'));

export function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
