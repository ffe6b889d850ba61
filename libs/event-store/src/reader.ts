export type { Batch, FactsReader, StoredFact } from './ports.ts';
export { openSqliteReader, type SqliteReader } from './sqlite/sqlite-reader.ts';
/** What other files have in common with `facts.db`. */
export { isDamage } from './sqlite/file-damage.ts';
export { assertDurable, openLogDatabase } from './sqlite/log-database.ts';
