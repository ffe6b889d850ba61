import { HASH_BYTES, rootAt, rootOfHashes, TILE_HASHES, type TileReader } from './merkle.ts';

const TILE_BYTES = TILE_HASHES * HASH_BYTES;

/** A tile that changed: whole, or the last of its level. */
export interface ChangedTile {
  readonly level: number;
  readonly no: number;
  readonly hashes: Uint8Array;
}
interface Edge {
  /** The last tile of the level, as it grows. */
  tile: Buffer;
  /** Hashes of the level, in all its tiles. */
  hashes: number;
}

/** The right edge of a tree: all that it takes to append. One hash for a leaf's place, and on average one more above it. */
export class GrowingTree {
  readonly #edges: Edge[] = [];
  #changed = new Map<string, ChangedTile>();
  #size = 0;

  /** A tree of `size` leaves whose last tile of each level is read back. */
  constructor(size = 0, tiles: TileReader = noTiles) {
    this.#size = size;
    for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_HASHES)) {
      const tile = Buffer.alloc(TILE_BYTES);
      const inTile = hashes % TILE_HASHES;
      if (inTile > 0) tile.set(tiles(level, Math.floor(hashes / TILE_HASHES)).subarray(0, inTile * HASH_BYTES));
      this.#edges.push({ tile, hashes });
    }
  }

  get size(): number {
    return this.#size;
  }

  append(leafHash: Uint8Array): void {
    this.#push(0, leafHash);
    this.#size++;
  }

  /** Tiles that changed since this was last called. */
  takeChanged(): readonly ChangedTile[] {
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    return changed.map((tile) => ({ ...tile, hashes: new Uint8Array(tile.hashes) }));
  }

  /** Of all leaves. Reads no tile but those of the edge. */
  root(): Uint8Array {
    return rootAt((level) => this.#edges[level]?.tile ?? noTiles(), this.#size);
  }

  #push(level: number, hash: Uint8Array): void {
    const edge = (this.#edges[level] ??= { tile: Buffer.alloc(TILE_BYTES), hashes: 0 });
    const inTile = edge.hashes % TILE_HASHES;
    const no = Math.floor(edge.hashes / TILE_HASHES);
    // a tile that was handed out whole is never written again
    if (inTile === 0) edge.tile = Buffer.alloc(TILE_BYTES);
    edge.tile.set(hash, inTile * HASH_BYTES);
    edge.hashes++;
    this.#changed.set(`${level} ${no}`, { level, no, hashes: edge.tile.subarray(0, (inTile + 1) * HASH_BYTES) });
    if (inTile + 1 === TILE_HASHES) this.#push(level + 1, rootOfHashes(edge.tile, 0, TILE_HASHES));
  }
}

/** Root of the tree over leaf hashes that come in order; of the empty tree when none come. */
export async function rootOf(batches: AsyncIterable<Iterable<Uint8Array>>): Promise<Uint8Array> {
  const tree = new GrowingTree();
  for await (const hashes of batches) {
    for (const hash of hashes) tree.append(hash);
    tree.takeChanged();
  }
  return tree.root();
}

function noTiles(): never {
  throw new RangeError('a tree reads only tiles that it has');
}
