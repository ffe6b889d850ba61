import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '#kernel';

const INDEX_FILE = 'facts-index.db';
const VERSION = 1;
const TABLES = ['progress', 'streams', 'facts', 'identities', 'own'] as const;

const SCHEMA = `
CREATE TABLE progress(log TEXT PRIMARY KEY, next INTEGER NOT NULL, recorded INTEGER NOT NULL, nonce BLOB NOT NULL) STRICT;
CREATE TABLE streams(no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL) STRICT;
CREATE TABLE facts(stream INTEGER NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY(stream, revision)) STRICT, WITHOUT ROWID;
CREATE TABLE identities(key BLOB PRIMARY KEY, position INTEGER NOT NULL, recorded INTEGER NOT NULL, repeat BLOB NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE TABLE own(position INTEGER PRIMARY KEY) STRICT;
`;

const BUSY = 5;
/**
 * The file of the derived index, in `directory`, or in memory. One that is damaged, or of another version, is made
 * anew: the log holds all that it held. The whole of it is read to tell that. `synchronous=NORMAL` may lose its newest
 * commits to a power cut, no more.
 * @throws Problem `store-in-use` when another process, or this one, has it open.
 */
export function openIndexDatabase(directory?: string): DatabaseSync {
  if (directory === undefined) return prepare(':memory:');
  const file = join(directory, INDEX_FILE);
  try {
    return prepare(file);
  } catch (error) {
    if (resultCode(error) === BUSY) throw new Problem('store-in-use');
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    return prepare(file);
  }
}

/** Forgets everything, in one transaction. */
export function emptyIndex(db: DatabaseSync): void {
  db.exec(`BEGIN; ${TABLES.map((table) => `DELETE FROM ${table};`).join(' ')} COMMIT`);
}

function prepare(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec(`PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
      PRAGMA cache_size=-16384; PRAGMA trusted_schema=OFF`);
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    // it decides what is a repeat: a torn page would be met at any append, and never heal
    if (pragma(db, 'quick_check(1)') !== 'ok') throw new RangeError('a damaged index');
    const version = pragma(db, 'user_version');
    if (version === 0) db.exec(`BEGIN; ${SCHEMA} PRAGMA user_version=${VERSION}; COMMIT`);
    else if (version !== VERSION) throw new RangeError('an index of another version');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const pragma = (db: DatabaseSync, name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
const resultCode = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
