import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** Something keeps the verifier from looking. It accuses nobody: `sqlite-<code>`, or `changed-meanwhile`. */
export class NotReadable extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'NotReadable';
    this.code = code;
  }
}

/**
 * A SQLite file as it was at one moment: the one at which it was opened, not that of the first question. Beside a file that
 * nobody has open nothing is written; where a write-ahead log lies SQLite may make the index of it (`-shm`).
 */
export class Snapshot {
  readonly db: DatabaseSync;
  readonly #file: string;
  readonly #alone: boolean;
  readonly #mark: string;

  /** @throws what SQLite throws of a file that is none of its own */
  constructor(file: string) {
    this.#file = file;
    this.#alone = !existsSync(`${file}-wal`);
    this.#mark = markOf(file);
    const url = pathToFileURL(file);
    // without it SQLite would leave a write-ahead log of whoever verifies in the hub's directory
    if (this.#alone) url.searchParams.set('immutable', '1');
    this.db = new DatabaseSync(url, { readOnly: true, timeout: 5_000 });
    try {
      this.db.exec('BEGIN');
      // a transaction sees the file as it is when it first reads
      this.db.prepare('SELECT count(*) FROM sqlite_schema').get();
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  /** Whether SQLite can read the whole file, its indexes too. */
  isWhole(): boolean {
    return this.db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] === 'ok';
  }

  /** @throws NotReadable `changed-meanwhile` when somebody began to write a file that nobody had open: what was read may be of two moments */
  close(): void {
    this.db.close();
    if (this.#alone && (existsSync(`${this.#file}-wal`) || markOf(this.#file) !== this.#mark))
      throw new NotReadable('changed-meanwhile');
  }
}

function markOf(file: string): string {
  const { ino, size, mtimeMs } = statSync(file);
  return `${ino} ${size} ${mtimeMs}`;
}

/** SQL of an integer column; null where JavaScript can't hold what is in it. */
export const whole = (column: string): string =>
  `iif(typeof(${column}) = 'integer' AND ${column} BETWEEN -9007199254740991 AND 9007199254740991, ${column}, NULL)`;

const MOST_MS = 8.64e15;
type Kind = 'whole' | 'time' | 'text' | 'bytes';
/** Whether each value of a row is of its kind; a file that somebody wrote may hold anything anywhere. */
export const isRow = (values: readonly unknown[], kinds: readonly Kind[]): boolean =>
  kinds.every((kind, n) => {
    const value = values[n];
    if (kind === 'bytes') return value instanceof Uint8Array;
    if (kind === 'text') return typeof value === 'string';
    return typeof value === 'number' && (kind === 'whole' || Math.abs(value) <= MOST_MS);
  });

/** SQLITE_PERM, BUSY, LOCKED, NOMEM, READONLY, CANTOPEN, AUTH: nothing that the file itself is at fault for. */
const NOT_ITS_FAULT = [3, 5, 6, 7, 8, 14, 23];
/**
 * Whether an error says that a file is damaged. @throws NotReadable for what says no more than that it can't be looked at;
 * whatever is no error of SQLite's
 */
export function isDamage(error: unknown): true {
  const { code, errcode } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<
    Record<string, unknown>
  >;
  // a number too large for JavaScript, where none of the hub's is
  if (code === 'ERR_OUT_OF_RANGE') return true;
  if (code !== 'ERR_SQLITE_ERROR') throw error;
  if (NOT_ITS_FAULT.includes(Number(errcode) & 0xff)) throw new NotReadable(`sqlite-${Number(errcode) & 0xff}`);
  return true;
}
