import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { pragma } from './schema-steps.ts';

export const walOf = (file: string): string => `${file}-wal`;
/** 0 for a file that is not there. */
export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** SQLite takes an empty or missing file for a new database, and deletes the WAL beside it. */
export const isCutToNothing = (file: string): boolean => sizeOf(file) === 0 && sizeOf(walOf(file)) > 0;

export const PAGE_BYTES = 4_096;
/**
 * Whether the process was killed while it set a new file to WAL: its one page is then undone by the journal, which a
 * connection that only reads can't do. A journal beside anything more is left alone, and refused.
 */
export const isHalfMade = (file: string): boolean =>
  sizeOf(`${file}-journal`) > 0 && sizeOf(file) <= PAGE_BYTES && sizeOf(walOf(file)) === 0;

/** A page that no database uses: it lies where files are locked. */
const LOCK_BYTE = 0x4000_0000;

/**
 * Whether pages are missing at the end of a file. SQLite itself looks for that only while there is no WAL. With one, the
 * file may end early, where a checkpoint was cut short; every page that it lacks is then in the WAL.
 */
export function lacksPages(file: string, db: DatabaseSync): boolean {
  const pageSize = Number(pragma(db, 'page_size'));
  const pages = Number(pragma(db, 'page_count'));
  const whole = Math.floor(sizeOf(file) / pageSize);
  if (whole >= pages) return false;
  const logged = pagesOfWal(walOf(file), pageSize);
  const lockPage = LOCK_BYTE / pageSize + 1;
  for (let page = whole + 1; page <= pages; page++) if (page !== lockPage && !logged.has(page)) return true;
  return false;
}

const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** Numbers of the pages that a WAL holds (https://sqlite.org/fileformat2.html#walformat). */
function pagesOfWal(wal: string, pageSize: number): ReadonlySet<number> {
  const pages = new Set<number>();
  if (sizeOf(wal) < WAL_HEADER) return pages;
  const fd = openSync(wal, 'r');
  try {
    const header = Buffer.alloc(WAL_HEADER);
    readSync(fd, header, 0, WAL_HEADER, 0);
    const salts = header.subarray(16, 24);
    const frame = Buffer.alloc(FRAME_HEADER);
    for (
      let at = WAL_HEADER;
      readSync(fd, frame, 0, FRAME_HEADER, at) === FRAME_HEADER;
      at += FRAME_HEADER + pageSize
    ) {
      if (!frame.subarray(8, 16).equals(salts)) break;
      pages.add(frame.readUInt32BE(0));
    }
    return pages;
  } finally {
    closeSync(fd);
  }
}

/** SQLITE_ERROR (a table or column isn't there), SQLITE_CORRUPT, SQLITE_NOTADB, whatever their extended code. */
const DAMAGE = [1, 11, 26];
/** Of what SQLite throws while a file is opened. */
export const isDamage = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && DAMAGE.includes(Number(error.errcode) & 0xff);
