import { DatabaseSync } from 'node:sqlite';
import { Problem } from '#kernel';

export const ACCESS_FILE = 'access.db';
const VERSION = 1;
const CHECKPOINT_PAGES = 2_000;

const SCHEMA = `
CREATE TABLE records(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time INTEGER NOT NULL, consumer TEXT NOT NULL,
  nonce BLOB NOT NULL, record BLOB NOT NULL) STRICT;
CREATE INDEX records_by_consumer ON records(consumer, number);
CREATE INDEX records_by_time ON records(time, number);
CREATE TABLE agreements(agreement TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(agreement, number)) STRICT, WITHOUT ROWID;
CREATE TRIGGER records_never_change BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'records are never changed'); END;
CREATE TRIGGER records_never_leave BEFORE DELETE ON records BEGIN SELECT raise(ABORT, 'records are never deleted'); END;
CREATE TRIGGER agreements_never_change BEFORE UPDATE ON agreements BEGIN SELECT raise(ABORT, 'records are never changed'); END;
CREATE TRIGGER agreements_never_leave BEFORE DELETE ON agreements BEGIN SELECT raise(ABORT, 'records are never deleted'); END;
`;

/**
 * The one connection that writes access records. WAL and `synchronous=FULL`: a commit returns after its fsync.
 * @throws Problem `audit-version` when the file was made by a later version.
 */
export function openAccessDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;
      PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`);
    const version = pragma(db, 'user_version');
    if (version !== 0 && version !== VERSION) throw new Problem('audit-version');
    db.exec(`BEGIN IMMEDIATE; ${version === 0 ? SCHEMA : ''} PRAGMA user_version=${VERSION}; COMMIT`);
    assertDurable(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const SYNCHRONOUS_FULL = 2;
/**
 * Called after a write, because some builds fall to NORMAL once WAL is in use.
 * @throws Problem `audit-not-durable` when a commit could return before its fsync.
 */
export function assertDurable(db: DatabaseSync): void {
  if (pragma(db, 'journal_mode') !== 'wal' || pragma(db, 'synchronous') !== SYNCHRONOUS_FULL) {
    throw new Problem('audit-not-durable');
  }
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
