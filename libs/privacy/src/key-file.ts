import { randomBytes, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '#kernel';

const WRITTEN = /^[0-9a-f]{64}\r?\n?$/;
/** Permission bits of everyone but the owner. */
const OTHERS = 0o077;

/**
 * The 32-byte key in the file at `path`, as 64 hexadecimal digits; made from the system's random source on first use,
 * with mode 0600, whole or not at all, and never over an existing file: of two processes that start at once, both get
 * the same key. Back the file up: whoever loses it can't make the same ids again.
 * @throws Problem `key-file-unsafe` where others may read it, it belongs to someone else or is no plain file;
 * `key-file-malformed` where it holds anything else. Neither echoes a byte of it.
 */
export async function loadOrCreateKeyFile(path: string): Promise<Buffer> {
  const found = await loadKeyFile(path);
  if (found !== undefined) return found;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await file.sync();
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
  const made = await loadKeyFile(path);
  if (made === undefined) throw new Problem('key-file-unsafe');
  return made;
}

/** As {@link loadOrCreateKeyFile}, but `undefined` where there is no such file. */
export async function loadKeyFile(path: string): Promise<Buffer | undefined> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw new Problem('key-file-unsafe');
  }
  try {
    const stat = await file.stat();
    const owner = process.getuid?.();
    const posix = process.platform !== 'win32';
    if (!stat.isFile() || (posix && ((stat.mode & OTHERS) !== 0 || (owner !== undefined && stat.uid !== owner))))
      throw new Problem('key-file-unsafe');
    if (stat.size > 80) throw new Problem('key-file-malformed');
    const text = await file.readFile('latin1');
    if (!WRITTEN.test(text)) throw new Problem('key-file-malformed');
    return Buffer.from(text.slice(0, 64), 'hex');
  } finally {
    await file.close();
  }
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
