import type { DatabaseSync } from 'node:sqlite';
import { HUB_SOURCE } from '#kernel';
import { endsSound } from './facts-end.ts';
import { openLogDatabase } from './log-database.ts';

export const FACTS_FILE = 'facts.db';
/** `names.no` of the hub's own source: fixed, because the partial index of the hub's own facts names it. */
export const HUB_SOURCE_NO = 1;
/** Measured: 4,000 pages write a tenth to a third more facts a second than 1,000 or 2,000. */
export const CHECKPOINT_PAGES = 4_000;

const VERSION_1 = `
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

/** What each version adds to the one before. */
const STEPS = [VERSION_1];
export const FACTS_VERSION = STEPS.length;

/**
 * As {@link openLogDatabase} opens it. `mayBeNew` is false where other files tell that there was a log here.
 * @throws Problem `store-version`, `store-damaged`, `store-missing` or `store-not-durable`, each with the name of the file.
 */
export const openFactsDatabase = (file: string, mayBeNew = true): DatabaseSync =>
  openLogDatabase({
    file,
    log: 'store',
    steps: STEPS,
    checkpointPages: CHECKPOINT_PAGES,
    sound: (db) => endsSound(db, HUB_SOURCE_NO),
    mayBeNew,
  });
