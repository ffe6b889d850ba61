import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '#kernel';
import type { LogTrees } from '../log-trees.ts';
import { loadOrCreateLogKey } from './log-key.ts';
import type { FollowStart, ToMain } from './messages.ts';
import { SqliteLogTrees } from './sqlite-log-trees.ts';
import { TREES_FILE, TreesDatabase } from './trees-database.ts';

export interface LogTreesOptions {
  /** Of both logs; gets `trees.db`, `log.key` and `log.vkey`. One process at a time, under the lock of its store. */
  readonly directory: string;
  /** Gets the newest checkpoint of each log. On another disk, and in no backup of `directory`. Made when it is not there. */
  readonly outside: string;
}

/**
 * The trees over both logs of a directory, followed by a thread of their own.
 * @throws Problem `log-rolled-back` when anything that was signed is ahead of its log or at odds with it; `trees-damaged`,
 * `trees-version`, `trees-of-another-key`, `trees-unavailable`; `log-key-unsafe`, `log-key-invalid`.
 */
export async function openLogTrees(start: LogTreesOptions): Promise<LogTrees> {
  const worker = await startThread(start);
  try {
    const key = loadOrCreateLogKey(start.directory);
    const db = new TreesDatabase(join(start.directory, TREES_FILE), 'read');
    return new SqliteLogTrees({ db, key, worker, restart: () => startThread(start) });
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** Resolves once everything signed was held against the logs. */
async function startThread(start: FollowStart): Promise<Worker> {
  const source = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(`./tree-worker.${source ? 'ts' : 'js'}`, import.meta.url), {
    name: 'trees-writer',
    workerData: { directory: start.directory, outside: start.outside },
    ...(source ? { execArgv: ['--conditions=development', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  const first = await new Promise<ToMain>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (first.kind === 'ready') return worker;
  await worker.terminate();
  throw new Problem(first.kind === 'refused' ? first.code : 'trees-unavailable');
}
