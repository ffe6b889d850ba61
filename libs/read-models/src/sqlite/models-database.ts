import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { isDamage } from '#event-store/reader';

export const MODELS_FILE = 'models.db';
/** Of the tables below; a file of another layout, or a damaged one, is thrown away and built anew, as every model can be. */
const LAYOUT = 1;
const CHECKPOINT_PAGES = 4_000;

/** `progress` has one row a build, live or growing: one checkpoint for all its models. -1: no fact yet. */
const SCHEMA = `
CREATE TABLE live(projection TEXT PRIMARY KEY, version INTEGER NOT NULL, build INTEGER NOT NULL) STRICT;
CREATE TABLE progress(build INTEGER PRIMARY KEY, versions TEXT NOT NULL, position INTEGER NOT NULL,
  growing INTEGER NOT NULL) STRICT;
CREATE TABLE parked(build INTEGER NOT NULL, projection TEXT NOT NULL, partition TEXT NOT NULL, position INTEGER NOT NULL,
  code TEXT NOT NULL, tries INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('parked', 'skipped')),
  PRIMARY KEY(build, projection, partition, position)) STRICT;
`;

/**
 * The one connection that writes models. A commit may be lost with the power: rows and checkpoint are then lost
 * together, and the facts log has what is missing.
 */
export function openModelsDatabase(directory: string): DatabaseSync {
  const file = join(directory, MODELS_FILE);
  const there = openIfOurs(file);
  if (there !== undefined) return there;
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const db = open(file);
  inTransaction(db, () => db.exec(`${SCHEMA} PRAGMA user_version=${LAYOUT}`));
  return db;
}

/** Undefined for a file that holds nothing yet, too. */
function openIfOurs(file: string): DatabaseSync | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = open(file);
    if (layoutOf(db) === LAYOUT) return db;
  } catch (error) {
    if (!isDamage(error)) {
      db?.close();
      throw error;
    }
  }
  db?.close();
  return undefined;
}

/** A connection for questions. */
export function openForQuestions(directory: string): DatabaseSync {
  const db = new DatabaseSync(join(directory, MODELS_FILE), { readOnly: true, timeout: 5_000 });
  db.exec('PRAGMA cache_size=-16384; PRAGMA trusted_schema=OFF');
  return db;
}

/** One transaction, undone when `work` throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T, kind: 'IMMEDIATE' | 'DEFERRED' = 'IMMEDIATE'): T {
  db.exec(`BEGIN ${kind}`);
  try {
    const value = work();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

export const integer = (value: SQLOutputValue | undefined): number => Number(value);
export const string = (value: SQLOutputValue | undefined): string => String(value);

function open(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA cache_size=-16384;
      PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const layoutOf = (db: DatabaseSync): number => integer(db.prepare('PRAGMA user_version').get()?.['user_version']);
