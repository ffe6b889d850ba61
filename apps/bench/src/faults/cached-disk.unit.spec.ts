import { CachedDisk } from './cached-disk.ts';
import type { Change } from './trace.ts';

const oldest = (): number => 0;
const newest = (count: number): number => count - 1;

const create = (path: string, inode = 1n): Change => ({ kind: 'create', path, inode });
const write = (text: string, inode = 1n): Change => ({
  kind: 'write',
  path: '',
  inode,
  offset: 0,
  bytes: Buffer.from(text),
});
const sync = (inode = 1n): Change => ({ kind: 'sync', path: '', inode, outcome: 'done' });
const syncDirectory = (path = ''): Change => ({ kind: 'sync-directory', path, outcome: 'done' });
const makeDirectory = (path: string): Change => ({ kind: 'make-directory', path });

function disk(...changes: readonly Change[]): CachedDisk {
  const made = new CachedDisk();
  for (const change of changes) made.apply(change);
  return made;
}
const text = (of: CachedDisk, choose: (count: number) => number): Record<string, string> =>
  Object.fromEntries([...of.afterCut(choose)].map(([path, content]) => [path, content.toString()]));

describe('a directory between a process and its disk', () => {
  it('may lose a name until the file or its directory was synced', () => {
    expect(text(disk(create('a'), write('x')), oldest)).toEqual({});
    expect(text(disk(create('a'), write('x')), newest)).toEqual({ a: 'x' });
    expect(text(disk(create('a'), write('x'), sync()), oldest)).toEqual({ a: 'x' });
    expect(text(disk(create('a'), write('x'), syncDirectory()), oldest)).toEqual({ a: '' });
  });

  it('renames whole: the old file or the new one, never neither', () => {
    const replaced = [create('a'), write('old'), sync(), create('b', 2n), write('new', 2n), sync(2n)];
    const renamed: Change = { kind: 'rename', from: 'b', to: 'a' };
    expect(text(disk(...replaced, renamed), oldest)).toEqual({ a: 'old', b: 'new' });
    expect(text(disk(...replaced, renamed), newest)).toEqual({ a: 'new' });
    expect(text(disk(...replaced, renamed, syncDirectory()), oldest)).toEqual({ a: 'new' });
  });

  it('may keep what was removed, until its directory was synced or a new file of the name', () => {
    const removed: readonly Change[] = [create('a'), write('old'), sync(), { kind: 'unlink', path: 'a' }];
    expect(text(disk(...removed), oldest)).toEqual({ a: 'old' });
    expect(text(disk(...removed, syncDirectory()), oldest)).toEqual({});
    expect(text(disk(...removed, create('a'), write('new'), sync()), oldest)).toEqual({ a: 'new' });
  });

  it('loses a file with the directory that it stands in', () => {
    const below = [makeDirectory('d'), create('d/a'), write('x'), sync()];
    expect(text(disk(...below), oldest)).toEqual({});
    expect(text(disk(...below, syncDirectory()), oldest)).toEqual({ d: 'directory', 'd/a': 'x' });
    expect(text(disk(...below, syncDirectory('d')), oldest)).toEqual({ d: 'directory', 'd/a': 'x' });
  });

  it('does not count a sync that failed or lied', () => {
    for (const outcome of ['failed', 'lied'] as const) {
      const unsynced = disk(create('a'), write('x'), syncDirectory(), { kind: 'sync', path: 'a', inode: 1n, outcome });
      expect(text(unsynced, oldest)).toEqual({ a: '' });
      expect(unsynced.unsynced()).toEqual(['a']);
    }
    expect(disk(create('a'), write('x'), sync()).unsynced()).toEqual([]);
  });

  it('has one file under two names', () => {
    const linked = disk(create('a'), write('x'), sync(), create('b'), syncDirectory(), write('y'), sync());
    expect(text(linked, oldest)).toEqual({ a: 'y', b: 'y' });
  });
});
