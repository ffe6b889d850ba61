import { join } from 'node:path';
import { bareDatabase, copySchema, insertInto, readHubFile, rowsOf, type Row } from './bare-database.ts';

const RECORDED = 6;
const FACT_COLUMNS = 10;

export interface IngestBaseline {
  readonly facts: number;
  readonly seconds: number;
  readonly commits: number;
}

/**
 * The rows of the hub's facts log written once more with nothing around them: the same rows, tables, indexes and
 * pragmas; what the hub recorded at one time is one commit here too.
 */
export function ingestBaseline(hubDirectory: string, directory: string): IngestBaseline {
  const hub = readHubFile(join(hubDirectory, 'facts.db'));
  const db = bareDatabase(join(directory, 'raw-facts.db'), 'facts');
  try {
    copySchema(hub, db);
    const insertName = db.prepare(insertInto('names', 3));
    for (const name of rowsOf(hub, 'SELECT * FROM names')) insertName.run(...name);
    const identities = new Map(
      rowsOf(hub, 'SELECT key, position, repeat FROM identities').map((row) => [Number(row[1]), row]),
    );
    const groups = commitsOf(rowsOf(hub, 'SELECT * FROM facts ORDER BY position'));
    const claim = db.prepare(`${insertInto('identities', 3)} ON CONFLICT DO NOTHING`);
    const insert = db.prepare(insertInto('facts', FACT_COLUMNS));
    let facts = 0;
    const began = performance.now();
    for (const group of groups) {
      db.exec('BEGIN IMMEDIATE');
      for (const row of group) {
        claim.run(...(identities.get(Number(row[0])) ?? []));
        insert.run(...row);
      }
      db.exec('COMMIT');
      facts += group.length;
    }
    return { facts, seconds: (performance.now() - began) / 1_000, commits: groups.length };
  } finally {
    db.close();
    hub.close();
  }
}

function commitsOf(rows: readonly Row[]): Row[][] {
  const groups: Row[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    if (group !== undefined && group[0]?.[RECORDED] === row[RECORDED]) group.push(row);
    else groups.push([row]);
  }
  return groups;
}
