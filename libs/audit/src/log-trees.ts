export const LOGS = ['facts', 'access'] as const;
export type LogName = (typeof LOGS)[number];

/** A tree head as it was signed. */
export interface Checkpoint {
  readonly log: LogName;
  /** `svd-hub/<id>/<log>`: the name of the log and of the key that signs it. */
  readonly origin: string;
  /** Leaves: one for each position below it. */
  readonly size: number;
  /** RFC 6962 tree hash, 32 bytes. */
  readonly root: Uint8Array;
  /** C2SP checkpoint: a signed note, as it is handed out. */
  readonly note: string;
}

/**
 * The trees over both logs: RFC 6962 hashes in the C2SP tile layout, at most a second behind their logs.
 * Guaranteed: a checkpoint is durable, here and in the directory outside the backup set, before it is handed out; every
 * checkpoint of a log is consistent with every earlier one. Not guaranteed: that the newest fact is covered yet.
 * Nobody writes to a tree but the thread that follows the log.
 */
export interface LogTrees {
  /** The newest signed; undefined while the log was never seen to hold anything. */
  checkpoint(log: LogName): Checkpoint | undefined;
  /** Notes of the earlier checkpoints that are kept, of fewer leaves than `below`, ascending: of every minute its last. */
  earlier(log: LogName, below: number): Iterable<string>;
  /** Public key that signs the log's checkpoints, as a C2SP verifier key: `<origin>+<key id>+<base64>`. */
  verifierKey(log: LogName): string;
  /** @throws Problem `tree-range` unless the newest checkpoint covers it. */
  leafHash(log: LogName, index: number): Uint8Array;
  /** Audit path of leaf `index` in the tree of `size` leaves, lowest first. @throws Problem `tree-range` unless index < size ≤ the newest checkpoint's. */
  inclusion(log: LogName, index: number, size: number): readonly Uint8Array[];
  /** Consistency proof (RFC 6962 §2.1.2) between two sizes. @throws Problem `tree-range` unless 0 < from ≤ to ≤ the newest checkpoint's. */
  consistency(log: LogName, from: number, to: number): readonly Uint8Array[];
  /**
   * Hashes of a tile of `width` (1–256) at `level` (0–6), concatenated; undefined unless the newest checkpoint covers it whole.
   * `no` counts tiles from 0.
   */
  tile(log: LogName, level: number, no: number, width?: number): Uint8Array | undefined;
  /** Resolves once a checkpoint covers `size` leaves. @throws Problem `tree-behind` after `atMost` milliseconds. */
  covered(log: LogName, size: number, atMost: number): Promise<Checkpoint>;
  /** False when the thread that follows the logs is gone or has failed. */
  following(): boolean;
  /** Waits until both trees cover what their logs hold, then stops. Close it before the logs. */
  close(): Promise<void>;
}
