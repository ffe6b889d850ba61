import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

/** Pragmas of the hub's own writers; the baseline must pay for the same durability and has the same memory. */
const PRAGMAS = {
  facts:
    'PRAGMA cache_size=-16384; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA wal_autocheckpoint=4000',
  access:
    'PRAGMA cache_size=-16384; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA wal_autocheckpoint=2000',
  models:
    'PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000',
};
export type Kind = keyof typeof PRAGMAS;
export type Row = SQLOutputValue[];

/** An empty database with the pragmas of that file of the hub. */
export function bareDatabase(file: string, kind: Kind): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA trusted_schema=OFF; ${PRAGMAS[kind]}`);
  return db;
}

/** A file of the hub, to be read only. */
export const readHubFile = (file: string): DatabaseSync => new DatabaseSync(file, { readOnly: true });

/** Makes the tables, indexes and triggers of another database, those of the named tables when any are named. */
export function copySchema(from: DatabaseSync, to: DatabaseSync, tables?: readonly string[]): void {
  const statements = from.prepare(
    "SELECT sql, tbl_name FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
  );
  for (const { sql, tbl_name: table } of statements.all())
    if (tables === undefined || tables.includes(String(table))) to.exec(String(sql));
}

/** Rows as arrays, in the order of the query. */
export function rowsOf(db: DatabaseSync, sql: string): Row[] {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement.all() as unknown as Row[];
}

/** `INSERT` of a whole row. */
export const insertInto = (table: string, columns: number): string =>
  `INSERT INTO ${table} VALUES (?${', ?'.repeat(columns - 1)})`;
