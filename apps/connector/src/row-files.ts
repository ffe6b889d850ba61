import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import type { Connector, Reading, RowFault } from '#connectors';
import type { Settled } from './push-journal.ts';

/** A file that appears under its name, for its owner alone, only when it is whole. */
class DraftFile {
  readonly #path: string;
  readonly #draft: string;
  #stream: WriteStream | undefined;
  #failure: Error | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#draft = `${path}.${randomUUID()}.part`;
  }

  write(text: string): void {
    if (this.#stream === undefined) {
      this.#stream = createWriteStream(this.#draft, { flags: 'wx', mode: 0o600 });
      this.#stream.once('error', (error) => (this.#failure = error));
    }
    this.#stream.write(text);
  }

  get begun(): boolean {
    return this.#stream !== undefined;
  }

  /** Under its own name, where anything was written. */
  async keep(): Promise<void> {
    if (await this.#close()) await rename(this.#draft, this.#path);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async drop(): Promise<void> {
    if (await this.#close()) await rm(this.#draft, { force: true });
  }

  async #close(): Promise<boolean> {
    const stream = this.#stream;
    if (stream === undefined) return false;
    await new Promise<void>((resolve) => (stream.closed ? resolve() : stream.once('close', resolve).end()));
    return this.#failure === undefined;
  }
}

/** Rejected rows as CSV, with the reason before the row's own columns; a cell that a spreadsheet would run is escaped. */
export class RejectedFile {
  readonly path: string;
  readonly #file: DraftFile;
  readonly #columns: readonly string[];

  constructor(path: string, connector: Connector) {
    this.path = path;
    this.#file = new DraftFile(path);
    this.#columns = connector.columns;
  }
  get begun(): boolean {
    return this.#file.begun;
  }
  add(reading: Reading, fault: RowFault): void {
    if (!this.#file.begun) this.#file.write(csvLine(['row', 'code', 'field', ...this.#columns]));
    this.#file.write(csvLine([String(reading.row), fault.code, fault.field, ...reading.columns]));
  }
  keep(): Promise<void> {
    return this.#file.keep();
  }
  drop(): Promise<void> {
    return this.#file.drop();
  }
}

const csvLine = (cells: readonly string[]): string =>
  stringify([[...cells]], { escape_formulas: true, record_delimiter: '\r\n' });

export type RowOutcome = Settled | ({ readonly status: 'rejected' } & RowFault);

/** One NDJSON line a row, in order: `{row, id, status, position}`, or with `code` and `field` where it was not taken. */
export class ReceiptsFile {
  readonly #file: DraftFile;

  constructor(path: string) {
    this.#file = new DraftFile(path);
  }
  add(row: number, id: string | undefined, outcome: RowOutcome): void {
    const { status } = outcome;
    const why = 'position' in outcome ? { position: outcome.position } : { code: outcome.code, field: outcome.field };
    this.#file.write(`${JSON.stringify({ row, ...(id === undefined ? {} : { id }), status, ...why })}\n`);
  }
  keep(): Promise<void> {
    return this.#file.keep();
  }
  drop(): Promise<void> {
    return this.#file.drop();
  }
}
