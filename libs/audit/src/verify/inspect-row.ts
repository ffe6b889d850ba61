import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_RECORDED, commitmentOf, HUB, leafText, type Opening } from './commitment.ts';
import { leafHash, sameHash } from './rfc6962.ts';
import { isRow, NotReadable, Snapshot } from './snapshot.ts';
import { TreeFile } from './tree-file.ts';

/** What a row commits to. Of a fact no payload is shown; an access record has none. */
export interface InspectedRow {
  readonly leaf: string;
  /** Hex. */
  readonly leafHash: string;
  /** Whether the tree was made of this leaf; undefined where the tree doesn't reach it. */
  readonly inTree: boolean | undefined;
  readonly source: string;
  readonly id: string;
  readonly stream: string;
  readonly metadata: string;
  /** Bytes that the commitment covers. */
  readonly storedBytes: number;
  /** Of the access log: the record. */
  readonly record?: string;
}

interface Row {
  readonly type: string;
  readonly recorded: number;
  readonly opening: Opening;
}

const ROW = ['time', 'text', 'text', 'text', 'text', 'text', 'bytes', 'bytes'] as const;

/**
 * Undefined when there is no such row. @throws Error when a file is missing or cannot be read, NotReadable `file-damaged` for a
 * row that holds what it cannot hold.
 */
export function inspectRow(directory: string, log: 'facts' | 'access', index: number): InspectedRow | undefined {
  const row =
    log === 'facts' ? factAt(join(directory, 'facts.db'), index) : recordAt(join(directory, 'access.db'), index);
  if (row === undefined) return undefined;
  const { type, recorded, opening } = row;
  const { source, id, stream, metadata, stored } = opening;
  if (!isRow([recorded, type, source, id, stream, metadata, opening.nonce, stored], ROW))
    throw new NotReadable('file-damaged');
  const leaf = leafText(type, recorded, commitmentOf(opening));
  const hash = leafHash(leaf);
  return {
    leaf,
    leafHash: hash.toString('hex'),
    inTree: inTree(join(directory, 'trees.db'), log, index, hash),
    source,
    id,
    stream,
    metadata,
    storedBytes: stored.length,
    ...(log === 'access' ? { record: Buffer.from(stored).toString('utf8') } : {}),
  };
}

function factAt(file: string, position: number): Row | undefined {
  const row = oneOf(
    file,
    `SELECT coalesce(t.name, '') AS type, f.recorded, coalesce(s.name, '') AS stream, coalesce(o.name, '') AS source, f.id,
       f.nonce, f.metadata, f.stored
     FROM facts f LEFT JOIN names t ON t.no = f.type LEFT JOIN names s ON s.no = f.stream LEFT JOIN names o ON o.no = f.source
     WHERE f.position = ?`,
    position,
  );
  if (row === undefined) return undefined;
  const { type, recorded, ...opening } = row as unknown as { type: string; recorded: number } & Opening;
  return { type, recorded, opening };
}

function recordAt(file: string, number: number): Row | undefined {
  const row = oneOf(file, 'SELECT id, time, nonce, record FROM records WHERE number = ?', number);
  if (row === undefined) return undefined;
  const { id, time, nonce, record } = row as { id: string; time: number; nonce: Uint8Array; record: Uint8Array };
  const opening = { nonce, source: HUB, id, stream: 'access', metadata: '{}', stored: record };
  return { type: ACCESS_RECORDED, recorded: time, opening };
}

function oneOf(file: string, sql: string, key: number): Record<string, unknown> | undefined {
  const snapshot = new Snapshot(file);
  try {
    return snapshot.db.prepare(sql).get(key);
  } finally {
    snapshot.close();
  }
}

function inTree(file: string, log: string, index: number, hash: Uint8Array): boolean | undefined {
  if (!existsSync(file)) return undefined;
  const trees = new TreeFile(file);
  try {
    const kept = trees.kept(log)(index);
    return kept === undefined ? undefined : sameHash(kept, hash);
  } finally {
    trees.close();
  }
}
