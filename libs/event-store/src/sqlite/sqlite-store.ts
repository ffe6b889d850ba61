import { join } from 'node:path';
import { makeDirectory, systemClock, type Clock } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import type { Store } from '../store.ts';
import { DirectoryArtefacts } from './directory-artefacts.ts';
import { startFactsThread } from './facts-thread.ts';
import { SqliteFactsWriter } from './facts-writer.ts';
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
 * @throws Problem `store-in-use`, `store-not-durable`, and with the name of the file: `store-version`; `store-damaged` when
 * it is torn; `store-missing` when there is no facts log beside artefacts, which are never there before it;
 * `store-unavailable` when it can't be opened.
 */
export async function openSqliteStore({ directory, clock = systemClock }: SqliteStoreOptions): Promise<Store> {
  makeDirectory(directory);
  makeDirectory(join(directory, 'artefacts'));
  const lock = lockStore(directory);
  let held: SqliteHeldRecords | undefined;
  try {
    const notices = new CommitNotices();
    const records = (held = new SqliteHeldRecords(join(directory, 'held.db')));
    const artefacts = new DirectoryArtefacts(join(directory, 'artefacts'));
    const thread = await startFactsThread({ directory, mayBeNew: artefacts.empty() });
    const restart = () => startFactsThread({ directory, mayBeNew: false });
    const writer = new SqliteFactsWriter(thread, restart, notices, clock);
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
