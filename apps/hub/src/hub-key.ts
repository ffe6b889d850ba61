import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError, Problem } from '#kernel';

/**
 * The hub's master key: 32 random bytes as hexadecimal, in a file that only its owner reads (0600), made at first start: whole
 * or not at all, and durable before it is used. To be backed up: without it every repeat looks like a reuse of its id (ADR 0001).
 * @throws Problem `hub-key-unsafe` when others may read it, `hub-key-invalid` when it isn't one.
 */
export function loadOrCreateHubKey(file: string): Uint8Array {
  if (!existsSync(file)) createKey(file);
  if ((statSync(file).mode & 0o077) !== 0) throw new Problem('hub-key-unsafe');
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Problem('hub-key-invalid');
  return Buffer.from(text, 'hex');
}

function createKey(file: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    synced(aside, 'wx', (fd) => writeFileSync(fd, `${randomBytes(32).toString('hex')}\n`));
    // another process may have been first: then its key is the one that counts
    linkSync(aside, file);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  synced(dirname(file), 'r', () => undefined);
}

function synced(path: string, flags: 'wx' | 'r', write: (fd: number) => void): void {
  const fd = openSync(path, flags, 0o600);
  try {
    write(fd);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
