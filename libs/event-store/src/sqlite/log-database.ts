import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem, writeThrough } from '#kernel';
import { isCutToNothing, isDamage, isHalfMade, lacksPages, PAGE_BYTES, sizeOf, walOf } from './file-damage.ts';
import { climb, pragma, versionOf } from './schema-steps.ts';

export interface LogDatabaseOptions {
  readonly file: string;
  /** Begins the codes of what is refused. */
  readonly log: 'store' | 'audit';
  /** As {@link climb} takes them; the first makes the tables. */
  readonly steps: readonly string[];
  /** The WAL is folded into the file, by the thread that commits, once it has so many pages. */
  readonly checkpointPages: number;
  /** Whether the newest rows and their indexes agree. Asked of a file of the newest version, over a connection that only reads. */
  readonly sound: (db: DatabaseSync) => boolean;
  /** False where other files tell that there was a log here. */
  readonly mayBeNew?: boolean;
}

/**
 * The one connection that writes a log. WAL and `synchronous=FULL`: a commit returns after its fsync.
 * `recursive_triggers` lets the triggers see what REPLACE deletes.
 * A file that was there is looked at before anything may change it or its WAL: header, length, tables, first and newest
 * rows. Not the whole of it: that is what `auditor verify` is for.
 * @throws Problem `…-version` when a later version made the file; `…-damaged` when it is cut, torn or no log; `…-missing`
 * when there is none and must be; `…-not-durable`. Each names the file. Or whatever else SQLite throws.
 */
export function openLogDatabase(options: LogDatabaseOptions): DatabaseSync {
  const { file, log, steps, checkpointPages, mayBeNew = true } = options;
  const refuse = (fault: 'version' | 'damaged' | 'missing'): Problem =>
    new Problem(`${log}-${fault}`, { field: basename(file) });
  let db: DatabaseSync | undefined;
  try {
    if (isCutToNothing(file)) throw refuse('damaged');
    writeThrough(walOf(file));
    const version = sizeOf(file) === 0 || isHalfMade(file) ? 0 : lookAt(options, refuse);
    if (version === 0 && !mayBeNew) throw refuse('missing');
    db = new DatabaseSync(file, { timeout: 5_000 });
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; PRAGMA recursive_triggers=ON;
      PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=${checkpointPages};
      PRAGMA journal_size_limit=${walLimit(checkpointPages)}`);
    climb(db, steps, () => refuse('version'));
    assertDurable(db, log);
    return db;
  } catch (error) {
    db?.close();
    throw isDamage(error) ? refuse('damaged') : error;
  }
}

/** Bytes that a WAL is cut back to once a reader that held it up is gone. */
export const walLimit = (checkpointPages: number): number => 2 * checkpointPages * PAGE_BYTES;

/** The version of the file. A connection that only reads leaves the WAL as it is, even when it closes. */
function lookAt({ file, steps, sound }: LogDatabaseOptions, refuse: (fault: 'version' | 'damaged') => Problem): number {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const version = versionOf(db);
    if (version > steps.length) throw refuse('version');
    if (lacksPages(file, db) || (version === steps.length && !sound(db))) throw refuse('damaged');
    return version;
  } finally {
    db.close();
  }
}

const SYNCHRONOUS_FULL = 2;
/**
 * Called after a write, within its transaction or later, because some builds fall to NORMAL once WAL is in use.
 * @throws Problem `…-not-durable` when a commit could return before its fsync.
 */
export function assertDurable(db: DatabaseSync, log: LogDatabaseOptions['log']): void {
  if (pragma(db, 'journal_mode') !== 'wal' || pragma(db, 'synchronous') !== SYNCHRONOUS_FULL) {
    throw new Problem(`${log}-not-durable`);
  }
}
