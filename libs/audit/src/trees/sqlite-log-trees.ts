import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { Problem } from '#kernel';
import type { Checkpoint, LogName, LogTrees } from '../log-trees.ts';
import { originOf, verifierKeyOf, type LogKey } from './log-key.ts';
import { consistencyProof, HASH_BYTES, inclusionProof, TILE_HASHES } from './merkle.ts';
import type { ToMain } from './messages.ts';
import { openCheckpoint } from './note.ts';
import type { TreesDatabase } from './trees-database.ts';

interface Parts {
  /** Opened to read. */
  readonly db: TreesDatabase;
  readonly key: LogKey;
  /** The thread that writes. */
  readonly worker: Worker;
  readonly restart: () => Promise<Worker>;
}
interface Waiting {
  readonly log: LogName;
  readonly size: number;
  readonly resolve: (checkpoint: Checkpoint) => void;
}
const RESTART_MOST_MS = 5_000;

/** Answers from `trees.db` over a connection of its own; a thread that died is started again. */
export class SqliteLogTrees implements LogTrees {
  readonly #db: TreesDatabase;
  readonly #key: LogKey;
  readonly #restart: () => Promise<Worker>;
  readonly #newest = new Map<LogName, Checkpoint>();
  readonly #waiting = new Set<Waiting>();
  #worker: Worker;
  #gone: Promise<void>;
  #following = true;
  #closing = false;
  #closed = false;

  constructor({ db, key, worker, restart }: Parts) {
    this.#db = db;
    this.#key = key;
    this.#restart = restart;
    this.#worker = worker;
    this.#gone = this.#attend(worker);
  }

  checkpoint(log: LogName): Checkpoint | undefined {
    this.#open();
    const newest = this.#db.newest(log);
    if (newest === undefined) return undefined;
    const known = this.#newest.get(log);
    if (known?.note === newest.note) return known;
    const head = openCheckpoint(newest.note, this.#key.publicKey);
    if (head?.origin !== originOf(this.#key, log)) throw new Problem('trees-damaged');
    const checkpoint = { log, ...head, note: newest.note };
    this.#newest.set(log, checkpoint);
    return checkpoint;
  }

  earlier(log: LogName, below: number): Iterable<string> {
    this.#open();
    return this.#db.earlier(log, below);
  }

  verifierKey(log: LogName): string {
    return verifierKeyOf(this.#key, log);
  }

  leafHash(log: LogName, index: number): Uint8Array {
    this.#within(index < this.#size(log));
    const tile = this.#db.reader(log)(0, Math.floor(index / TILE_HASHES));
    return tile.slice((index % TILE_HASHES) * HASH_BYTES, ((index % TILE_HASHES) + 1) * HASH_BYTES);
  }

  inclusion(log: LogName, index: number, size: number): readonly Uint8Array[] {
    this.#within(index < size && size <= this.#size(log));
    return inclusionProof(this.#db.reader(log), index, size);
  }

  consistency(log: LogName, from: number, to: number): readonly Uint8Array[] {
    this.#within(from > 0 && from <= to && to <= this.#size(log));
    return consistencyProof(this.#db.reader(log), from, to);
  }

  tile(log: LogName, level: number, no: number, width = TILE_HASHES): Uint8Array | undefined {
    const hashes = Math.floor(this.#size(log) / TILE_HASHES ** level);
    if (width < 1 || width > TILE_HASHES || no * TILE_HASHES + width > hashes) return undefined;
    return this.#db
      .reader(log)(level, no)
      .slice(0, width * HASH_BYTES);
  }

  async covered(log: LogName, size: number, atMost: number): Promise<Checkpoint> {
    const now = this.checkpoint(log);
    if (now !== undefined && now.size >= size) return now;
    const given = new AbortController();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        log,
        size,
        resolve: (checkpoint) => {
          given.abort();
          resolve(checkpoint);
        },
      };
      this.#waiting.add(waiting);
      void pause(atMost, undefined, { signal: given.signal }).then(
        () => {
          this.#waiting.delete(waiting);
          reject(new Problem('tree-behind'));
        },
        () => undefined,
      );
    });
  }

  following(): boolean {
    return this.#following && !this.#closing;
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#closed = true;
    // the last connection to close folds the WAL into the file, and one that only reads can't
    this.#db.close();
    this.#worker.postMessage('close');
    await this.#gone;
  }

  /** Resolves when the thread is gone for good. */
  async #attend(worker: Worker): Promise<void> {
    worker.on('message', (message: ToMain) => this.#told(message));
    // an exit follows and says the same
    worker.on('error', () => undefined);
    await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    for (let wait = 100; !this.#closing; wait = Math.min(RESTART_MOST_MS, wait * 2)) {
      this.#following = false;
      await pause(wait, undefined, { ref: false });
      if (this.#closing) return;
      const again = await this.#restart().catch(() => undefined);
      if (again === undefined) continue;
      this.#worker = again;
      this.#following = true;
      if (this.#closing) again.postMessage('close');
      return this.#attend(again);
    }
  }

  #told(message: ToMain): void {
    if (message.kind === 'failed') this.#following = false;
    if (message.kind === 'recovered') this.#following = true;
    // nothing is read that nobody waits for: what is read may be damaged, and nobody here could be told
    if (message.kind !== 'signed' || this.#closed || this.#waiting.size === 0) return;
    const checkpoint = this.checkpoint(message.log);
    for (const waiting of this.#waiting) {
      if (checkpoint === undefined || waiting.log !== message.log || checkpoint.size < waiting.size) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(checkpoint);
    }
  }

  #size(log: LogName): number {
    return this.checkpoint(log)?.size ?? 0;
  }

  #within(range: boolean): void {
    if (!range) throw new Problem('tree-range');
  }

  #open(): void {
    if (this.#closed) throw new Problem('trees-closed');
  }
}
