import { DatabaseSync } from 'node:sqlite';
import type { Findings } from './findings.ts';
import type { KeptLeaves } from './log-check.ts';
import { nodeHash, sameHash } from './rfc6962.ts';

const HASH = 32;
const TILE = 256;

export interface KeptCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** `trees.db` as it lies on file, in one read transaction. */
export class TreeFile {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    this.#db.exec('BEGIN');
  }

  checkpoints(log: string): readonly KeptCheckpoint[] {
    const rows = this.#db.prepare('SELECT size, note FROM checkpoints WHERE log = ? ORDER BY size').all(log);
    return rows.map(({ size, note }) => ({ size: Number(size), note: String(note) }));
  }

  /** Leaves of the tree, by its last tile. */
  leaves(log: string): number {
    const row = this.#db
      .prepare('SELECT no, length(hashes) AS bytes FROM tiles WHERE log = ? AND level = 0 ORDER BY no DESC LIMIT 1')
      .get(log);
    return row === undefined ? 0 : Number(row['no']) * TILE + Math.floor(Number(row['bytes']) / HASH);
  }

  /** Reads each tile once, when the leaves are asked for in order. */
  kept(log: string): KeptLeaves {
    const read = this.#db.prepare('SELECT hashes FROM tiles WHERE log = ? AND level = 0 AND no = ?');
    let [no, hashes] = [-1, undefined as Uint8Array | undefined];
    return (index) => {
      const wanted = Math.floor(index / TILE);
      if (wanted !== no) {
        [no, hashes] = [wanted, blobOf(() => read.get(log, wanted)?.['hashes'])];
      }
      const at = (index % TILE) * HASH;
      return hashes === undefined || at + HASH > hashes.length ? undefined : hashes.subarray(at, at + HASH);
    };
  }

  /** Every tile is there, and each hash above the leaves is the root of the tile below it. */
  check(log: string, findings: Findings): void {
    const tiles = this.#db.prepare('SELECT no, hashes FROM tiles WHERE log = ? AND level = ? ORDER BY no');
    const one = this.#db.prepare('SELECT hashes FROM tiles WHERE log = ? AND level = ? AND no = ?');
    let hashes = this.leaves(log);
    for (let level = 0; hashes > 0; level++, hashes = Math.floor(hashes / TILE)) {
      const say = (code: 'tile-missing' | 'tile-changed', no: number): void =>
        findings.add({ of: 'trees', code, index: no * TILE ** (level + 1), what: `${log} level ${level} tile ${no}` });
      let next = 0;
      for (const row of tiles.iterate(log, level)) {
        const no = Number(row['no']);
        for (; next < no; next++) say('tile-missing', next);
        next = no + 1;
        const tile = row['hashes'];
        const expected = Math.min(TILE, hashes - no * TILE);
        if (!(tile instanceof Uint8Array) || tile.length !== expected * HASH) {
          say('tile-changed', no);
          continue;
        }
        if (level === 0) continue;
        for (let i = 0; i < expected; i++) {
          const below = one.get(log, level - 1, no * TILE + i)?.['hashes'];
          const whole = below instanceof Uint8Array && below.length === TILE * HASH;
          if (whole && !sameHash(rootOf(below, 0, TILE), tile.subarray(i * HASH, (i + 1) * HASH))) {
            say('tile-changed', no);
            break;
          }
        }
      }
      for (; next < Math.ceil(hashes / TILE); next++) say('tile-missing', next);
    }
  }

  /** Whether SQLite can read the whole file, its indexes too. */
  isWhole(): boolean {
    return this.#db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] === 'ok';
  }

  /** Nothing in the file is of a log that there is not. */
  checkNames(logs: readonly string[], findings: Findings): void {
    const named = this.#db.prepare('SELECT log FROM checkpoints UNION SELECT log FROM tiles').all();
    if (named.some(({ log }) => !logs.includes(String(log))))
      findings.add({ of: 'trees', code: 'tile-changed', what: 'of another log' });
  }

  close(): void {
    this.#db.close();
  }
}

/** Undefined for what can't be read: that the file is damaged is found by reading it whole. */
function blobOf(read: () => unknown): Uint8Array | undefined {
  try {
    const value = read();
    return value instanceof Uint8Array ? value : undefined;
  } catch {
    return undefined;
  }
}

function rootOf(hashes: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return hashes.subarray(from * HASH, (from + 1) * HASH);
  return nodeHash(rootOf(hashes, from, count / 2), rootOf(hashes, from + count / 2, count / 2));
}
