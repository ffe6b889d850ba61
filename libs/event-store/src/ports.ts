import type { EventType, Instant, Position, Sha256, StreamName } from '#kernel';

/** Facts are bytes here; only contracts knows what they mean. */
export interface NewFact {
  readonly source: string;
  readonly id: string;
  readonly type: EventType;
  /** HMAC(hub key, canonical form): tells a repeat, lies beside the log, can be forgotten. 32 bytes. */
  readonly repeatKey: Uint8Array;
  /** Canonical bytes (P, D, the hub's own), at most 60,000. */
  readonly stored: Uint8Array;
  /** Agency, basis, way: never personal data. */
  readonly metadata: Readonly<Record<string, string>>;
}
export interface StoredFact extends Omit<NewFact, 'repeatKey'> {
  readonly position: Position;
  /** max(previous, clock), set inside the append. */
  readonly recordedTime: Instant;
  readonly stream: StreamName;
  /** Number within the logical stream, from 0. */
  readonly revision: number;
  /** 16 bytes; opens the leaf's commitment. */
  readonly nonce: Uint8Array;
}

export type Expected = 'any' | 'no-stream' | 'stream-exists' | { readonly revision: number };
export interface Kept {
  readonly status: 'accepted' | 'repeated';
  readonly position: Position;
  readonly recordedTime: Instant;
}
/** Same source and id, another form; or its key is gone. Nothing was stored. */
export interface Clash {
  readonly status: 'id-reused' | 'erased';
  readonly position: Position;
}
export interface Placed {
  readonly stream: StreamName;
  readonly fact: NewFact;
}
export type Appended =
  | { readonly outcome: 'appended'; readonly results: readonly Kept[] }
  | { readonly outcome: 'refused'; readonly index: number; readonly reason: Clash['status'] }
  | { readonly outcome: 'conflict'; readonly stream: StreamName; readonly actual: number | 'no-stream' };

/**
 * The only way in. There is no update and no delete.
 * Guaranteed: a promise resolves only after the commit that makes every fact of the call durable (fsync); positions
 * have no gaps; `recordedTime` never falls. Not guaranteed: the order of two calls that are under way at once.
 * After `close` every call rejects with `Problem('store-closed')`. A store that cannot write rejects with
 * `Problem('store-unavailable')`: nothing of an `append` is then stored, and of an `appendEach` at most some of the
 * facts; where the writer itself died the outcome is unknown. Sending the same again is always safe: what was stored
 * answers `repeated`. A full queue rejects with `Problem('queue-full')` before anything is stored.
 * The caller must not change a fact's bytes before its call resolves.
 */
export interface FactsWriter {
  /**
   * All or nothing, in order, over one or several logical streams. One refused fact and nothing is stored. A stream
   * that `expected` does not name is taken as `any`; one that it names is held to it even if no fact of the call goes
   * there. A clash is told before a conflict. When every fact is a repeat, expectations are not looked at.
   * Without `lane` it goes before every lane: for the hub's own decisions, never for what an agency sends. With one it
   * waits in that lane's queue, as one commit that is never split, takes turns and counts against the lane's bound. A
   * store that commits as it is called has no queues and does not look at it.
   * At most 1,000 facts and 524,288 stored bytes a call, so that every engine can take it in one piece.
   * @throws RangeError beyond either.
   */
  append(facts: readonly Placed[], expected?: ReadonlyMap<StreamName, Expected>, lane?: string): Promise<Appended>;
  /**
   * Each on its own, results in order; one commit may cover many callers (≤ 256 facts or 1 MiB). Two facts of one
   * call may repeat each other. `lane` names whose queue it waits in: lanes take turns.
   */
  appendEach(facts: readonly Placed[], lane: string): Promise<readonly (Kept | Clash)[]>;
  /**
   * False when appends are known to be refused: the writer's thread is gone until another took its place, a commit failed
   * within the last seconds, or it was closed. Not a promise that one succeeds.
   */
  writable(): boolean;
  close(): Promise<void>;
}

export type Batch =
  | { readonly kind: 'facts'; readonly facts: readonly StoredFact[] }
  | { readonly kind: 'caught-up'; readonly head: Position | 'empty' };

export interface FactsReader {
  /** In order of revision, from `fromRevision` (0). Ends at the head as it was when reading began, or later. */
  readStream(stream: StreamName, fromRevision?: number): AsyncIterable<readonly StoredFact[]>;
  /** In order, after `after`, up to and with `until` (the head). Batches of at most 1,000 facts or 4 MiB. */
  readAll(after: Position | 'start', until?: Position): AsyncIterable<readonly StoredFact[]>;
  /** The hub's own facts only (`source` = `urn:svd:hub`), by an index: policy is read without scanning the rest. */
  readOwn(after: Position | 'start', until?: Position): AsyncIterable<readonly StoredFact[]>;
  /** Never ends but by signal or error. Every fact once, in order; `caught-up` each time the head is reached. */
  subscribe(after: Position | 'start', signal: AbortSignal): AsyncIterable<Batch>;
  find(source: string, id: string): Promise<StoredFact | undefined>;
  at(position: Position): Promise<StoredFact | undefined>;
  head(): Promise<Position | 'empty'>;
}

/** A fact with all that a log keeps beside it. `forgotten`: the key was destroyed with its subject's. */
export interface KeyedFact extends StoredFact {
  readonly repeatKey: Uint8Array | 'forgotten';
}
/** Migration only: out of a log that nobody writes. */
export interface FactsExporter {
  /** In order, from the first fact to the head as it was when reading began. */
  dump(): AsyncIterable<readonly KeyedFact[]>;
}
/** Migration only: into an empty log that nobody else writes. */
export interface FactsImporter {
  /**
   * Keeps position, revision, recorded time, nonce and repeat key, so that leaves, root and receipts stay what they
   * were. Durable when it resolves, to the head. A load that was cut is taken up again by the same load: what is there
   * already must be the same facts.
   * @throws Problem `log-not-empty` when the log holds anything else; `facts-not-contiguous` on a gap or a wrong revision.
   */
  load(facts: AsyncIterable<readonly KeyedFact[]>): Promise<Position | 'empty'>;
}

/**
 * Content-addressed bytes: release tables, packs, agreement texts. `put` is durable before it resolves, so that a fact
 * appended after it never names what is not there.
 */
export interface Artefacts {
  /** @throws Problem `store-unavailable` when it cannot be written. */
  put(bytes: Uint8Array): Promise<Sha256>;
  /** Checked against the digest as read. @throws Problem `artefact-damaged` when the bytes no longer match. */
  get(digest: Sha256): Promise<Uint8Array | undefined>;
}

/** A well-formed event that waits for a code to be mapped; `sealed` opens only with its publisher's key. */
export interface HeldRecord {
  readonly id: string;
  readonly publisher: string;
  readonly field: string;
  readonly reason: string;
  readonly heldAt: Instant;
  readonly expiresAt: Instant;
  readonly sealed: Uint8Array;
}
/** Quarantine, in a file of its own: it may be deleted, the log may not. */
export interface HeldRecords {
  /**
   * Durable before it resolves. An id is used once for a publisher.
   * @throws Problem `quarantine-full` when a publisher would have more than `cap` records; `store-unavailable` when it
   * cannot be written. None of `records` is then kept.
   */
  hold(records: readonly HeldRecord[], cap: number): Promise<void>;
  /** By time held, newest last, at most `limit` after `after` (an id; nothing follows one that is gone). */
  list(publisher: string, limit: number, after?: string): Promise<readonly HeldRecord[]>;
  get(publisher: string, id: string): Promise<HeldRecord | undefined>;
  /** True when it was there. Securely deleted. @throws Problem `store-unavailable` when it cannot be; it is then kept. */
  remove(publisher: string, id: string): Promise<boolean>;
  /** What expired at or before `at`, at most `limit`, of every publisher; still there until it is removed. */
  expired(at: Instant, limit: number): Promise<readonly HeldRecord[]>;
  close(): Promise<void>;
}
