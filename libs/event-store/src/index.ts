import type { EventStoreDb, EventStoreDbOptions } from './eventstoredb/eventstoredb-store.ts';

export type * from './ports.ts';
export type { Store } from './store.ts';
export { openMemoryStore } from './memory/memory-store.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts';
export { openSqliteMigration, type SqliteMigration } from './sqlite/sqlite-migration.ts';
export type { EventStoreDb, EventStoreDbOptions };

/** As `eventstoredb-store.ts` says; loaded when it is asked for, since a store on SQLite needs no client of an engine. */
export const openEventStoreDb = async (options: EventStoreDbOptions): Promise<EventStoreDb> =>
  (await import('./eventstoredb/eventstoredb-store.ts')).openEventStoreDb(options);
