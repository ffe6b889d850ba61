import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A record on its way to the writer's thread. */
export interface NewRow {
  readonly id: string;
  readonly consumer: string;
  readonly agreements: readonly string[];
  readonly record: Uint8Array;
}
export interface Placed {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The access log as its writer's thread sees it. Synchronous; each call is one commit, durable when it returns. */
export class AccessTable {
  readonly #db: DatabaseSync;
  readonly #head: StatementSync;
  readonly #insert: StatementSync;
  readonly #rests: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#head = db.prepare('SELECT number, time FROM records ORDER BY number DESC LIMIT 1');
    this.#insert = db.prepare(
      'INSERT INTO records(number, id, time, consumer, nonce, record) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#rests = db.prepare('INSERT INTO agreements(agreement, number) VALUES (?, ?)');
  }

  /** @throws whatever SQLite throws; none of `rows` is then kept. */
  append(rows: readonly NewRow[], now: number): Placed[] {
    // one that could not be rolled back is, before anything else
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const head = this.#head.get();
      let number = head === undefined ? 0 : Number(head['number']) + 1;
      const time = Math.max(now, Number(head?.['time'] ?? 0));
      const placed = rows.map(({ id, consumer, agreements, record }) => {
        this.#insert.run(number, id, time, consumer, randomBytes(16), record);
        for (const agreement of agreements) this.#rests.run(agreement, number);
        return { number: number++, time };
      });
      this.#db.exec('COMMIT');
      return placed;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}
