import type { Finding, Findings } from './findings.ts';
import { CompactTree, sameHash } from './rfc6962.ts';

/** A root that somebody vouched for: a checkpoint whose signature holds, or an anchor in the other log. */
export interface VouchedRoot {
  readonly size: number;
  readonly root: Uint8Array;
  readonly what: string;
  readonly kind: 'checkpoint' | 'anchor';
}
/** Leaf hash number `index` as the tree keeps it; undefined where it keeps none. */
export type KeptLeaves = (index: number) => Uint8Array | undefined;

type Verdict = 'agrees' | 'tree-agrees' | 'disagrees';
const MOST_PENDING = 1_000;

/**
 * Holds the leaves of one log, as they come, against the tree that was kept and against every root that was vouched for,
 * and names the first that is bad. Where a leaf and the kept hash differ, the next vouched root tells which of the two
 * is wrong; where both give another root than was vouched for, only the range is known.
 */
export class LogCheck {
  readonly #of: 'facts' | 'access';
  readonly #findings: Findings;
  readonly #vouched: readonly VouchedRoot[];
  readonly #kept: KeptLeaves | undefined;
  readonly #fromLog = new CompactTree();
  readonly #fromTree = new CompactTree();
  /** Leaves that differ from the kept hash, since the last vouched root. */
  #pending: number[] = [];
  #next = 0;
  #agreed = 0;
  #checked = 0;
  /** Vouched roots with which neither log nor tree agreed, since the last with which the log did. */
  #odd: VouchedRoot[] = [];

  constructor(
    of: 'facts' | 'access',
    findings: Findings,
    { vouched, kept }: { readonly vouched: readonly VouchedRoot[]; readonly kept?: KeptLeaves | undefined },
  ) {
    this.#of = of;
    this.#findings = findings;
    this.#vouched = [...vouched].sort((a, b) => a.size - b.size);
    this.#kept = kept;
    this.#judge();
  }

  /** Leaves so far, those that are missing included. */
  get length(): number {
    return this.#next;
  }

  root(): Uint8Array {
    return this.#fromLog.root();
  }

  add(hash: Uint8Array): void {
    const kept = this.#kept?.(this.#next);
    this.#fromLog.append(hash);
    this.#fromTree.append(kept ?? hash);
    if (kept !== undefined && !sameHash(kept, hash) && this.#pending.length < MOST_PENDING)
      this.#pending.push(this.#next);
    this.#next++;
    this.#judge();
  }

  /** A row that is not there: what follows keeps its place where the tree tells what was here. */
  addMissing(): void {
    this.#say({ code: 'row-missing', index: this.#next });
    const kept = this.#kept?.(this.#next) ?? Buffer.alloc(32);
    this.#fromLog.append(kept);
    this.#fromTree.append(kept);
    this.#next++;
    this.#judge();
  }

  /** The log is at its end. `keptLeaves`: how many the tree has. Returns how many leaves a vouched root covers. */
  end(keptLeaves = 0): number {
    // what nobody vouched for yet: the tree is all there is
    for (const index of this.#pending) this.#say({ code: 'row-changed', index });
    this.#rewritten();
    const beyond = this.#vouched.slice(this.#checked);
    const most = Math.max(keptLeaves, ...beyond.map(({ size }) => size));
    if (most > this.#next)
      this.#say({ code: 'cut-off', index: this.#next, until: most - 1, what: beyond.at(-1)?.what ?? 'tree' });
    return this.#agreed;
  }

  #judge(): void {
    for (let root = this.#vouched[this.#checked]; root?.size === this.#next; root = this.#vouched[this.#checked]) {
      this.#checked++;
      this.#take(root, this.#verdictOn(root));
    }
  }

  #verdictOn({ root }: VouchedRoot): Verdict {
    if (sameHash(this.#fromLog.root(), root)) return 'agrees';
    return this.#pending.length > 0 && sameHash(this.#fromTree.root(), root) ? 'tree-agrees' : 'disagrees';
  }

  #take(vouched: VouchedRoot, verdict: Verdict): void {
    const pending = this.#pending;
    this.#pending = [];
    switch (verdict) {
      case 'agrees':
        for (const index of pending)
          this.#findings.add({ of: 'trees', code: 'tile-changed', index, what: `${this.#of} level 0` });
        for (const { size, what, kind } of this.#odd.splice(0))
          this.#say({ code: kind === 'anchor' ? 'anchor-differs' : 'checkpoint-differs', index: size, what });
        this.#agreed = vouched.size;
        return;
      case 'tree-agrees':
        for (const index of pending) this.#say({ code: 'row-changed', index });
        // from here on the log is judged by what was signed, not by the row that is bad
        this.#replaceByTree();
        this.#agreed = vouched.size;
        return;
      case 'disagrees':
        this.#pending = pending;
        this.#odd.push(vouched);
    }
  }

  #replaceByTree(): void {
    this.#fromLog.become(this.#fromTree);
  }

  #rewritten(): void {
    const [first] = this.#odd;
    if (first === undefined) return;
    if (first.kind === 'anchor') this.#say({ code: 'anchor-differs', index: first.size, what: first.what });
    else this.#say({ code: 'log-rewritten', index: this.#agreed, until: first.size - 1, what: first.what });
  }

  #say(finding: Omit<Finding, 'of'>): void {
    this.#findings.add({ of: this.#of, ...finding });
  }
}
