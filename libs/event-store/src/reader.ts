export type { Batch, FactsReader, StoredFact } from './ports.ts';
export { openSqliteReader, type SqliteReader } from './sqlite/sqlite-reader.ts';
/** What the access log's file has in common with `facts.db`. */
export { assertDurable, openLogDatabase } from './sqlite/log-database.ts';
