import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AccessRecord, KeptAccessRecord } from '#contracts';
import { millis, Problem, systemClock, type Clock } from '#kernel';
import type { AccessLog, AccessQuery, AccessRow } from '../access-log.ts';
import { agreementsOf, readRecord, recordBytes } from '../record-bytes.ts';
import { ACCESS_FILE } from './access-database.ts';
import { AccessReader } from './access-reader.ts';
import type { NewRow, Placed } from './access-table.ts';
import { AccessThread } from './access-thread.ts';

export interface AccessLogOptions {
  /** Must exist; one process at a time, under the lock of the store that it belongs to. */
  readonly directory: string;
  /** The system's by default. */
  readonly clock?: Clock;
  /** Starts the thread that commits. Given by tests that break it. */
  readonly start?: (directory: string) => Promise<AccessThread>;
}

/**
 * The access log in `access.db`, with a thread of its own, so that no read waits behind bulk commits.
 * @throws Problem `audit-unavailable`, `audit-version`, `audit-damaged` or `audit-not-durable`.
 */
export async function openAccessLog(options: AccessLogOptions): Promise<AccessLog> {
  const { directory, clock = systemClock, start = (at: string) => AccessThread.start(at) } = options;
  const thread = await start(directory);
  return new SqliteAccessLog(
    { thread, clock, restart: () => start(directory) },
    new AccessReader(join(directory, ACCESS_FILE)),
  );
}

interface Waiting {
  readonly row: NewRow;
  readonly resolve: (placed: Placed) => void;
  readonly reject: (reason: unknown) => void;
}
const COMMIT_RECORDS = 256;
const WAITING_RECORDS = 10_000;

/** How long a failed commit is told: each record tries again, but nobody records while nobody is sent here. */
const FAILURE_TOLD_MS = 5_000;

class SqliteAccessLog implements AccessLog {
  readonly #reader: AccessReader;
  readonly #clock: Clock;
  readonly #restart: () => Promise<AccessThread>;
  #thread: AccessThread;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;
  #failedAt = -Infinity;

  constructor(
    { thread, clock, restart }: { thread: AccessThread; clock: Clock; restart: () => Promise<AccessThread> },
    reader: AccessReader,
  ) {
    this.#thread = thread;
    this.#clock = clock;
    this.#restart = restart;
    this.#reader = reader;
  }

  async record(record: AccessRecord): Promise<KeptAccessRecord> {
    this.#open();
    if (this.#waiting.length >= WAITING_RECORDS) throw new Problem('audit-unavailable', { retryAfter: 1 });
    const id = randomBytes(16).toString('hex');
    const row: NewRow = {
      id,
      consumer: record.who.agency,
      agreements: agreementsOf(record),
      record: recordBytes(id, record),
    };
    const { number, time } = await new Promise<Placed>((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      this.#draining ??= this.#drain();
    });
    return readRecord(number, time, row.record);
  }

  async entries(query: AccessQuery): Promise<readonly KeptAccessRecord[]> {
    this.#open();
    return this.#reader.entries(query);
  }

  async rows(after: number, limit: number): Promise<readonly AccessRow[]> {
    this.#open();
    return this.#reader.rows(after, limit);
  }

  head(): number | 'empty' {
    this.#open();
    return this.#reader.head();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#draining;
    // the last connection to close folds the WAL into the file, and one that only reads can't
    this.#reader.close();
    await this.#thread.close();
  }

  writable(): boolean {
    return performance.now() - this.#failedAt > FAILURE_TOLD_MS && !this.#closed;
  }

  #open(): void {
    if (this.#closed) throw new Problem('audit-closed');
  }

  /** One commit at a time; what arrives meanwhile shares the next. */
  async #drain(): Promise<void> {
    await new Promise((turn) => setImmediate(turn));
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, COMMIT_RECORDS);
      try {
        const placed = await this.#commit(group.map(({ row }) => row));
        this.#failedAt = -Infinity;
        for (const [index, { resolve, reject }] of group.entries()) {
          const one = placed[index];
          if (one === undefined) reject(new Problem('audit-unavailable', { retryAfter: 1 }));
          else resolve(one);
        }
      } catch {
        this.#failedAt = performance.now();
        for (const { reject } of group) reject(new Problem('audit-unavailable', { retryAfter: 1 }));
      }
    }
    this.#draining = undefined;
  }

  async #commit(rows: readonly NewRow[]): Promise<readonly Placed[]> {
    if (!this.#thread.alive) this.#thread = await this.#restart();
    return this.#thread.commit(rows, millis(this.#clock.now()));
  }
}
