import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredFact } from '#event-store/reader';
import { canonicalJson, Problem } from '#kernel';
import { isObject } from '../field-reader.ts';
import type { Projection, PublishedEvent } from '../projection.ts';
import { Dictionary } from './dictionary.ts';
import { changeOf, type Change } from './change.ts';
import { GrowingTable } from './growing-table.ts';
import { ModelTable, tableOf } from './model-table.ts';
import { inTransaction, integer, string } from './models-database.ts';

/** What a build was made for: versions, types and columns. Another text means that it can't go on. */
export const versionsOf = (projections: readonly Projection[]): string =>
  canonicalJson(
    projections.map(({ name, version, reads, columns }) => [name, version, reads, columns.map(({ name }) => name)]),
  );

/** All models of one build, at one position. Only the projector's thread has one. */
export class Build {
  readonly number: number;
  readonly #db: DatabaseSync;
  readonly #dictionary: Dictionary;
  readonly #projections: readonly Projection[];
  readonly #tables = new Map<string, ModelTable | GrowingTable>();
  readonly #readers = new Map<string, readonly string[]>();
  readonly #park: StatementSync;
  readonly #unpark: StatementSync;
  readonly #advance: StatementSync;
  #position: number;
  #growing: boolean;

  /** Makes the build when it isn't there, `growing` or for use at once. Within the caller's transaction. */
  constructor(db: DatabaseSync, number: number, projections: readonly Projection[], growing = false) {
    this.number = number;
    this.#db = db;
    this.#projections = projections;
    const made = db.prepare('INSERT INTO progress VALUES (?, ?, -1, ?) ON CONFLICT DO NOTHING');
    made.run(number, versionsOf(projections), growing ? 1 : 0);
    const progress = db.prepare('SELECT position, growing FROM progress WHERE build = ?').get(number);
    this.#position = integer(progress?.['position']);
    this.#growing = progress?.['growing'] === 1;
    this.#dictionary = new Dictionary(db, number);
    for (const projection of projections) {
      this.#tables.set(projection.name, this.#tableFor(projection));
      for (const type of projection.reads)
        this.#readers.set(type, [...(this.#readers.get(type) ?? []), projection.name]);
    }
    this.#park = db.prepare(
      `INSERT INTO parked VALUES (?, ?, '', ?, ?, 1, 'parked')
       ON CONFLICT DO UPDATE SET code = excluded.code, tries = tries + 1, state = 'parked'`,
    );
    this.#unpark = db.prepare('DELETE FROM parked WHERE build = ? AND projection = ? AND position = ?');
    this.#advance = db.prepare('UPDATE progress SET position = ? WHERE build = ?');
  }

  /** Last fact included; -1 when none. */
  get position(): number {
    return this.#position;
  }

  /** Not in order yet: {@link settle} before it may be asked. */
  get growing(): boolean {
    return this.#growing;
  }

  /** A slice of what brings a growing build in order; ends {@link growing} with the last. */
  settle(): void {
    this.#transaction(() => {
      for (const projection of this.#projections) {
        const table = this.#tables.get(projection.name);
        if (!(table instanceof GrowingTable)) continue;
        const done = table.settle((position, { code }) => this.#park.run(this.number, projection.name, position, code));
        if (!done) return;
        this.#tables.set(projection.name, new ModelTable(this.#db, tableOf(projection, this.number), projection));
      }
      this.#growing = false;
      this.#db.prepare('UPDATE progress SET growing = 0 WHERE build = ?').run(this.number);
    });
  }

  #tableFor(projection: Projection): ModelTable | GrowingTable {
    const table = tableOf(projection, this.number);
    return this.#growing ? new GrowingTable(this.#db, table, projection) : new ModelTable(this.#db, table, projection);
  }

  /** Facts that follow {@link position} without a gap: rows, parked facts and checkpoint in one transaction. */
  apply(facts: readonly StoredFact[]): void {
    const last = facts.at(-1);
    if (last === undefined) return;
    if (Number(facts[0]?.position) !== this.#position + 1) throw new Problem('projection-gap');
    this.#transaction(() => {
      for (const fact of facts) this.#fold(fact);
      this.#advance.run(Number(last.position), this.number);
    });
    this.#position = Number(last.position);
  }

  /** Folds a parked fact again, and takes it off the list when it now fits. */
  retry(projection: string, fact: StoredFact): 'applied' | 'parked' {
    return this.#transaction(() => {
      const applied = this.#foldInto(projection, fact, decode(fact));
      if (applied) this.#unpark.run(this.number, projection, Number(fact.position));
      return applied ? 'applied' : 'parked';
    });
  }

  #transaction<T>(work: () => T): T {
    try {
      return inTransaction(this.#db, work);
    } catch (error) {
      this.#dictionary.reload();
      throw error;
    }
  }

  #fold(fact: StoredFact): void {
    const readers = this.#readers.get(fact.type);
    if (readers === undefined) return;
    const event = decode(fact);
    for (const projection of readers) this.#foldInto(projection, fact, event);
  }

  #foldInto(name: string, fact: StoredFact, event: PublishedEvent | Problem): boolean {
    const projection = this.#projections.find((known) => known.name === name);
    const table = this.#tables.get(name);
    if (projection === undefined || table === undefined) throw new Problem('projection-unknown');
    const change =
      event instanceof Problem ? event : tryFold(() => changeOf(projection, this.#dictionary, fact, event));
    const problem = change instanceof Problem ? change : table.put(change);
    if (problem === undefined) return true;
    this.#park.run(this.number, name, Number(fact.position), problem.code);
    return false;
  }
}

/** Removes a build and everything of it. Within the caller's transaction. */
export function dropBuild(db: DatabaseSync, build: number): void {
  const ofBuild = new RegExp(`_b${build}(_[a-z]+)?$`);
  for (const row of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
    const name = string(row['name']);
    if (ofBuild.test(name)) db.exec(`DROP TABLE ${name}`);
  }
  db.prepare('DELETE FROM parked WHERE build = ?').run(build);
  db.prepare('DELETE FROM progress WHERE build = ?').run(build);
}

function tryFold(fold: () => Change): Change | Problem {
  try {
    return fold();
  } catch (error) {
    if (error instanceof Problem) return error;
    if (isSqliteError(error)) throw error;
    return new Problem('fold-failed');
  }
}

const isSqliteError = (error: unknown): boolean => error instanceof Error && 'errcode' in error;

function decode(fact: StoredFact): PublishedEvent | Problem {
  const publisher = fact.metadata['agency'];
  const data = dataOf(fact.stored);
  if (publisher === undefined || data === undefined) return new Problem('fact-undecodable');
  return { type: fact.type, publisher, data };
}

function dataOf(stored: Uint8Array): Record<string, unknown> | undefined {
  try {
    const event: unknown = JSON.parse(
      Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('utf8'),
    );
    const data = isObject(event) ? event['data'] : undefined;
    return isObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}
