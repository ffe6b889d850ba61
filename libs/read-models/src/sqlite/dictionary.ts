import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { integer, string } from './models-database.ts';

/** Number of a text that an event did not state; never in the table. */
export const NOTHING = 0;

export const dictionaryTable = (build: number): string => `texts_b${build}`;

/** Texts of one build as numbers from 1, in the order in which the facts first said them. */
export class Dictionary {
  readonly #numbers = new Map<string, number>();
  readonly #insert: StatementSync;
  readonly #all: StatementSync;

  constructor(db: DatabaseSync, build: number) {
    const table = dictionaryTable(build);
    db.exec(`CREATE TABLE IF NOT EXISTS ${table}(no INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT`);
    this.#insert = db.prepare(`INSERT INTO ${table}(no, text) VALUES (?, ?)`);
    this.#all = db.prepare(`SELECT no, text FROM ${table} ORDER BY no`);
    this.reload();
  }

  /** Within the caller's transaction, which must call {@link reload} when it is undone. */
  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const no = this.#numbers.size + 1;
    this.#insert.run(no, text);
    this.#numbers.set(text, no);
    return no;
  }

  reload(): void {
    this.#numbers.clear();
    for (const row of this.#all.iterate()) this.#numbers.set(string(row['text']), integer(row['no']));
  }
}
