import { Problem } from '#kernel';
import type { FollowedLog } from './followed-log.ts';
import { GrowingTree } from './growing-tree.ts';
import { originOf, type LogKey } from './log-key.ts';
import { HASH_BYTES, rootAt } from './merkle.ts';
import { openCheckpoint, signCheckpoint, type TreeHead } from './note.ts';
import type { OutsideCheckpoints } from './outside.ts';
import type { TreesDatabase } from './trees-database.ts';

/** Leaves of one transaction. */
const ROUND_LEAVES = 20_000;

/** Brings the tree of one log up to the log, round by round, and signs its heads. Used by one thread. */
export class TreeFollower {
  readonly #log: FollowedLog;
  readonly #db: TreesDatabase;
  readonly #outside: OutsideCheckpoints;
  readonly #key: LogKey;
  #tree: GrowingTree | undefined;

  constructor(log: FollowedLog, db: TreesDatabase, outside: OutsideCheckpoints, key: LogKey) {
    this.#log = log;
    this.#db = db;
    this.#outside = outside;
    this.#key = key;
  }

  /**
   * Holds what was signed against the log, before anything else is: nothing that was ever signed may be ahead of the log or
   * at odds with it. Reads the log's end, and all of it only where the tree lacks leaves that an outside checkpoint covers.
   * @throws Problem `log-rolled-back`, `trees-of-another-key` or `trees-damaged`.
   */
  async check(): Promise<void> {
    const { name } = this.#log;
    const length = await this.#log.length();
    const size = this.#db.size(name);
    if (size > length) throw new Problem('log-rolled-back');
    for await (const [hash] of this.#log.hashes(Math.max(0, size - 1), size)) {
      const kept = this.#db.reader(name)(0, Math.floor((size - 1) / 256));
      const at = ((size - 1) % 256) * HASH_BYTES;
      if (hash === undefined || Buffer.compare(hash, kept.subarray(at, at + HASH_BYTES)) !== 0)
        throw new Problem('log-rolled-back');
    }
    const newest = this.#db.newest(name);
    if (newest !== undefined) {
      const head = this.#opened(newest.note);
      if (head === undefined) throw new Problem('trees-of-another-key');
      if (head.size > size || !this.#has(head)) throw new Problem('trees-damaged');
    }
    await this.#checkOutside(length);
  }

  async #checkOutside(length: number): Promise<void> {
    const { name } = this.#log;
    const note = this.#outside.read(name);
    if (note === undefined) return;
    const head = this.#opened(note);
    // one that our key did not sign says nothing of our log, and is not overwritten as if it had never been there
    if (head === undefined || head.size > length) throw new Problem('log-rolled-back');
    while ((this.#tree?.size ?? this.#db.size(name)) < head.size)
      await this.#advance(head.size, (tree) => this.#db.transaction(() => this.#db.put(name, tree.takeChanged())));
    if (!this.#has(head)) throw new Problem('log-rolled-back');
  }

  /** Takes in what the log holds more than the tree, up to a bound, and signs. False when there was nothing to sign. */
  async round(): Promise<boolean> {
    const signed = this.#db.newest(this.#log.name)?.size ?? 0;
    const length = await this.#log.length();
    if (length <= signed) return false;
    await this.#advance(length, (tree) => this.#sign(tree));
    return true;
  }

  /** Takes in leaves up to `length` or the bound of a round, and keeps them in whatever way. */
  async #advance(length: number, keep: (tree: GrowingTree) => void): Promise<GrowingTree> {
    const { name } = this.#log;
    const tree = (this.#tree ??= new GrowingTree(this.#db.size(name), this.#db.reader(name)));
    try {
      for await (const hashes of this.#log.hashes(tree.size, Math.min(length, tree.size + ROUND_LEAVES)))
        for (const hash of hashes) tree.append(hash);
      keep(tree);
      return tree;
    } catch (error) {
      // what was taken in and not kept is taken in again
      this.#tree = undefined;
      throw error;
    }
  }

  #sign(tree: GrowingTree): void {
    const { name } = this.#log;
    const origin = originOf(this.#key, name);
    const note = signCheckpoint({ origin, size: tree.size, root: tree.root() }, this.#key.privateKey);
    this.#db.transaction(() => {
      this.#db.put(name, tree.takeChanged());
      this.#db.sign(name, { size: tree.size, note }, Date.now());
      // before it can be seen: nobody is shown a head that a backup put back could deny
      this.#outside.write(name, note);
    });
  }

  #has({ size, root }: TreeHead): boolean {
    return Buffer.compare(rootAt(this.#db.reader(this.#log.name), size), root) === 0;
  }

  #opened(note: string): TreeHead | undefined {
    const head = openCheckpoint(note, this.#key.publicKey);
    return head?.origin === originOf(this.#key, this.#log.name) ? head : undefined;
  }
}
