import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import { bareDatabase, copySchema, insertInto, readHubFile, rowsOf, type Row } from './bare-database.ts';

const FACTS_A_COMMIT = 8_000;

export interface RebuildBaseline {
  readonly facts: number;
  readonly seconds: number;
}

/**
 * Reads every fact, parses it, and writes the rows that the hub's live models hold, in their order, with the same
 * tables and pragmas; the index comes last, as in the hub.
 */
export function rebuildBaseline(hubDirectory: string, directory: string): RebuildBaseline {
  const log = readHubFile(join(hubDirectory, 'facts.db'));
  const models = readHubFile(join(hubDirectory, 'models.db'));
  const db = bareDatabase(join(directory, 'raw-models.db'), 'models');
  try {
    const live = rowsOf(models, 'SELECT projection, version, build FROM live');
    const tables = live.map(([name, version, build]) => `${String(name)}_v${String(version)}_b${String(build)}`);
    copySchema(models, db, tables);
    const indexes = rowsOf(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
    for (const [name] of indexes) db.exec(`DROP INDEX ${String(name)}`);
    const rows = new Map(tables.map((table) => [table, rowsOf(models, `SELECT * FROM ${table} ORDER BY rowid`)]));
    const head = Number(rowsOf(log, 'SELECT max(position) FROM facts')[0]?.[0]);
    const next = rowsByFact(tables, rows);
    const inserts = new Map(
      tables.map((table): [string, StatementSync] => [
        table,
        db.prepare(insertInto(table, rows.get(table)?.[0]?.length ?? 1)),
      ]),
    );
    const read = log.prepare('SELECT * FROM facts WHERE position >= ? ORDER BY position LIMIT ?');
    read.setReturnArrays(true);
    const began = performance.now();
    for (let from = 0; from <= head; from += FACTS_A_COMMIT) {
      const facts = read.all(from, FACTS_A_COMMIT) as unknown as Row[];
      db.exec('BEGIN IMMEDIATE');
      for (const fact of facts) {
        const type = parsedType(fact[9]);
        const { table, row } = next(type) ?? {};
        if (table !== undefined && row !== undefined) inserts.get(table)?.run(...row);
      }
      db.exec('COMMIT');
    }
    for (const [, sql] of indexes) db.exec(String(sql));
    return { facts: head + 1, seconds: (performance.now() - began) / 1_000 };
  } finally {
    db.close();
    log.close();
    models.close();
  }
}

function parsedType(stored: Row[number] | undefined): string {
  if (!(stored instanceof Uint8Array)) throw new TypeError('facts.stored is a blob');
  const text = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('utf8');
  return (JSON.parse(text) as { readonly type: string }).type;
}

/** The rows of a model in the order of the events that made them: profiles of events so called, incidents of the rest. */
function rowsByFact(
  tables: readonly string[],
  rows: ReadonlyMap<string, readonly Row[]>,
): (type: string) => { table: string; row: Row | undefined } | undefined {
  const taken = new Map(tables.map((table) => [table, 0]));
  return (type) => {
    const model = type.includes('-profiled') ? 'profiles' : 'incidents';
    const table = tables.find((name) => name.startsWith(model));
    if (table === undefined || type.startsWith('uk.svd.hub.')) return undefined;
    const at = taken.get(table) ?? 0;
    taken.set(table, at + 1);
    return { table, row: rows.get(table)?.[at] };
  };
}
