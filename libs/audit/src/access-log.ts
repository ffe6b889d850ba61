import type { AccessRecord, KeptAccessRecord } from '#contracts';
import type { AgencyId, Instant } from '#kernel';

export interface AccessQuery {
  /** The agency that asked. */
  readonly consumer?: AgencyId;
  /** Id of an agreement that the answer rested on; refusals rest on none. */
  readonly agreement?: string;
  /** Inclusive. */
  readonly from?: Instant;
  /** Exclusive. */
  readonly to?: Instant;
  /** Only entries with a greater number. */
  readonly after?: number;
  /** At most so many. */
  readonly limit: number;
}

/** A record as it lies in the log: what its leaf commits to, and the nonce that opens the commitment. */
export interface AccessRow {
  readonly number: number;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  /** Canonical JSON of the record and its id. */
  readonly record: Uint8Array;
}

/**
 * Who asked what, why, and what was answered. There is no update and no delete.
 * Guaranteed: `record` resolves only after the commit that makes the record durable (fsync); numbers have no gaps;
 * `time` never falls. Not guaranteed: the order of two calls under way at once. Nothing may be answered to a consumer
 * before `record` resolved.
 */
export interface AccessLog {
  /**
   * @throws Problem `audit-unavailable` while the log cannot be written: no answer may then be given. Each call tries
   * again. A record whose writer died under way may be on file though its call was rejected.
   * @throws Problem `audit-closed` after `close`.
   */
  record(record: AccessRecord): Promise<KeptAccessRecord>;
  /** In order of number. */
  entries(query: AccessQuery): Promise<readonly KeptAccessRecord[]>;
  /** Rows with a greater number than `after`, in order, at most `limit`. */
  rows(after: number, limit: number): Promise<readonly AccessRow[]>;
  /** Number of the newest durable record. */
  head(): number | 'empty';
  /** False for some seconds after a record could not be written, or until one is; and once closed. */
  writable(): boolean;
  /** Waits for the records under way. */
  close(): Promise<void>;
}
