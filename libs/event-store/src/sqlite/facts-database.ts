import { DatabaseSync } from 'node:sqlite';
import { HUB_SOURCE, Problem } from '#kernel';

export const FACTS_FILE = 'facts.db';
/** `names.no` of the hub's own source: fixed, because the partial index of the hub's own facts names it. */
export const HUB_SOURCE_NO = 1;
const VERSION = 1;
/** Measured: 4,000 pages write a tenth to a third more facts a second than 1,000 or 2,000. */
const CHECKPOINT_PAGES = 4_000;

const SCHEMA = `
CREATE TABLE names(no INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(kind, name)) STRICT;
CREATE TABLE facts(position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, type INTEGER NOT NULL,
  source INTEGER NOT NULL, id TEXT NOT NULL, recorded INTEGER NOT NULL, nonce BLOB NOT NULL, metadata TEXT NOT NULL,
  stored BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX facts_by_stream ON facts(stream, revision);
CREATE INDEX facts_own ON facts(position) WHERE source = ${HUB_SOURCE_NO};
CREATE TABLE identities(key BLOB PRIMARY KEY, position INTEGER NOT NULL, repeat BLOB) STRICT, WITHOUT ROWID;
CREATE TRIGGER facts_never_change BEFORE UPDATE ON facts BEGIN SELECT raise(ABORT, 'facts are never changed'); END;
CREATE TRIGGER facts_never_leave BEFORE DELETE ON facts BEGIN SELECT raise(ABORT, 'facts are never deleted'); END;
CREATE TRIGGER names_never_change BEFORE UPDATE ON names BEGIN SELECT raise(ABORT, 'names are never changed'); END;
CREATE TRIGGER names_never_leave BEFORE DELETE ON names BEGIN SELECT raise(ABORT, 'names are never deleted'); END;
CREATE TRIGGER identities_only_forget BEFORE UPDATE ON identities
  WHEN NEW.key IS NOT OLD.key OR NEW.position IS NOT OLD.position OR NEW.repeat IS NOT NULL
  BEGIN SELECT raise(ABORT, 'an identity only forgets its repeat key'); END;
CREATE TRIGGER identities_never_leave BEFORE DELETE ON identities
  BEGIN SELECT raise(ABORT, 'identities are never deleted'); END;
INSERT INTO names(no, kind, name) VALUES (${HUB_SOURCE_NO}, 'source', '${HUB_SOURCE}');
`;

/**
 * The one connection that writes facts. WAL and `synchronous=FULL`: a commit returns after its fsync.
 * `recursive_triggers` lets the triggers see what REPLACE deletes.
 * @throws Problem `store-version` when the file was made by a later version.
 */
export function openFactsDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;
      PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`);
    const version = pragma(db, 'user_version');
    if (version !== 0 && version !== VERSION) throw new Problem('store-version');
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
 * Called after a write, within its transaction or later, because some builds fall to NORMAL once WAL is in use.
 * @throws Problem `store-not-durable` when a commit could return before its fsync.
 */
export function assertDurable(db: DatabaseSync): void {
  if (pragma(db, 'journal_mode') !== 'wal' || pragma(db, 'synchronous') !== SYNCHRONOUS_FULL) {
    throw new Problem('store-not-durable');
  }
}

function pragma(db: DatabaseSync, name: string): unknown {
  const row = db.prepare(`PRAGMA ${name}`).get() ?? {};
  return Object.values(row)[0];
}
