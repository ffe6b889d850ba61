import { join } from 'node:path';
import { readHubFile, rowsOf } from './bare-database.ts';

/** Positions of the facts whose source is that one or below it, ascending. */
export function positionsOf(hubDirectory: string, source: string): readonly number[] {
  const db = readHubFile(join(hubDirectory, 'facts.db'));
  try {
    const sources = rowsOf(db, "SELECT no, name FROM names WHERE kind = 'source'")
      .filter(([, name]) => name === source || String(name).startsWith(`${source}:`))
      .map(([no]) => Number(no));
    const among = `SELECT position FROM facts WHERE source IN (${sources.join(', ')}) ORDER BY position`;
    return rowsOf(db, among).map(([position]) => Number(position));
  } finally {
    db.close();
  }
}
