import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isSystemError } from './system-error.ts';

/** Makes `directory` and what leads to it; when it returns, a power cut can't take back what was made, nor `directory`. */
export function makeDirectory(directory: string): void {
  const whole = resolve(directory);
  const first = mkdirSync(whole, { recursive: true, mode: 0o700 });
  const above = dirname(first === undefined ? whole : resolve(first));
  for (let at = dirname(whole); ; at = dirname(at)) {
    syncDirectory(at);
    if (at === above) return;
  }
}

function syncDirectory(directory: string): void {
  let fd: number;
  try {
    fd = openSync(directory, 'r');
  } catch (error) {
    // one that we may pass through but not read was not made by us
    if (isSystemError(error, 'EACCES')) return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
