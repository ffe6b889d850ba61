import { basename } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { instant, millis, Problem, type Instant } from '#kernel';
import type { HeldRecord, HeldRecords } from '../ports.ts';
import { isDamage } from './file-damage.ts';
import { climb } from './schema-steps.ts';

const VERSION_1 = `
CREATE TABLE held(no INTEGER PRIMARY KEY, publisher TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL, reason TEXT NOT NULL,
  held_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, sealed BLOB NOT NULL, UNIQUE(publisher, id)) STRICT;
CREATE INDEX held_by_time ON held(publisher, held_at, no);
CREATE INDEX held_by_expiry ON held(expires_at);
`;
/** What each version adds to the one before. */
const STEPS = [VERSION_1];
const COLUMNS = 'publisher, id, field, reason, held_at, expires_at, sealed';
type Row = Record<string, SQLOutputValue>;

/**
 * No WAL here: what is deleted is overwritten in place (`secure_delete`), and the rollback journal that holds the old
 * page for the length of a transaction is cut to nothing and synced at its end.
 */
export class SqliteHeldRecords implements HeldRecords {
  readonly #db: DatabaseSync;

  /** @throws Problem `store-version` when the file was made by a later version, `store-damaged` when it is none. */
  constructor(file: string) {
    const refuse = (fault: 'version' | 'damaged'): Problem => new Problem(`store-${fault}`, { field: basename(file) });
    this.#db = new DatabaseSync(file, { timeout: 5_000 });
    try {
      this.#db.exec('PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON');
      climb(this.#db, STEPS, () => refuse('version'));
      this.#db.prepare(`SELECT ${COLUMNS} FROM held LIMIT 1`).get();
    } catch (error) {
      this.#db.close();
      throw isDamage(error) ? refuse('damaged') : error;
    }
  }

  async hold(records: readonly HeldRecord[], cap: number): Promise<void> {
    const insert = this.#prepare(
      'INSERT INTO held(publisher, id, field, reason, held_at, expires_at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    const taken = this.#prepare('SELECT 1 FROM held WHERE publisher = ? AND id = ?');
    const count = this.#prepare('SELECT count(*) AS count FROM held WHERE publisher = ?');
    this.#transaction(() => {
      for (const { publisher, id, field, reason, heldAt, expiresAt, sealed } of records) {
        if (taken.get(publisher, id) !== undefined) throw new RangeError('a held id is used once');
        insert.run(publisher, id, field, reason, millis(heldAt), millis(expiresAt), sealed);
      }
      for (const publisher of new Set(records.map((record) => record.publisher))) {
        if (Number(count.get(publisher)?.['count']) > cap) throw new Problem('quarantine-full');
      }
    });
  }

  async list(publisher: string, limit: number, after?: string): Promise<readonly HeldRecord[]> {
    if (after === undefined) {
      return this.#prepare(`SELECT ${COLUMNS} FROM held WHERE publisher = ? ORDER BY held_at, no LIMIT ?`)
        .all(publisher, limit)
        .map(readRecord);
    }
    return this.#prepare(
      `SELECT ${COLUMNS} FROM held WHERE publisher = ?1
         AND (held_at, no) > (SELECT held_at, no FROM held WHERE publisher = ?1 AND id = ?3)
       ORDER BY held_at, no LIMIT ?2`,
    )
      .all(publisher, limit, after)
      .map(readRecord);
  }

  async get(publisher: string, id: string): Promise<HeldRecord | undefined> {
    const row = this.#prepare(`SELECT ${COLUMNS} FROM held WHERE publisher = ? AND id = ?`).get(publisher, id);
    return row === undefined ? undefined : readRecord(row);
  }

  async remove(publisher: string, id: string): Promise<boolean> {
    const remove = this.#prepare('DELETE FROM held WHERE publisher = ? AND id = ?');
    return this.#transaction(() => remove.run(publisher, id).changes === 1);
  }

  async expired(at: Instant, limit: number): Promise<readonly HeldRecord[]> {
    return this.#prepare(`SELECT ${COLUMNS} FROM held WHERE expires_at <= ? ORDER BY expires_at, no LIMIT ?`)
      .all(millis(at), limit)
      .map(readRecord);
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
  }

  #prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
    if (!this.#db.isOpen) throw new Problem('store-closed');
    return this.#db.prepare(sql);
  }

  /** @throws Problem `store-unavailable` for what SQLite throws; nothing is then changed. */
  #transaction<T>(work: () => T): T {
    try {
      // one that could not be rolled back is, before anything else
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#db.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      if (error instanceof Problem || error instanceof RangeError) throw error;
      throw new Problem('store-unavailable', { retryAfter: 1 });
    }
  }
}

function readRecord(row: Row): HeldRecord {
  const { sealed } = row;
  if (!(sealed instanceof Uint8Array)) throw new TypeError('held.sealed is a blob');
  return {
    id: String(row['id']),
    publisher: String(row['publisher']),
    field: String(row['field']),
    reason: String(row['reason']),
    heldAt: instant(Number(row['held_at'])),
    expiresAt: instant(Number(row['expires_at'])),
    sealed,
  };
}
