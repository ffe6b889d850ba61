import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { identityKey } from '../identity.ts';

const ROWS = 100;
const NONCE_BYTES = 16;

/**
 * Whether the first fact and the last hundred stand where each index says: position, stream and revision, identity, name
 * of the source, the hub's own. What they hold is read, so that a page that is torn shows.
 */
export function endsSound(db: DatabaseSync, hubSourceNo: number): boolean {
  const rows = db
    .prepare(
      `SELECT f.position, f.stream, f.revision, f.source, f.id, f.recorded, f.nonce, f.metadata, f.stored, n.name
       FROM facts f LEFT JOIN names n ON n.no = f.source ORDER BY f.position DESC LIMIT ?`,
    )
    .all(ROWS);
  const head = rows[0]?.['position'];
  if (head === undefined) return db.prepare('SELECT 1 FROM identities LIMIT 1').get() === undefined;
  if (db.prepare('SELECT min(position) AS first FROM facts').get()?.['first'] !== 0) return false;
  const stands = standing(db, hubSourceNo);
  const streams = new Set<unknown>();
  let recorded = Infinity;
  return rows.every((row, index) => {
    const { stream = null, nonce } = row;
    const newest = !streams.has(stream);
    streams.add(stream);
    const inOrder = row['position'] === Number(head) - index && Number(row['recorded']) <= recorded;
    recorded = Number(row['recorded']);
    return inOrder && nonce instanceof Uint8Array && nonce.length === NONCE_BYTES && stands(row, newest);
  });
}

type Row = Record<string, SQLOutputValue>;
/** Whether each index leads to this row; `newest` of its stream where no later one was seen. */
function standing(db: DatabaseSync, hubSourceNo: number): (row: Row, newest: boolean) => boolean {
  const lastOf = db.prepare(
    'SELECT position FROM facts INDEXED BY facts_by_stream WHERE stream = ? ORDER BY revision DESC LIMIT 1',
  );
  const inStream = db.prepare(
    'SELECT position FROM facts INDEXED BY facts_by_stream WHERE stream = ? AND revision = ?',
  );
  const claimed = db.prepare('SELECT position FROM identities WHERE key = ?');
  const own = db.prepare(
    `SELECT position FROM facts INDEXED BY facts_own WHERE source = ${hubSourceNo} AND position = ?`,
  );
  const named = db.prepare("SELECT no FROM names WHERE kind = 'source' AND name = ?");
  return ({ position = null, stream = null, revision = null, source, id, name }, newest) => {
    if (typeof name !== 'string' || named.get(name)?.['no'] !== source) return false;
    const found = [inStream.get(stream, revision), claimed.get(identityKey(name, String(id)))];
    if (newest) found.push(lastOf.get(stream));
    if (source === hubSourceNo) found.push(own.get(position));
    return found.every((row) => row?.['position'] === position);
  };
}
