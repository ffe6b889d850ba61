import { readHead, type BundleVerdict } from '#audit/verify';
import { isSystemError, Problem } from '#kernel';
import { keysIn, readSmall, writeWhole } from './files.ts';

export const LOGS = ['facts', 'access'] as const;
export type Log = (typeof LOGS)[number];

/** What an auditor keeps from one time to the next: whose word it was, and what was signed. */
export interface State {
  /** Verifier keys of both logs, one a line. */
  readonly keys: string;
  readonly checkpoints: Readonly<Partial<Record<Log, string>>>;
}

/** Undefined when there is no such file yet. @throws Problem `state-malformed` for one that holds something else */
export async function readState(path: string): Promise<State | undefined> {
  let text: string;
  try {
    text = (await readSmall(path)).toString('utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
  const { v, keys, checkpoints } = membersOf(text);
  const kept = typeof checkpoints === 'object' && checkpoints !== null ? Object.entries(checkpoints) : undefined;
  const isKept = kept?.every(
    ([log, note]) => LOGS.some((name) => name === log) && typeof note === 'string' && readHead(note) !== undefined,
  );
  if (v !== 1 || typeof keys !== 'string' || isKept !== true) throw new Problem('state-malformed', { field: path });
  keysIn(keys, path);
  return { keys, checkpoints: checkpoints as State['checkpoints'] };
}

/** Keeps what a sound verdict rests on. */
export async function writeState(path: string, keys: string, { heads }: BundleVerdict): Promise<void> {
  const checkpoints = Object.fromEntries(LOGS.flatMap((log) => (heads[log] === undefined ? [] : [[log, heads[log]]])));
  await writeWhole(path, [`${JSON.stringify({ v: 1, keys, checkpoints }, undefined, 2)}\n`]);
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
