import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { GrowingTree, rootOf } from './growing-tree.ts';
import { consistencyProof, HASH_BYTES, inclusionProof, rootAt, TILE_HASHES, type TileReader } from './merkle.ts';

const sha = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafOf = (data: Uint8Array): Buffer => sha(Buffer.of(0), data);
const node = (left: Uint8Array, right: Uint8Array): Buffer => sha(Buffer.of(1), left, right);

/** RFC 6962 §2.1 as it stands there, over hashes of leaves. */
function mth(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  const k = splitOf(leaves.length);
  return node(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}
/** §2.1.1. */
function path(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = splitOf(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}
/** §2.1.2. */
function subproof(m: number, leaves: readonly Buffer[], complete: boolean): Buffer[] {
  if (m === leaves.length) return complete ? [] : [mth(leaves)];
  const k = splitOf(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), complete), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

const leavesOf = (count: number): Buffer[] => Array.from({ length: count }, (_, n) => leafOf(Buffer.from(`leaf ${n}`)));
/** Tiles as they would lie on file after so many leaves, taken in steps. */
function tilesOf(leaves: readonly Buffer[], steps: readonly number[] = [leaves.length]): TileReader {
  const kept = new Map<string, Uint8Array>();
  const read: TileReader = (level, no) => {
    const tile = kept.get(`${level} ${no}`);
    if (tile === undefined) throw new RangeError(`tile ${level} ${no} was never kept`);
    return tile;
  };
  let taken = 0;
  for (const step of [...steps, leaves.length]) {
    // as after a restart: nothing is known but what was kept
    const tree = new GrowingTree(taken, read);
    for (; taken < Math.min(step, leaves.length); taken++) tree.append(leaves[taken] ?? Buffer.alloc(0));
    for (const { level, no, hashes } of tree.takeChanged()) kept.set(`${level} ${no}`, hashes);
    expect(Buffer.from(tree.root())).toEqual(mth(leaves.slice(0, taken)));
  }
  return read;
}
const plain = (hashes: readonly Uint8Array[]): string[] => hashes.map((hash) => Buffer.from(hash).toString('hex'));

/** Leaves, root and paths that the authors of Certificate Transparency publish with their test data. */
const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => leafOf(Buffer.from(hex, 'hex')));
const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the tree', () => {
  it('has the published roots', () => {
    for (const [index, root] of CT_ROOTS.entries()) {
      const leaves = CT_LEAVES.slice(0, index + 1);
      expect(plain([rootAt(tilesOf(leaves), index + 1)])).toEqual([root]);
    }
  });

  it('has the published paths and proofs', () => {
    const tiles = tilesOf(CT_LEAVES);
    expect(plain(inclusionProof(tiles, 5, 8))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(plain(consistencyProof(tiles, 6, 8))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('of nothing is SHA-256 of nothing', async () => {
    const none = (async function* (): AsyncGenerator<Buffer[]> {})();
    expect(plain([await rootOf(none)])).toEqual(plain([rootAt(tilesOf([]), 0)]));
    expect(plain([rootAt(tilesOf([]), 0)])).toEqual([createHash('sha256').digest('hex')]);
  });

  it('gives what RFC 6962 gives, for every leaf and every pair of sizes up to 40', () => {
    const leaves = leavesOf(40);
    const tiles = tilesOf(leaves);
    for (let size = 1; size <= 40; size++) {
      const part = leaves.slice(0, size);
      expect(plain([rootAt(tiles, size)])).toEqual(plain([mth(part)]));
      for (let index = 0; index < size; index++)
        expect(plain(inclusionProof(tiles, index, size))).toEqual(plain(path(index, part)));
      for (let from = 1; from <= size; from++)
        expect(plain(consistencyProof(tiles, from, size))).toEqual(plain(subproof(from, part, true)));
    }
  });

  it('gives what RFC 6962 gives over many tiles, however it grew', () => {
    const leaves = leavesOf(3 * TILE_HASHES * 2 + 77);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: leaves.length }), { maxLength: 4 }),
        fc.integer({ min: 1, max: leaves.length }),
        fc.nat(),
        fc.nat(),
        (stops, size, a, b) => {
          const tiles = tilesOf(
            leaves,
            [...stops].sort((x, y) => x - y),
          );
          const part = leaves.slice(0, size);
          expect(plain(inclusionProof(tiles, a % size, size))).toEqual(plain(path(a % size, part)));
          const from = 1 + (b % size);
          expect(plain(consistencyProof(tiles, from, size))).toEqual(plain(subproof(from, part, true)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reaches past the second level of tiles', async () => {
    const count = TILE_HASHES * TILE_HASHES + 3 * TILE_HASHES + 5;
    const leaf = leafOf(Buffer.from('the same'));
    // of equal leaves every whole subtree of one height is the same, so that the root can be told without hashing each
    const whole = [leaf];
    for (let height = 1; height <= 16; height++) whole.push(node(whole.at(-1) ?? leaf, whole.at(-1) ?? leaf));
    const bits = [16, 9, 8, 2, 0].map((height) => whole[height] ?? leaf);
    const root = bits.reduceRight((right, left) => node(left, right));
    const batch = Array.from({ length: count }, () => leaf);
    expect(
      plain([
        await rootOf(
          (async function* () {
            yield batch;
          })(),
        ),
      ]),
    ).toEqual(plain([root]));
  });

  it('hands out tiles that later leaves do not change', () => {
    const tree = new GrowingTree();
    const leaves = leavesOf(300);
    for (const leaf of leaves.slice(0, 200)) tree.append(leaf);
    const [tile] = tree.takeChanged();
    for (const leaf of leaves.slice(200)) tree.append(leaf);
    expect(Buffer.from(tile?.hashes ?? [])).toEqual(Buffer.concat(leaves.slice(0, 200)));
    const later = tree.takeChanged().map(({ level, no, hashes }) => [level, no, hashes.length / HASH_BYTES]);
    expect(later).toEqual([
      [0, 0, 256],
      [1, 0, 1],
      [0, 1, 44],
    ]);
  });
});
