import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Problem } from '#kernel';
import { ORIGINAL } from '../occurrence.ts';
import type { Projection } from '../projection.ts';
import type { Change } from './change.ts';
import { integer } from './models-database.ts';

export const tableOf = ({ name, version }: Pick<Projection, 'name' | 'version'>, build: number): string =>
  `${name}_v${version}_b${build}`;

/** `removed` and the columns, quoted, in the order of a {@link Change}'s row. */
export const rowColumns = ({ columns }: Projection): string[] => ['removed', ...columns.map(({ name }) => `"${name}"`)];

/** Their definitions. A text is its number in the dictionary. */
export const rowDefinitions = ({ columns }: Projection): string[] => [
  'removed INTEGER NOT NULL',
  ...columns.map(({ name, kind }) => `"${name}" INTEGER${kind === 'text' ? ' NOT NULL' : ''}`),
];

/** `key`: root of the occurrence; `rank`: which of its events the row is (`occurrence.ts`). */
export function createRows(db: DatabaseSync, table: string, projection: Projection): void {
  const row = rowDefinitions(projection).join(', ');
  db.exec(`CREATE TABLE IF NOT EXISTS ${table}(key BLOB NOT NULL, rank INTEGER NOT NULL, ${row}) STRICT`);
}
export const indexRows = (db: DatabaseSync, table: string): void =>
  db.exec(`CREATE UNIQUE INDEX IF NOT EXISTS ${table}_by_key ON ${table}(key)`);

/** One model of one build, each change in place. */
export class ModelTable {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: DatabaseSync, table: string, projection: Projection) {
    createRows(db, table, projection);
    indexRows(db, table);
    db.exec(`
      CREATE TABLE IF NOT EXISTS ${table}_aliases(key BLOB PRIMARY KEY, root BLOB NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS ${table}_aliases_by_root ON ${table}_aliases(root);`);
    this.#statements = prepare(db, table, projection);
  }

  /** A problem when a correction would correct itself: nothing is written then. */
  put({ key, target, rank, row }: Change): Problem | undefined {
    if (rank === ORIGINAL || target === undefined) {
      this.#statements.original.run(key, rank, ...row);
      return undefined;
    }
    const root = this.#rootOf(target);
    if (Buffer.compare(root, key) === 0) return new Problem('correction-cycle', { field: 'data.corrects.id' });
    this.#join(key, root);
    this.#statements.correction.run(root, rank, ...row);
    return undefined;
  }

  #rootOf(key: Uint8Array): Uint8Array {
    const root = this.#statements.root.get(key)?.['root'];
    return root instanceof Uint8Array ? root : key;
  }

  /** `key` corrects something of `root`: whatever corrected `key` before now stands under `root` too. */
  #join(key: Uint8Array, root: Uint8Array): void {
    const { alias, follow, rank, move, remove } = this.#statements;
    alias.run(key, root);
    follow.run(root, key);
    const early = rank.get(key);
    if (early === undefined) return;
    const kept = rank.get(root);
    if (kept !== undefined) remove.run(integer(early['rank']) > integer(kept['rank']) ? root : key);
    move.run(root, key);
  }
}

function prepare(
  db: DatabaseSync,
  table: string,
  projection: Projection,
): Record<'original' | 'correction' | 'root' | 'alias' | 'follow' | 'rank' | 'move' | 'remove', StatementSync> {
  const names = ['rank', ...rowColumns(projection)];
  const insert = `INSERT INTO ${table}(key, ${names.join(', ')}) VALUES (?${', ?'.repeat(names.length)})`;
  return {
    original: db.prepare(`${insert} ON CONFLICT(key) DO NOTHING`),
    correction: db.prepare(
      `${insert} ON CONFLICT(key) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}
       WHERE excluded.rank > ${table}.rank`,
    ),
    root: db.prepare(`SELECT root FROM ${table}_aliases WHERE key = ?`),
    alias: db.prepare(`INSERT INTO ${table}_aliases(key, root) VALUES (?, ?) ON CONFLICT(key) DO NOTHING`),
    follow: db.prepare(`UPDATE ${table}_aliases SET root = ? WHERE root = ?`),
    rank: db.prepare(`SELECT rank FROM ${table} WHERE key = ?`),
    move: db.prepare(`UPDATE ${table} SET key = ? WHERE key = ?`),
    remove: db.prepare(`DELETE FROM ${table} WHERE key = ?`),
  };
}
