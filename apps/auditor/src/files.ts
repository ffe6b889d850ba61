import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseVerifierKeys, readHead, type VerifierKey } from '#audit/verify';
import { Problem } from '#kernel';

const MOST_BYTES = 1_048_576;

/** A small file. @throws Problem `file-too-large` past 1 MiB, or what the file system throws */
export async function readSmall(path: string): Promise<Buffer> {
  if ((await stat(path)).size > MOST_BYTES) throw new Problem('file-too-large', { field: path });
  return readFile(path);
}

/**
 * Verifier keys of both logs, as the hub gives them and `log.vkey` holds them.
 * @throws Problem `keys-malformed` where that of a log is missing
 */
export async function readKeys(path: string): Promise<string> {
  const text = (await readSmall(path)).toString('utf8');
  keysIn(text, path);
  return text;
}

export function keysIn(text: string, where: string): readonly VerifierKey[] {
  const keys = parseVerifierKeys(text);
  const isThere = (log: string): boolean => keys.some(({ name }) => name.endsWith(`/${log}`));
  if (!isThere('facts') || !isThere('access')) throw new Problem('keys-malformed', { field: where });
  return keys;
}

/** A checkpoint that was kept. @throws Problem `checkpoint-malformed` for a file that holds none */
export async function readCheckpoint(path: string): Promise<string> {
  const note = (await readSmall(path)).toString('utf8');
  if (readHead(note) === undefined) throw new Problem('checkpoint-malformed', { field: path });
  return note;
}

/** Writes a file that appears under its name whole or not at all, durable, for its owner alone. */
export async function writeWhole(
  path: string,
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): Promise<void> {
  const draft = `${path}.${randomUUID()}.part`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      for await (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
