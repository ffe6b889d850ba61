import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { position, sha256 } from '#kernel';
import { placed } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { DirectoryArtefacts } from './directory-artefacts.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();

type Sync = (this: FileHandle) => Promise<void>;
/** Has every sync of a file or directory, of whatever handle, done by `sync`, which is given how it is done otherwise. */
async function replaceSync(sync: (handle: FileHandle, real: Sync) => Promise<void>): Promise<void> {
  const handle = await open(newDirectory(), 'r');
  const prototype: object = Object.getPrototypeOf(handle) as object;
  await handle.close();
  const real = Reflect.get(prototype, 'sync') as Sync;
  restore = () => void Reflect.set(prototype, 'sync', real);
  Reflect.set(prototype, 'sync', function (this: FileHandle) {
    return sync(this, real);
  });
}
let restore = (): void => undefined;
afterEach(() => restore());

/** Which files and directories are synced, by their inode, and whether `watched` was there at that time. */
async function watchSyncs(watched: string): Promise<{ inode: number; there: boolean }[]> {
  const syncs: { inode: number; there: boolean }[] = [];
  await replaceSync(async (handle, real) => {
    const there = statSync(watched, { throwIfNoEntry: false }) !== undefined;
    syncs.push({ inode: (await handle.stat()).ino, there });
    return real.call(handle);
  });
  return syncs;
}
const inode = (path: string): number => statSync(path).ino;

describe('artefacts in a directory', () => {
  it('are synced, then named, then synced under their name, before put resolves', async () => {
    const directory = newDirectory();
    const artefacts = new DirectoryArtefacts(directory);
    const bytes = Buffer.from('release table');
    const folder = join(directory, sha256(bytes).slice(0, 2));
    const file = join(folder, sha256(bytes).slice(2));
    const syncs = await watchSyncs(file);
    await artefacts.put(bytes);
    expect(syncs).toEqual([
      { inode: inode(directory), there: false },
      { inode: inode(file), there: false },
      { inode: inode(folder), there: true },
    ]);
  });

  it('are synced under their name by whoever finds them there, who cannot know that it was done', async () => {
    const directory = newDirectory();
    const bytes = Buffer.from('pack');
    const digest = await new DirectoryArtefacts(directory).put(bytes);
    const folder = join(directory, digest.slice(0, 2));
    const syncs = await watchSyncs(join(folder, digest.slice(2)));
    const artefacts = new DirectoryArtefacts(directory);
    await artefacts.put(bytes);
    expect(syncs.map((sync) => sync.inode)).toEqual([inode(directory), inode(folder)]);
    await artefacts.put(bytes);
    expect(syncs.slice(2).map((sync) => sync.inode)).toEqual([inode(folder)]);
  });

  it('are refused when they cannot be synced, and none is left half made', async () => {
    const directory = newDirectory();
    const artefacts = new DirectoryArtefacts(directory);
    await replaceSync(() => Promise.reject(new Error('EIO: i/o error, fsync')));
    await expect(artefacts.put(Buffer.from('a'))).rejects.toMatchObject({ code: 'store-unavailable', retryAfter: 1 });
    restore();
    expect(await artefacts.get(sha256(Buffer.from('a')))).toBeUndefined();
    await artefacts.put(Buffer.from('a'));
    expect(await artefacts.get(sha256(Buffer.from('a')))).toEqual(new Uint8Array(Buffer.from('a')));
  });

  it('lose what a crash left aside', () => {
    const directory = newDirectory();
    mkdirSync(join(directory, 'ab'));
    writeFileSync(join(directory, 'aside-0011'), 'half');
    expect(new DirectoryArtefacts(directory).empty()).toBe(false);
    expect(readdirSync(directory)).toEqual(['ab']);
  });

  it('are there before the fact that names them, for whoever opens the store anew', async () => {
    const directory = newDirectory();
    const store = await openSqliteStore({ directory });
    const bytes = Buffer.from('agreement text');
    const digest = await store.artefacts.put(bytes);
    await store.writer.append([placed('adopted', { metadata: { text: digest } })]);
    await store.close();
    const again = await openSqliteStore({ directory });
    const named = (await again.reader.at(position(0)))?.metadata['text'];
    expect(named).toBe(digest);
    expect(await again.artefacts.get(digest)).toEqual(new Uint8Array(bytes));
    await again.close();
  });
});
