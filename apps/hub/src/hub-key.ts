import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { isSystemError, Problem } from '#kernel';

/**
 * The hub's master key: 32 random bytes as hexadecimal, in a file that only its owner reads (0600), made at first start.
 * To be backed up: without it every repeat looks like a reuse of its id (ADR 0001).
 * @throws Problem `hub-key-unsafe` when others may read it, `hub-key-invalid` when it isn't one.
 */
export function loadOrCreateHubKey(file: string): Uint8Array {
  try {
    const fd = openSync(file, 'wx', 0o600);
    try {
      writeSync(fd, `${randomBytes(32).toString('hex')}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  if ((statSync(file).mode & 0o077) !== 0) throw new Problem('hub-key-unsafe');
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Problem('hub-key-invalid');
  return Buffer.from(text, 'hex');
}
