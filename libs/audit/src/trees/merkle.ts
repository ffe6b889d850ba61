import { hash } from 'node:crypto';

export const HASH_BYTES = 32;
/** Hashes of a whole tile, and how many levels of the tree it spans. */
export const TILE_HASHES = 256;
export const TILE_HEIGHT = 8;

/** RFC 6962 §2.1: the tree hash of nothing. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

const pair = Buffer.alloc(1 + 2 * HASH_BYTES);
/** RFC 6962 §2.1: SHA-256 of 0x01 and both children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair[0] = 1;
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}

/**
 * Hashes of a tile, concatenated: at least those that the tree asked about has there. A tile of level 0 holds leaf hashes;
 * one of a higher level the roots of whole tiles of the level below (C2SP tlog-tiles).
 */
export type TileReader = (level: number, no: number) => Uint8Array;

/** Root of `count` hashes, a power of two, that lie one after the other. */
export function rootOfHashes(hashes: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return hashes.subarray(from * HASH_BYTES, (from + 1) * HASH_BYTES);
  const half = count / 2;
  return nodeHash(rootOfHashes(hashes, from, half), rootOfHashes(hashes, from + half, half));
}

/** Root of the whole subtree of 2^height leaves that is number `no` of its height. */
function subtree(tiles: TileReader, height: number, no: number): Uint8Array {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const first = no * count;
  return rootOfHashes(tiles(level, Math.floor(first / TILE_HASHES)), first % TILE_HASHES, count);
}

/** RFC 6962's MTH of leaves `from` to `to` (exclusive), as its recursion meets them: `from` is a multiple of the split. */
function treeHash(tiles: TileReader, from: number, to: number): Uint8Array {
  const count = to - from;
  const split = splitOf(count);
  if (split === undefined) return subtree(tiles, Math.log2(count), from / count);
  return nodeHash(treeHash(tiles, from, from + split), treeHash(tiles, from + split, to));
}

/** The largest power of two below `count`; undefined when `count` is one itself. */
function splitOf(count: number): number | undefined {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split * 2 === count || count === 1 ? undefined : split;
}

/** Tree hash of the first `size` leaves. */
export const rootAt = (tiles: TileReader, size: number): Uint8Array =>
  size === 0 ? EMPTY_ROOT : treeHash(tiles, 0, size);

/** Audit path of leaf `index` in the tree of `size`, lowest first (RFC 6962 §2.1.1). Needs 0 ≤ index < size. */
export function inclusionProof(tiles: TileReader, index: number, size: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + half(to - from);
    if (index < middle) {
      path.unshift(treeHash(tiles, middle, to));
      to = middle;
    } else {
      path.unshift(treeHash(tiles, from, middle));
      from = middle;
    }
  }
  return path;
}

/** Consistency proof between two sizes (RFC 6962 §2.1.2). Needs 0 < from ≤ to. */
export function consistencyProof(tiles: TileReader, from: number, to: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let [first, last, complete] = [0, to, true];
  while (last !== from) {
    const middle = first + half(last - first);
    if (from <= middle) {
      path.unshift(treeHash(tiles, middle, last));
      last = middle;
    } else {
      path.unshift(treeHash(tiles, first, middle));
      first = middle;
      complete = false;
    }
  }
  if (!complete) path.unshift(treeHash(tiles, first, last));
  return path;
}

/** Where RFC 6962 splits a range of two or more: the largest power of two below its length. */
const half = (count: number): number => splitOf(count) ?? count / 2;
