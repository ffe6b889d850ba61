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
/** A gap that is longer is not filled row by row: whoever can write a number can write any. */
const MOST_MISSING = 1_000_000;
/** Hash of no leaf. */
const NONE = Buffer.alloc(32);

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
  /** Leaves that differ from the kept hash, since the last vouched root that agreed. */
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

  /** Leaves that a vouched root covers, and agrees with. */
  get covered(): number {
    return this.#agreed;
  }

  root(): Uint8Array {
    return this.#fromLog.root();
  }

  /** The next row is number `index`: what lacks in front of it is missing. False where it can have no such number. */
  comesNext(index: number): boolean {
    if (!Number.isSafeInteger(index) || index < this.#next) {
      this.#say({ code: 'row-misnumbered', index: Number.isSafeInteger(index) ? index : this.#next });
      return false;
    }
    if (index - this.#next > MOST_MISSING) {
      this.#say({ code: 'row-missing', index: this.#next, until: index - 1 });
      // no root that was signed comes out of what follows
      this.#append(NONE, NONE);
      this.#next = index;
    }
    while (this.#next < index) this.#addMissing();
    return true;
  }

  add(hash: Uint8Array): void {
    const kept = this.#kept?.(this.#next);
    if (kept !== undefined && !sameHash(kept, hash) && this.#pending.length < MOST_PENDING)
      this.#pending.push(this.#next);
    this.#append(hash, kept ?? hash);
    this.#judge();
  }

  /** A row of which no leaf can be made. */
  addUnreadable(): void {
    this.add(NONE);
  }

  /** A row that is not there: what follows keeps its place where the tree tells what was here. */
  #addMissing(): void {
    this.#say({ code: 'row-missing', index: this.#next });
    const kept = this.#kept?.(this.#next) ?? NONE;
    this.#append(kept, kept);
    this.#judge();
  }

  #append(ofLog: Uint8Array, ofTree: Uint8Array): void {
    this.#fromLog.append(ofLog);
    this.#fromTree.append(ofTree);
    this.#next++;
  }

  /** The log is at its end. `leaves`: how many there must be, each of them covered by something that was vouched for. */
  end(leaves: number): void {
    this.stop();
    const last = this.#vouched.at(-1);
    const vouched = last?.size ?? 0;
    const most = Math.max(leaves, vouched);
    if (most > this.#next) {
      const what = vouched > this.#next ? last?.what : 'tree';
      this.#say({ code: 'cut-off', index: this.#next, until: most - 1, ...(what === undefined ? {} : { what }) });
    }
    if (leaves > vouched) this.#say({ code: 'uncovered', index: vouched, until: leaves - 1 });
  }

  /** Nothing more can be read of the log, whether it goes on or not. */
  stop(): void {
    // what nobody vouched for yet: the tree is all there is
    for (const index of this.#pending.splice(0)) this.#say({ code: 'row-changed', index });
    this.#rewritten();
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
        this.#agreed = vouched.size;
        this.#fromTree.become(this.#fromLog);
        this.#differ();
        return;
      case 'tree-agrees':
        for (const index of pending) this.#say({ code: 'row-changed', index });
        this.#agreed = vouched.size;
        // from here on the log is judged by what was signed, not by the row that is bad
        this.#fromLog.become(this.#fromTree);
        this.#differ();
        return;
      case 'disagrees':
        this.#pending = pending;
        this.#odd.push(vouched);
    }
  }

  /** Of what disagreed: all that no more than the log of now is held against. */
  #differ(): void {
    const odd = this.#odd.filter(({ size }) => size <= this.#agreed);
    for (const { size, what, kind } of odd)
      this.#say({ code: kind === 'anchor' ? 'anchor-differs' : 'checkpoint-differs', index: size, what });
    this.#odd = this.#odd.filter(({ size }) => size > this.#agreed);
  }

  #rewritten(): void {
    this.#differ();
    const [first] = this.#odd;
    if (first === undefined) return;
    const signed = this.#odd.some(({ kind }) => kind === 'checkpoint');
    const code = signed ? 'log-rewritten' : 'anchor-differs';
    this.#say({ code, index: this.#agreed, until: first.size - 1, what: first.what });
  }

  #say(finding: Omit<Finding, 'of'>): void {
    this.#findings.add({ of: this.#of, ...finding });
  }
}
