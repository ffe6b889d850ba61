import { hash } from 'node:crypto';

/** RFC 6962 §2.1, written from the RFC alone: the verifier shares no code with what made the tree. */
const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

export const leafHash = (leaf: string): Buffer => sha256(Buffer.of(0), Buffer.from(leaf));
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);
export const sameHash = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** The root of a tree that grows leaf by leaf, in memory of the logarithm of its size. */
export class CompactTree {
  /** Roots of whole subtrees, left to right, each higher than the next. */
  #whole: { readonly height: number; readonly root: Uint8Array }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let [height, root] = [0, leaf];
    for (let last = this.#whole.at(-1); last?.height === height; last = this.#whole.at(-1)) {
      root = nodeHash(last.root, root);
      height++;
      this.#whole.pop();
    }
    this.#whole.push({ height, root });
    this.#size++;
  }

  /** As another of the same size. */
  become(other: CompactTree): void {
    this.#whole = [...other.#whole];
    this.#size = other.#size;
  }

  root(): Uint8Array {
    const last = this.#whole.at(-1);
    if (last === undefined) return sha256();
    return this.#whole.slice(0, -1).reduceRight((right, { root }) => nodeHash(root, right), last.root);
  }
}

const isOdd = (n: number): boolean => n % 2 === 1;
const halved = (n: number): number => Math.floor(n / 2);
const isPowerOfTwo = (n: number): boolean => n === 1 || (!isOdd(n) && isPowerOfTwo(n / 2));

/** RFC 9162 §2.1.3.2: whether the path leads from the leaf at `index` to the root of a tree of `size`. */
export function isIncluded(
  leaf: Uint8Array,
  { index, size }: { readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size)) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [halved(fn), halved(sn)];
    } else r = nodeHash(r, p);
    [fn, sn] = [halved(fn), halved(sn)];
  }
  return sn === 0 && sameHash(r, root);
}

export interface SizedRoot {
  readonly size: number;
  readonly root: Uint8Array;
}

/** RFC 9162 §2.1.4.2: whether the tree only grew from the one head to the other. */
export function isConsistent(from: SizedRoot, to: SizedRoot, path: readonly Uint8Array[]): boolean {
  if (from.size > to.size || from.size === 0) return false;
  if (from.size === to.size) return path.length === 0 && sameHash(from.root, to.root);
  // a whole subtree is its own first node
  const [first, ...nodes] = isPowerOfTwo(from.size) ? [from.root, ...path] : path;
  let [fn, sn] = [from.size - 1, to.size - 1];
  while (isOdd(fn)) [fn, sn] = [halved(fn), halved(sn)];
  const roots = first === undefined ? undefined : rootsAlong(first, { fn, sn }, nodes);
  return roots !== undefined && sameHash(roots.fr, from.root) && sameHash(roots.sr, to.root);
}

/** Both roots that the path gives; undefined when it is too long or too short. */
function rootsAlong(
  first: Uint8Array,
  at: { readonly fn: number; readonly sn: number },
  nodes: readonly Uint8Array[],
): { readonly fr: Uint8Array; readonly sr: Uint8Array } | undefined {
  let { fn, sn } = at;
  let [fr, sr] = [first, first];
  for (const c of nodes) {
    if (sn === 0) return undefined;
    if (isOdd(fn) || fn === sn) {
      [fr, sr] = [nodeHash(c, fr), nodeHash(c, sr)];
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [halved(fn), halved(sn)];
    } else sr = nodeHash(sr, c);
    [fn, sn] = [halved(fn), halved(sn)];
  }
  return sn === 0 ? { fr, sr } : undefined;
}
