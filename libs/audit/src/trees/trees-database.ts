import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Problem, writeThrough } from '#kernel';
import type { LogName } from '../log-trees.ts';
import type { ChangedTile } from './growing-tree.ts';
import { HASH_BYTES, type TileReader } from './merkle.ts';

export const TREES_FILE = 'trees.db';
const VERSION = 1;
const CHECKPOINT_PAGES = 1_000;
const MINUTE_MS = 60_000;
const EARLIER_ROWS = 500;

const SCHEMA = `
CREATE TABLE tiles(log TEXT NOT NULL, level INTEGER NOT NULL, no INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY(log, level, no)) STRICT;
CREATE TABLE checkpoints(log TEXT NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY(log, size)) STRICT, WITHOUT ROWID;
`;

/** Tiles and checkpoints of both logs. Written by one connection, read by any. */
export class TreesDatabase {
  readonly #db: DatabaseSync;
  readonly #statements: Readonly<
    Record<'tile' | 'put' | 'last' | 'newest' | 'earlier' | 'sign' | 'unsign', StatementSync>
  >;

  /** @throws Problem `trees-version` when the file was made by a later version, or what SQLite throws. */
  constructor(file: string, mode: 'write' | 'read') {
    if (mode === 'write') writeThrough(`${file}-wal`);
    this.#db = new DatabaseSync(file, { readOnly: mode === 'read', timeout: 5_000 });
    try {
      if (mode === 'write') this.#prepareToWrite();
      this.#statements = {
        tile: this.#db.prepare('SELECT hashes FROM tiles WHERE log = ? AND level = ? AND no = ?'),
        put: this.#db.prepare('INSERT OR REPLACE INTO tiles(log, level, no, hashes) VALUES (?, ?, ?, ?)'),
        last: this.#db.prepare(
          'SELECT no, length(hashes) AS bytes FROM tiles WHERE log = ? AND level = 0 ORDER BY no DESC LIMIT 1',
        ),
        newest: this.#db.prepare('SELECT size, time, note FROM checkpoints WHERE log = ? ORDER BY size DESC LIMIT 1'),
        earlier: this.#db.prepare(
          'SELECT size, note FROM checkpoints WHERE log = ? AND size > ? AND size < ? ORDER BY size LIMIT ?',
        ),
        sign: this.#db.prepare('INSERT OR REPLACE INTO checkpoints(log, size, time, note) VALUES (?, ?, ?, ?)'),
        unsign: this.#db.prepare('DELETE FROM checkpoints WHERE log = ? AND size = ?'),
      };
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** Leaves in the tiles. */
  size(log: LogName): number {
    const last = this.#statements.last.get(log);
    return last === undefined ? 0 : Number(last['no']) * 256 + Number(last['bytes']) / HASH_BYTES;
  }

  tile(log: LogName, level: number, no: number): Uint8Array | undefined {
    const hashes = this.#statements.tile.get(log, level, no)?.['hashes'];
    return hashes instanceof Uint8Array ? hashes : undefined;
  }

  /** Reads each tile once. @throws Problem `trees-damaged` for one that isn't there. */
  reader(log: LogName): TileReader {
    const read = new Map<string, Uint8Array>();
    return (level, no) => {
      const name = `${level} ${no}`;
      const tile = read.get(name) ?? this.tile(log, level, no);
      if (tile === undefined) throw new Problem('trees-damaged');
      read.set(name, tile);
      return tile;
    };
  }

  newest(log: LogName): { readonly size: number; readonly note: string } | undefined {
    const row = this.#statements.newest.get(log);
    return row === undefined ? undefined : { size: Number(row['size']), note: String(row['note']) };
  }

  *earlier(log: LogName, below: number): Generator<string> {
    let after = 0;
    for (;;) {
      const rows = this.#statements.earlier.all(log, after, below, EARLIER_ROWS);
      for (const { note } of rows) yield String(note);
      if (rows.length < EARLIER_ROWS) return;
      after = Number(rows.at(-1)?.['size']);
    }
  }

  put(log: LogName, tiles: readonly ChangedTile[]): void {
    for (const { level, no, hashes } of tiles) this.#statements.put.run(log, level, no, hashes);
  }

  /** Keeps a checkpoint, in place of the one before when both are of one minute. */
  sign(log: LogName, { size, note }: { readonly size: number; readonly note: string }, now: number): void {
    const before = this.#statements.newest.get(log);
    if (before !== undefined && minuteOf(Number(before['time'])) === minuteOf(now))
      this.#statements.unsign.run(log, Number(before['size']));
    this.#statements.sign.run(log, size, now, note);
  }

  /** All or nothing, durable when it returns. */
  transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #prepareToWrite(): void {
    this.#db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;
      PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`);
    const version = this.#db.prepare('PRAGMA user_version').get()?.['user_version'];
    if (version !== 0 && version !== VERSION) throw new Problem('trees-version');
    if (version === 0) this.#db.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version=${VERSION}; COMMIT`);
  }
}

const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

const DAMAGE = [11, 26];
/** SQLITE_CORRUPT or SQLITE_NOTADB, whatever their extended code. */
export const isDamage = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && DAMAGE.includes(Number(error.errcode) & 0xff);
