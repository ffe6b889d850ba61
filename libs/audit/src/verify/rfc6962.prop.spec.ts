import fc from 'fast-check';
import { GrowingTree } from '../trees/growing-tree.ts';
import { consistencyProof, inclusionProof, rootAt, type TileReader } from '../trees/merkle.ts';
import { CompactTree, isConsistent, isIncluded, leafHash } from './rfc6962.ts';

const leaves = Array.from({ length: 700 }, (_, n) => leafHash(`leaf ${n}`));
const tree = new GrowingTree();
for (const leaf of leaves) tree.append(leaf);
const kept = new Map(tree.takeChanged().map(({ level, no, hashes }) => [`${level} ${no}`, hashes]));
/** What the hub's writer made: the verifier must agree with it, and shares no code with it. */
const tiles: TileReader = (level, no) => kept.get(`${level} ${no}`) ?? new Uint8Array();
const size = fc.integer({ min: 1, max: leaves.length });
const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = new Uint8Array(bytes);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
};

describe('the verifier', () => {
  it('finds the published root of the published leaves', () => {
    // test data of the authors of Certificate Transparency
    const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const grown = new CompactTree();
    const roots = data.map((hex) => {
      grown.append(leafHash(Buffer.from(hex, 'hex').toString('latin1')));
      return Buffer.from(grown.root()).toString('hex');
    });
    expect(roots[0]).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(roots[2]).toBe('aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
    expect(roots[7]).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('computes the root that the writer signs, at every size', () => {
    const grown = new CompactTree();
    for (const [index, leaf] of leaves.entries()) {
      grown.append(leaf);
      expect(Buffer.from(grown.root())).toEqual(Buffer.from(rootAt(tiles, index + 1)));
    }
  });

  it('accepts every inclusion proof of the writer, and no other', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), fc.nat(), (count, at, other, bit) => {
        const index = at % count;
        const leaf = leaves[index] ?? Buffer.alloc(0);
        const root = rootAt(tiles, count);
        const path = inclusionProof(tiles, index, count);
        const holds = (
          changed: Partial<{ leaf: Uint8Array; index: number; size: number; path: Uint8Array[]; root: Uint8Array }>,
        ) =>
          isIncluded(
            changed.leaf ?? leaf,
            { index: changed.index ?? index, size: changed.size ?? count },
            changed.path ?? path,
            changed.root ?? root,
          );
        expect(holds({})).toBe(true);
        expect(holds({ leaf: flipped(leaf, bit % 256) })).toBe(false);
        expect(holds({ root: flipped(root, bit % 256) })).toBe(false);
        expect(holds({ path: [...path, root] })).toBe(false);
        if (path.length > 0) {
          const hit = other % path.length;
          expect(holds({ path: path.map((hash, n) => (n === hit ? flipped(hash, bit % 256) : hash)) })).toBe(false);
          expect(holds({ path: path.slice(1) })).toBe(false);
          expect(holds({ path: path.slice(0, -1) })).toBe(false);
        }
        if (other % count !== index) expect(holds({ index: other % count })).toBe(false);
        expect(holds({ index: count })).toBe(false);
        expect(holds({ index: -1 })).toBe(false);
      }),
    );
  });

  it('accepts every consistency proof of the writer, and no other', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat(), (a, b, other, bit) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const heads = [
          { size: from, root: rootAt(tiles, from) },
          { size: to, root: rootAt(tiles, to) },
        ] as const;
        const path = consistencyProof(tiles, from, to);
        expect(isConsistent(...heads, path)).toBe(true);
        for (const [n, head] of heads.entries()) {
          const bent = { ...head, root: flipped(head.root, bit % 256) };
          expect(isConsistent(n === 0 ? bent : heads[0], n === 1 ? bent : heads[1], path)).toBe(false);
        }
        expect(isConsistent(...heads, [...path, heads[0].root])).toBe(false);
        if (path.length > 0) {
          const hit = other % path.length;
          const bent = path.map((hash, n) => (n === hit ? flipped(hash, bit % 256) : hash));
          expect(isConsistent(...heads, bent)).toBe(false);
          expect(isConsistent(...heads, path.slice(1))).toBe(false);
        }
        if (from !== to) expect(isConsistent(heads[1], heads[0], path)).toBe(false);
        expect(isConsistent({ size: 0, root: heads[0].root }, heads[1], path)).toBe(false);
      }),
    );
  });
});
