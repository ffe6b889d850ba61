import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { HUB_SOURCE, instant, position, positionNumber, Problem } from '#kernel';
import type { EventType, Instant, Position, StreamName } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import type { Batch, FactsReader, StoredFact } from '../ports.ts';
import { follow } from '../subscription.ts';
import { FACTS_FILE, HUB_SOURCE_NO } from './facts-database.ts';
import { identityKey } from '../identity.ts';

const BATCH_FACTS = 1_000;
const BATCH_BYTES = 4 * 1024 * 1024;
const COLUMNS = 'position, stream, revision, type, source, id, recorded, nonce, metadata, stored';
type Row = [number, number, number, number, number, string, number, Uint8Array, string, Uint8Array];

export interface SqliteReader extends FactsReader {
  /** Every later call, and a subscription under way, ends in `Problem('store-closed')`. */
  close(): void;
}

/**
 * Reads the facts of a store that another thread or process may be writing, or that nobody writes. `subscribe` looks
 * for new facts at least ten times a second. Cannot write.
 * @throws Problem `store-missing` when there is no facts log in `directory`.
 */
export function openSqliteReader(directory: string): SqliteReader {
  return new SqliteFactsReader(directory, new CommitNotices(), 50);
}

/** One read-only connection. Between two batches it lets the event loop turn. */
export class SqliteFactsReader implements SqliteReader {
  readonly #db: DatabaseSync;
  readonly #notices: CommitNotices;
  readonly #pollEvery: number | undefined;
  readonly #statements: Readonly<
    Record<'all' | 'own' | 'stream' | 'streamNo' | 'name' | 'identity' | 'at' | 'head', StatementSync>
  >;
  readonly #names = new Map<number, string>();
  readonly #metadata = new Map<string, StoredFact['metadata']>();
  #recorded: { ms: number; at: Instant } = { ms: 0, at: instant(0) };

  /** `pollEvery`: milliseconds between looks for new facts, where no notice can be had. */
  constructor(directory: string, notices: CommitNotices, pollEvery?: number) {
    const file = join(directory, FACTS_FILE);
    if (!existsSync(file)) throw new Problem('store-missing');
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    // a scan reads each page once: more would only be held
    this.#db.exec('PRAGMA cache_size=-8192');
    this.#notices = notices;
    this.#pollEvery = pollEvery;
    const range = 'position > ? AND position <= ? ORDER BY position LIMIT ?';
    this.#statements = {
      all: this.#rows(`SELECT ${COLUMNS} FROM facts WHERE ${range}`),
      own: this.#rows(`SELECT ${COLUMNS} FROM facts INDEXED BY facts_own WHERE source = ${HUB_SOURCE_NO} AND ${range}`),
      stream: this.#rows(`SELECT ${COLUMNS} FROM facts WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`),
      at: this.#rows(`SELECT ${COLUMNS} FROM facts WHERE position = ?`),
      streamNo: this.#db.prepare("SELECT no FROM names WHERE kind = 'stream' AND name = ?"),
      name: this.#db.prepare('SELECT name FROM names WHERE no = ?'),
      identity: this.#db.prepare('SELECT position FROM identities WHERE key = ?'),
      head: this.#db.prepare('SELECT max(position) AS position FROM facts'),
    };
  }

  async *readStream(stream: StreamName, fromRevision = 0): AsyncGenerator<readonly StoredFact[]> {
    const no = this.#ask(() => this.#statements.streamNo.get(stream)?.['no']);
    if (typeof no !== 'number') return;
    yield* this.#batches((last) => [
      this.#statements.stream,
      [no, last === undefined ? fromRevision : last.revision + 1, BATCH_FACTS],
    ]);
  }

  async *readAll(after: Position | 'start', until?: Position): AsyncGenerator<readonly StoredFact[]> {
    yield* this.#range(this.#statements.all, after, until);
  }

  async *readOwn(after: Position | 'start', until?: Position): AsyncGenerator<readonly StoredFact[]> {
    yield* this.#range(this.#statements.own, after, until);
  }

  async *subscribe(after: Position | 'start', signal: AbortSignal): AsyncGenerator<Batch> {
    yield* follow(this, this.#notices, after, signal, this.#pollEvery);
  }

  async find(source: string, id: string): Promise<StoredFact | undefined> {
    const found = this.#ask(() => this.#statements.identity.get(identityKey(source, id))?.['position']);
    return typeof found === 'number' ? this.at(position(found)) : undefined;
  }

  async at(position: Position): Promise<StoredFact | undefined> {
    return this.#ask(() => this.#read(this.#statements.at, [positionNumber(position)])[0]);
  }

  async head(): Promise<Position | 'empty'> {
    const head = this.#ask(() => this.#statements.head.get()?.['position']);
    return typeof head === 'number' ? position(head) : 'empty';
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
    this.#notices.notify();
  }

  async *#range(
    statement: StatementSync,
    after: Position | 'start',
    until: Position | undefined,
  ): AsyncGenerator<readonly StoredFact[]> {
    const head = until ?? (await this.head());
    if (head === 'empty') return;
    yield* this.#batches((last) => {
      const from = last?.position ?? after;
      return [statement, [from === 'start' ? -1 : positionNumber(from), positionNumber(head), BATCH_FACTS]];
    });
  }

  async *#batches(
    next: (last: StoredFact | undefined) => [StatementSync, SQLInputValue[]],
  ): AsyncGenerator<readonly StoredFact[]> {
    let last: StoredFact | undefined;
    for (;;) {
      const facts = this.#ask(() => this.#read(...next(last)));
      if (facts.length === 0) return;
      yield facts;
      last = facts.at(-1);
      await setImmediate();
    }
  }

  #read(statement: StatementSync, parameters: SQLInputValue[]): StoredFact[] {
    const facts: StoredFact[] = [];
    let bytes = 0;
    for (const row of statement.iterate(...parameters) as unknown as Iterable<Row>) {
      bytes += row[9].length;
      if (facts.length > 0 && bytes > BATCH_BYTES) break;
      facts.push(this.#fact(row));
    }
    return facts;
  }

  #fact([at, stream, revision, type, source, id, recorded, nonce, metadata, stored]: Row): StoredFact {
    return {
      position: position(at),
      recordedTime: this.#instant(recorded),
      stream: this.#name(stream) as StreamName,
      revision,
      source: source === HUB_SOURCE_NO ? HUB_SOURCE : this.#name(source),
      id,
      type: this.#name(type) as EventType,
      metadata: this.#readMetadata(metadata),
      stored,
      nonce,
    };
  }

  #name(no: number): string {
    const known = this.#names.get(no);
    if (known !== undefined) return known;
    const name = String(this.#statements.name.get(no)?.['name']);
    this.#names.set(no, name);
    return name;
  }

  #readMetadata(text: string): StoredFact['metadata'] {
    const known = this.#metadata.get(text);
    if (known !== undefined) return known;
    if (this.#metadata.size >= 1_000) this.#metadata.clear();
    const metadata = Object.freeze(JSON.parse(text) as Record<string, string>);
    this.#metadata.set(text, metadata);
    return metadata;
  }

  #instant(ms: number): Instant {
    if (ms !== this.#recorded.ms) this.#recorded = { ms, at: instant(ms) };
    return this.#recorded.at;
  }

  #rows(sql: string): StatementSync {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  #ask<T>(question: () => T): T {
    if (!this.#db.isOpen) throw new Problem('store-closed');
    return question();
  }
}
