import type { AgencyId } from '#kernel';

/** One event as it is sent: `bytes` are its RFC 8785 form, without a line ending. */
export interface EventBytes {
  readonly id: string;
  readonly bytes: Uint8Array;
}
/** Why a row can't be sent: a stable code and the column as its header names it, never what stood there. */
export interface RowFault {
  readonly code: string;
  readonly field: string;
}
interface RowRead {
  /** Number of the row in its file, from 1; the header has none and empty lines are not counted. */
  readonly row: number;
  /** The row's bytes without its line ending. */
  readonly raw: Uint8Array;
  /** The row's columns as read; one item, the whole row, where its quotes don't close. */
  readonly columns: readonly string[];
}
/** A row that speaks of one event. */
export interface RowEvent extends RowRead {
  readonly event: EventBytes;
  /** What to send where the hub answers `id-reused`: the same occurrence in other words, naming the event it corrects. */
  correction(): EventBytes;
}
export interface RowRejected extends RowRead {
  readonly rejected: RowFault;
}
export type Reading = RowEvent | RowRejected;

/**
 * Reads what an agency already exports. The bytes and ids of an event depend on its row, on the number of equal rows
 * before it, on the agency and on the key, and on nothing else: no clock, file name or version of this program, so that
 * pushing a file again repeats and never doubles.
 */
export interface Connector {
  /** Name on the command line. */
  readonly format: string;
  readonly title: string;
  /** Column names of the newest layout, in order. */
  readonly columns: readonly string[];
  /**
   * Every row of `input` in order, read as it is asked for. Holds in memory one row and a count for each distinct row.
   * @throws Problem `layout-unknown` before the first row, its `field` the column names found.
   */
  read(input: AsyncIterable<Uint8Array>, context: ConnectorContext): AsyncIterable<Reading>;
}
export interface ConnectorContext {
  readonly agency: AgencyId;
  /** The agency's own, 32 bytes; never sent. */
  readonly key: Uint8Array;
}
