import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem, systemClock, type Clock } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import type { Store } from '../store.ts';
import { DirectoryArtefacts } from './directory-artefacts.ts';
import { SqliteFactsWriter } from './facts-writer.ts';
import type { ToMain, WorkerStart } from './messages.ts';
import { SqliteHeldRecords } from './sqlite-held.ts';
import { SqliteFactsReader } from './sqlite-reader.ts';
import { lockStore } from './store-lock.ts';

export interface SqliteStoreOptions {
  /** Made when it is not there. Holds `facts.db`, `held.db`, `lock.db` and `artefacts/`. */
  readonly directory: string;
  /** Read on the caller's thread, once a commit. The system's by default. */
  readonly clock?: Clock;
}

/**
 * The embedded store. One process at a time, held by a lock that `kill -9` frees; facts are written in a thread of
 * their own, read on the caller's.
 * @throws Problem `store-in-use`, `store-version` or `store-not-durable`.
 */
export async function openSqliteStore({ directory, clock = systemClock }: SqliteStoreOptions): Promise<Store> {
  mkdirSync(join(directory, 'artefacts'), { recursive: true, mode: 0o700 });
  const lock = lockStore(directory);
  let held: SqliteHeldRecords | undefined;
  try {
    const notices = new CommitNotices();
    const records = (held = new SqliteHeldRecords(join(directory, 'held.db')));
    const artefacts = new DirectoryArtefacts(join(directory, 'artefacts'));
    const writer = new SqliteFactsWriter(await startThread({ directory }), notices, clock);
    const reader = new SqliteFactsReader(directory, notices);
    return {
      writer,
      reader,
      artefacts,
      held: records,
      async close() {
        // the last connection to close folds the WAL into the file, and one that only reads can't
        reader.close();
        await writer.close();
        artefacts.close();
        await records.close();
        lock.release();
      },
    };
  } catch (error) {
    await held?.close();
    lock.release();
    throw error;
  }
}

/** Resolves once the database is open and its schema in place. */
async function startThread(start: WorkerStart): Promise<Worker> {
  const source = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(`./facts-worker.${source ? 'ts' : 'js'}`, import.meta.url), {
    name: 'facts-writer',
    workerData: start,
    ...(source ? { execArgv: ['--conditions=development', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  const first = await new Promise<ToMain>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (first.no === 'ready') return worker;
  await worker.terminate();
  throw new Problem(first.no === 'refused' ? first.code : 'store-unavailable');
}
