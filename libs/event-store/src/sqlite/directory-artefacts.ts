import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSha256, isSystemError, Problem, sha256, type Sha256 } from '#kernel';
import type { Artefacts } from '../ports.ts';

const ASIDE = 'aside-';

/**
 * `ab/cdef…` under `directory`, named by SHA-256. A file appears whole or not at all: it is written aside, synced,
 * renamed, and its directory synced. A damaged file is made whole by the next `put` of its bytes.
 */
export class DirectoryArtefacts implements Artefacts {
  readonly #directory: string;
  /** Folders that this process knows no power cut can take back. */
  readonly #synced = new Set<string>();
  #closed = false;

  /** What a crash left aside is removed. */
  constructor(directory: string) {
    this.#directory = directory;
    for (const name of readdirSync(directory))
      if (name.startsWith(ASIDE)) rmSync(join(directory, name), { force: true });
  }

  /** Whether nothing was ever put. */
  empty(): boolean {
    return readdirSync(this.#directory).length === 0;
  }

  async put(bytes: Uint8Array): Promise<Sha256> {
    this.#open();
    const digest = sha256(bytes);
    try {
      await this.#keep(digest, bytes);
    } catch {
      throw new Problem('store-unavailable', { retryAfter: 1 });
    }
    return digest;
  }

  async get(digest: Sha256): Promise<Uint8Array | undefined> {
    this.#open();
    if (!isSha256(digest)) return undefined;
    const bytes = await readIfThere(this.#file(digest));
    if (bytes !== undefined && sha256(bytes) !== digest) throw new Problem('artefact-damaged');
    return bytes;
  }

  close(): void {
    this.#closed = true;
  }

  async #keep(digest: Sha256, bytes: Uint8Array): Promise<void> {
    const file = this.#file(digest);
    const folder = dirname(file);
    if (!this.#synced.has(folder)) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // also one that was there: who made it may have gone, or be waiting, before this was done
      await syncDirectory(this.#directory);
      this.#synced.add(folder);
    }
    const kept = await readIfThere(file);
    if (kept === undefined || sha256(kept) !== digest) await this.#write(file, bytes);
    await syncDirectory(folder);
  }

  async #write(file: string, bytes: Uint8Array): Promise<void> {
    const aside = join(this.#directory, `${ASIDE}${randomBytes(8).toString('hex')}`);
    try {
      const handle = await open(aside, 'wx', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(aside, file);
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
  }

  #file(digest: Sha256): string {
    return join(this.#directory, digest.slice(0, 2), digest.slice(2));
  }

  #open(): void {
    if (this.#closed) throw new Problem('store-closed');
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
