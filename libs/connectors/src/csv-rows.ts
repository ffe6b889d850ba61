import { parse } from 'csv-parse/sync';

/** Longest row, in bytes; a quoted field that has not closed by then is taken as a stray quote. */
export const MAX_ROW_BYTES = 65_536;

export interface CsvRow {
  /** 0 is the header. Empty lines are not counted. */
  readonly row: number;
  /** Bytes of the row as they stood, without its line ending. */
  readonly raw: Buffer;
  readonly fields: readonly string[];
  /** The row can't be split into fields; `fields` then holds the whole of it. */
  readonly fault?: 'csv-quote-stray' | 'csv-row-too-long';
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BOM = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * Rows of a CSV text (RFC 4180, UTF-8 with or without a byte-order mark, LF or CRLF, with or without a last line ending).
 * A stray quote costs the one line that it stands on: reading goes on at the next.
 */
export async function* csvRows(input: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow, void, undefined> {
  const cutter = new RowCutter();
  for await (const chunk of input) yield* cutter.push(chunk);
  yield* cutter.end();
}

type Cut = { readonly end: number; readonly next: number; readonly fault?: 'csv-quote-stray' | 'csv-row-too-long' };

class RowCutter {
  #held = Buffer.alloc(0);
  #row = 0;
  #begun = false;
  /** Inside a row that was already given up as too long. */
  #skipping = false;

  *push(chunk: Uint8Array): Generator<CsvRow, void, undefined> {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (!this.#begun) {
      if (this.#held.length < BOM.length) return;
      this.#begin();
    }
    yield* this.#rows(false);
  }

  *end(): Generator<CsvRow, void, undefined> {
    if (!this.#begun) this.#begin();
    yield* this.#rows(true);
  }

  #begin(): void {
    this.#begun = true;
    if (this.#held.subarray(0, BOM.length).equals(BOM)) this.#held = this.#held.subarray(BOM.length);
  }

  *#rows(final: boolean): Generator<CsvRow, void, undefined> {
    let start = 0;
    for (;;) {
      if (this.#skipping) {
        const lf = this.#held.indexOf(LF, start);
        start = lf === -1 ? this.#held.length : lf + 1;
        this.#skipping = lf === -1;
      }
      const cut = this.#cut(start, final);
      if (cut === undefined) break;
      const row = this.#read(start, cut);
      start = row?.fault === 'csv-quote-stray' ? this.#afterLine(start) : cut.next;
      if (row !== undefined) yield row;
    }
    this.#held = this.#held.subarray(start);
  }

  /** Where the row that begins at `start` ends; undefined until more has come. */
  #cut(start: number, final: boolean): Cut | undefined {
    const held = this.#held;
    let quoted = false;
    for (let from = start; ;) {
      const lf = held.indexOf(LF, from);
      const end = lf === -1 ? held.length : lf;
      if (end - start > MAX_ROW_BYTES) return this.#giveUp(start, from);
      if (lf === -1 && (!final || start === held.length)) return undefined;
      if (oddQuotes(held.subarray(from, end))) quoted = !quoted;
      if (!quoted) return { end, next: lf === -1 ? end : lf + 1 };
      if (lf === -1) return { end, next: end, fault: 'csv-quote-stray' };
      from = lf + 1;
    }
  }

  #giveUp(start: number, from: number): Cut {
    if (from > start) return { end: from - 1, next: from, fault: 'csv-quote-stray' };
    this.#skipping = true;
    return { end: start + MAX_ROW_BYTES, next: start + MAX_ROW_BYTES, fault: 'csv-row-too-long' };
  }

  #afterLine(start: number): number {
    const lf = this.#held.indexOf(LF, start);
    return lf === -1 ? this.#held.length : lf + 1;
  }

  /** Undefined for an empty line. */
  #read(start: number, cut: Cut): CsvRow | undefined {
    const raw = withoutReturn(this.#held.subarray(start, cut.end));
    if (raw.length === 0) return undefined;
    const row = this.#row++;
    if (cut.fault === 'csv-row-too-long') return { row, raw, fields: [raw.toString('utf8')], fault: cut.fault };
    const fields = cut.fault === undefined ? split(raw) : undefined;
    if (fields !== undefined) return { row, raw, fields };
    const lf = raw.indexOf(LF);
    const line = withoutReturn(lf === -1 ? raw : raw.subarray(0, lf));
    return { row, raw: line, fields: [line.toString('utf8')], fault: 'csv-quote-stray' };
  }
}

const withoutReturn = (bytes: Buffer): Buffer => (bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes);

function oddQuotes(bytes: Buffer): boolean {
  let odd = false;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) odd = !odd;
  return odd;
}

/** Fields of one row; undefined where a quote stands where RFC 4180 allows none. */
function split(raw: Buffer): readonly string[] | undefined {
  const text = raw.toString('utf8');
  if (!text.includes('"')) return text.split(',');
  try {
    // a row without a line ending of its own may hold one inside quotes only
    const rows = parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}
