import type { Finding, Findings } from './findings.ts';
import type { KeptLeaves } from './log-check.ts';
import { nodeHash, sameHash } from './rfc6962.ts';
import { Snapshot, whole } from './snapshot.ts';

const HASH = 32;
const TILE = 256;

export interface KeptCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** `trees.db` as it lies on file, at one moment. */
export class TreeFile {
  readonly #snapshot: Snapshot;

  constructor(file: string) {
    this.#snapshot = new Snapshot(file);
  }

  checkpoints(log: string): readonly KeptCheckpoint[] {
    const rows = this.#snapshot.db
      .prepare(`SELECT ${whole('size')} AS size, note FROM checkpoints WHERE log = ? ORDER BY checkpoints.size`)
      .all(log);
    return rows.map(({ size, note }) => ({ size: Number(size), note: String(note) }));
  }

  /** Leaves of the tree, by what its tiles hold. */
  leaves(log: string): number {
    const row = this.#snapshot.db
      .prepare('SELECT coalesce(sum(length(hashes)), 0) AS bytes FROM tiles WHERE log = ? AND level = 0')
      .get(log);
    return Math.floor(Number(row?.['bytes']) / HASH);
  }

  /** Reads each tile once, when the leaves are asked for in order. */
  kept(log: string): KeptLeaves {
    const read = this.#snapshot.db.prepare('SELECT hashes FROM tiles WHERE log = ? AND level = 0 AND no = ?');
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

  /** Every tile of a tree of so many leaves is there and no other, and each hash above the leaves is the root of the tile below it. */
  check(log: string, leaves: number, findings: Findings): void {
    let [level, hashes] = [0, leaves];
    for (; hashes > 0; level++, hashes = Math.floor(hashes / TILE)) this.#checkLevel({ log, level, hashes }, findings);
    const above = this.#snapshot.db
      .prepare('SELECT 1 FROM tiles WHERE log = ? AND level NOT BETWEEN 0 AND ? LIMIT 1')
      .get(log, level - 1);
    if (above !== undefined)
      findings.add({ of: 'trees', code: 'tile-changed', what: `${log}: a level that there is not` });
  }

  #checkLevel({ log, level, hashes }: Level, findings: Findings): void {
    const { db } = this.#snapshot;
    const tiles = db.prepare(
      `SELECT ${whole('no')} AS no, hashes FROM tiles WHERE log = ? AND level = ? ORDER BY tiles.no`,
    );
    const below = db.prepare('SELECT hashes FROM tiles WHERE log = ? AND level = ? AND no = ?');
    const say = (code: Finding['code'], no: number, last = no): void => {
      const [index, until] = [no, last + 1].map((n) => n * TILE ** (level + 1));
      const which = last === no ? `tile ${no}` : `tiles ${no} to ${last}`;
      findings.add({
        of: 'trees',
        code,
        ...(index === undefined || until === undefined ? {} : { index, until: until - 1 }),
        what: `${log} level ${level} ${which}`,
      });
    };
    const isRootBelow = (no: number, hash: Uint8Array): boolean => {
      const tile = below.get(log, level - 1, no)?.['hashes'];
      // one that is not whole is found on its own level
      if (!(tile instanceof Uint8Array) || tile.length !== TILE * HASH) return true;
      return sameHash(rootOf(tile, 0, TILE), hash);
    };
    const count = Math.ceil(hashes / TILE);
    let next = 0;
    for (const { no, hashes: tile } of tiles.iterate(log, level)) {
      if (typeof no !== 'number' || no < next || no >= count) {
        findings.add({ of: 'trees', code: 'tile-changed', what: `${log} level ${level}: a tile that there is not` });
        continue;
      }
      if (no > next) say('tile-missing', next, no - 1);
      next = no + 1;
      const expected = Math.min(TILE, hashes - no * TILE);
      const isLong = tile instanceof Uint8Array && tile.length === expected * HASH;
      const isSound = (i: number): boolean =>
        isRootBelow(no * TILE + i, (tile as Uint8Array).subarray(i * HASH, (i + 1) * HASH));
      if (!isLong || (level > 0 && !Array.from({ length: expected }, (_, i) => i).every(isSound)))
        say('tile-changed', no);
    }
    if (next < count) say('tile-missing', next, count - 1);
  }

  /** Whether SQLite can read the whole file, its indexes too. */
  isWhole(): boolean {
    return this.#snapshot.isWhole();
  }

  /** Nothing in the file is of a log that there is not. */
  checkNames(logs: readonly string[], findings: Findings): void {
    const named = this.#snapshot.db.prepare('SELECT log FROM checkpoints UNION SELECT log FROM tiles').all();
    if (named.some(({ log }) => !logs.includes(String(log))))
      findings.add({ of: 'trees', code: 'tile-changed', what: 'of another log' });
  }

  close(): void {
    this.#snapshot.close();
  }
}

interface Level {
  readonly log: string;
  readonly level: number;
  readonly hashes: number;
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
