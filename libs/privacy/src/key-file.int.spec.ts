import { chmod, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKeyFile, loadOrCreateKeyFile } from './key-file.ts';

describe('a key file', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'svd-key-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for the owner alone, and read again', async () => {
    const path = join(folder, 'made/here/connector.key');
    const key = await loadOrCreateKeyFile(path);
    expect(key.byteLength).toBe(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await loadOrCreateKeyFile(path)).toEqual(key);
    expect(await readdir(join(folder, 'made/here'))).toEqual(['connector.key']);
  });

  it('is the same for all who ask at once', async () => {
    const path = join(folder, 'connector.key');
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKeyFile(path)));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(folder)).toEqual(['connector.key']);
  });

  it('is refused where others may read it, and where it is a link', async () => {
    const path = join(folder, 'connector.key');
    await loadOrCreateKeyFile(path);
    await symlink(path, join(folder, 'link.key'));
    await expect(loadOrCreateKeyFile(join(folder, 'link.key'))).rejects.toMatchObject({ code: 'key-file-unsafe' });
    await chmod(path, 0o640);
    await expect(loadOrCreateKeyFile(path)).rejects.toMatchObject({ code: 'key-file-unsafe' });
    await expect(loadOrCreateKeyFile(folder)).rejects.toMatchObject({ code: 'key-file-unsafe' });
  });

  it('is refused, and not overwritten, where it holds something else', async () => {
    const path = join(folder, 'connector.key');
    await writeFile(path, 'not a key\n', { mode: 0o600 });
    await expect(loadOrCreateKeyFile(path)).rejects.toMatchObject({ code: 'key-file-malformed' });
    expect(await loadKeyFile(join(folder, 'absent.key'))).toBeUndefined();
  });
});
