import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '#kernel';
import type { LogName } from '../log-trees.ts';
import { accessOf, factsOf } from './followed-log.ts';
import { loadOrCreateLogKey } from './log-key.ts';
import type { FollowStart, ToMain, ToWorker } from './messages.ts';
import { OutsideCheckpoints } from './outside.ts';
import { TreeFollower } from './tree-follower.ts';
import { isDamage, TREES_FILE, TreesDatabase } from './trees-database.ts';

const port = parentPort;
if (port === null) throw new Error('tree-worker runs in a worker thread');
const tell = (message: ToMain): void => port.postMessage(message);

/** Between two rounds: a checkpoint at most that often, and a log looked at no more often. */
const ROUND_EVERY_MS = 200;
const RETRY_MOST_MS = 5_000;
/** Failed rounds after which a thread that is to end leaves the rest to the next start. */
const CLOSING_TRIES = 3;

let closing = false;
const woken = new AbortController();
port.on('message', (_: ToWorker) => {
  closing = true;
  woken.abort();
});
const rest = (ms: number): Promise<void> => pause(ms, undefined, { signal: woken.signal }).catch(() => undefined);

try {
  const { directory, outside } = workerData as FollowStart;
  const key = loadOrCreateLogKey(directory);
  const db = new TreesDatabase(join(directory, TREES_FILE), 'write');
  const logs = [factsOf(directory), accessOf(directory)];
  const checkpoints = new OutsideCheckpoints(outside, key);
  const followers = logs.map((log) => ({ name: log.name, follower: new TreeFollower(log, db, checkpoints, key) }));
  for (const { follower } of followers) await follower.check();
  tell({ kind: 'ready' });
  let failures = 0;
  for (let ended = false; !ended;) {
    const last = closing;
    const grew = await round(followers).catch(() => undefined);
    if (grew === undefined) tell({ kind: 'failed' });
    else if (failures > 0) tell({ kind: 'recovered' });
    failures = grew === undefined ? failures + 1 : 0;
    ended = last && (grew === false || failures >= CLOSING_TRIES);
    if (!closing) await rest(failures === 0 ? ROUND_EVERY_MS : Math.min(RETRY_MOST_MS, ROUND_EVERY_MS * 2 ** failures));
  }
  for (const log of logs) log.close();
  db.close();
  port.close();
} catch (error) {
  // an error loses its class on its way to another thread
  tell({ kind: 'refused', code: codeOf(error) });
  port.close();
}

/** Brings each tree some way on; false when none had anything to take in. */
async function round(
  followers: readonly { readonly name: LogName; readonly follower: TreeFollower }[],
): Promise<boolean> {
  let grew = false;
  for (const { name, follower } of followers) {
    if (!(await follower.round())) continue;
    grew = true;
    tell({ kind: 'signed', log: name });
  }
  return grew;
}

function codeOf(error: unknown): string {
  if (error instanceof Problem) return error.code;
  return isDamage(error) ? 'trees-damaged' : 'trees-unavailable';
}
