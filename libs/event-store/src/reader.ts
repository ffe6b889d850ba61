export type { Batch, FactsReader, StoredFact } from './ports.ts';
export { openSqliteReader, type SqliteReader } from './sqlite/sqlite-reader.ts';
