import { dirname } from 'node:path';
import { CachedFile } from './cached-file.ts';
import type { Change, SyncOutcome } from './trace.ts';

type Node = CachedFile | 'directory';
type Naming =
  | { readonly kind: 'link'; readonly path: string; readonly node: Node }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly node: Node };
/** Files by path; a directory has no bytes. */
export type Files = ReadonlyMap<string, Buffer | 'directory'>;

/**
 * A directory as a trace leaves it: what every process sees, and what a disk may hold of it after a power cut. Bytes and
 * sizes: see {@link CachedFile}. A name that was made, changed or removed is certain once its directory was synced; a sync
 * of a new file makes its own name certain too, as ext4 and XFS do and SQLite relies on. Until then each such change has
 * happened or not, by itself; a rename happens whole. A file is lost with the directory that it stands in.
 * Pure: the same entries and choices give the same files.
 */
export class CachedDisk {
  readonly #files = new Map<bigint, CachedFile>();
  readonly #names = new Map<string, Node>();
  readonly #durableNames = new Map<string, Node>();
  #pending: Naming[] = [];

  apply(change: Change): void {
    switch (change.kind) {
      case 'create':
        return this.#create(change.inode, change.path);
      case 'write':
        return this.#file(change.inode).write(change.offset, change.bytes);
      case 'truncate':
        return this.#file(change.inode).truncate(change.size);
      case 'sync':
        return this.#sync(change.inode, change.outcome);
      case 'sync-directory':
        return change.outcome === 'done' ? this.#syncDirectory(change.path) : undefined;
      case 'rename': {
        const { from, to } = change;
        const node = this.#names.get(from);
        if (node !== undefined) this.#name({ kind: 'rename', from, to, node });
        return;
      }
      case 'unlink':
        return this.#name(change);
      case 'make-directory':
        return this.#name({ kind: 'link', path: change.path, node: 'directory' });
    }
  }

  now(): Files {
    return filesOf(this.#names, (file) => file.now());
  }

  /** Paths of which a power cut now leaves more than one possible state. */
  unsynced(): readonly string[] {
    const written = [...this.#names].filter(([, node]) => node !== 'directory' && node.hasUnsynced());
    return [...this.#pending.flatMap(pathsOf), ...written.map(([path]) => path)];
  }

  /** `choose(n)` picks one of 0 (the oldest) to n - 1. */
  afterCut(choose: (count: number) => number): Files {
    const names = new Map(this.#durableNames);
    for (const naming of this.#pending) if (choose(2) === 1) carryOut(names, naming);
    return filesOf(reachable(names), (file) => file.afterCut(choose));
  }

  #file(inode: bigint): CachedFile {
    const file = this.#files.get(inode);
    if (file === undefined) throw new RangeError('a trace begins before its files');
    return file;
  }

  /** A number that was seen before is either another name of that file, or was given to a new one once it was gone. */
  #create(inode: bigint, path: string): void {
    const known = this.#files.get(inode);
    const isAlive = known !== undefined && [...this.#names.values()].includes(known);
    const node = isAlive ? known : new CachedFile();
    this.#files.set(inode, node);
    this.#name({ kind: 'link', path, node });
  }

  #name(naming: Naming): void {
    carryOut(this.#names, naming);
    this.#pending.push(naming);
  }

  #sync(inode: bigint, outcome: SyncOutcome): void {
    const file = this.#file(inode);
    if (outcome === 'failed') return file.syncFailed();
    if (outcome === 'lied') return;
    file.sync();
    this.#settle((naming) => naming.kind === 'link' && naming.node === file);
  }

  #syncDirectory(path: string): void {
    const isIn = (name: string): boolean => dirname(name) === (path === '' ? '.' : path);
    this.#settle((naming) => (naming.kind === 'rename' ? isIn(naming.from) || isIn(naming.to) : isIn(naming.path)));
    this.#settle((naming) => naming.kind === 'link' && naming.path === path);
  }

  /** Makes these certain, and with each what happened before it to the same names. */
  #settle(isCertain: (naming: Naming) => boolean): void {
    let certain = new Set(this.#pending.filter(isCertain));
    for (let before = -1; before !== certain.size;) {
      before = certain.size;
      const paths = [...certain].flatMap((naming) =>
        pathsOf(naming).map((path) => [path, this.#pending.indexOf(naming)] as const),
      );
      const isEarlier = (naming: Naming, at: number): boolean =>
        paths.some(([path, until]) => at < until && pathsOf(naming).includes(path));
      certain = new Set(this.#pending.filter((naming, at) => certain.has(naming) || isEarlier(naming, at)));
    }
    for (const naming of this.#pending) if (certain.has(naming)) carryOut(this.#durableNames, naming);
    this.#pending = this.#pending.filter((naming) => !certain.has(naming));
  }
}

const pathsOf = (naming: Naming): readonly string[] =>
  naming.kind === 'rename' ? [naming.from, naming.to] : [naming.path];

function carryOut(names: Map<string, Node>, naming: Naming): void {
  switch (naming.kind) {
    case 'link':
      return void names.set(naming.path, naming.node);
    case 'unlink':
      return void names.delete(naming.path);
    case 'rename':
      if (names.get(naming.from) === naming.node) names.delete(naming.from);
      return void names.set(naming.to, naming.node);
  }
}

function reachable(names: ReadonlyMap<string, Node>): ReadonlyMap<string, Node> {
  const isThere = (path: string): boolean =>
    path === '.' || (names.get(path) === 'directory' && isThere(dirname(path)));
  return new Map([...names].filter(([path]) => isThere(dirname(path))));
}

/** Two names of one file have the same bytes. */
function filesOf(names: ReadonlyMap<string, Node>, bytesOf: (file: CachedFile) => Buffer): Files {
  const known = new Map<CachedFile, Buffer>();
  return new Map<string, Buffer | 'directory'>(
    [...names].map(([path, node]) => {
      if (node === 'directory') return [path, node];
      const bytes = known.get(node) ?? bytesOf(node);
      known.set(node, bytes);
      return [path, bytes];
    }),
  );
}
