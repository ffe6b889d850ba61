import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { isSystemError } from './system-error.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes a file's bytes over themselves and syncs it, so that the disk holds what is read from it: for a write-ahead log, before
 * it is recovered. The process before may have been killed after it wrote a commit and before it synced it; or its sync
 * failed, and then Linux takes the bytes for written, shows them to whoever reads, and no later sync writes them
 * (https://wiki.postgresql.org/wiki/Fsync_Errors). What is recovered from such bytes and told to anyone could be lost with
 * the power. Nobody else may write the file meanwhile. Nothing happens where there is none.
 */
export function writeThrough(file: string): void {
  let fd: number;
  try {
    fd = openSync(file, 'r+');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let at = 0; ;) {
      const read = readSync(fd, chunk, 0, chunk.length, at);
      if (read === 0) break;
      for (let done = 0; done < read;) done += writeSync(fd, chunk, done, read - done, at + done);
      at += read;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
