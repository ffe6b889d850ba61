import { mkdirSync } from 'node:fs';
import type { Credentials } from '@eventstore/db-client';
import { systemClock, type Clock } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import type { FactsExporter, FactsImporter, FactsReader, FactsWriter, NewFact } from '../ports.ts';
import { connect, EngineStream } from './engine-stream.ts';
import { eventStoreDbExporter, EventStoreDbImporter } from './eventstoredb-migration.ts';
import { EventStoreDbReader } from './eventstoredb-reader.ts';
import { EventStoreDbWriter } from './eventstoredb-writer.ts';
import { FactsIndex } from './facts-index.ts';
import { openIndexDatabase } from './index-database.ts';
import { IndexFollower } from './index-follower.ts';

export interface EventStoreDbOptions {
  /** `esdb://…` or `esdb+discover://…`, TLS and cluster parameters included: handed to the client untouched. */
  readonly connection: string;
  /** The one physical stream of the facts log. */
  readonly stream?: string;
  /** Sent with each call, by the client's slower way of appending. Those in `connection` are sent without it. */
  readonly credentials?: Credentials;
  /** Of the derived index, this process's own; in memory when absent, and then made anew at each start. */
  readonly directory?: string;
  /** The log keeps no repeat key: it is made again from the fact. A fact that is appended must carry the same. */
  repeatKeyOf(fact: Omit<NewFact, 'repeatKey'>): Uint8Array;
  readonly clock?: Clock;
  /** Milliseconds that one call to the engine may take. An append whose outcome stays unknown is given up after three times as long. */
  readonly deadlineMs?: number;
}
/** Where facts alone are kept: held records and artefacts have no place in an event store. */
export interface EventStoreDb {
  readonly writer: FactsWriter;
  readonly reader: FactsReader;
  readonly exporter: FactsExporter;
  readonly importer: FactsImporter;
  /** False while the engine does not tell of new facts. It reconnects by itself. */
  connected(): boolean;
  close(): Promise<void>;
}

/**
 * The facts log on EventStoreDB or KurrentDB. Resolves once the index holds what the log does. Any number of processes
 * may write the stream, without a leader; each has an index of its own.
 * Not guaranteed after `store-unavailable` of an append: that nothing of it is stored. The same again is safe.
 * @throws Problem `connection-invalid`, `store-unavailable`, `store-access-denied`, `store-in-use` (the index), and
 * `store-damaged` with the position of what is no fact, or not the one that can stand there: an event of somebody else, a
 * stream that was cut or deleted.
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDb> {
  const { connection, stream: name = 'svd-facts', credentials, directory, clock = systemClock } = options;
  const { deadlineMs = 5_000 } = options;
  const repeatKeyOf = (fact: Omit<NewFact, 'repeatKey'>): Uint8Array => options.repeatKeyOf(fact);
  const stream = new EngineStream(connect(connection), name, deadlineMs, credentials);
  if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const index = new FactsIndex(openIndexDatabase(directory), name);
  const notices = new CommitNotices();
  const follower = new IndexFollower(stream, index, notices, repeatKeyOf);
  const release = async (): Promise<void> => {
    follower.stop();
    await stream.close();
    index.close();
  };
  try {
    await follower.start();
  } catch (error) {
    await release();
    throw error;
  }
  const patience = 3 * deadlineMs;
  const writer = new EventStoreDbWriter(stream, follower, { clock, repeatKeyOf, patience });
  const reader = new EventStoreDbReader(stream, follower, notices);
  const exporter = eventStoreDbExporter(reader, repeatKeyOf);
  const importer = new EventStoreDbImporter(stream, follower, { exporter, repeatKeyOf, patience });
  let closing: Promise<void> | undefined;
  return {
    writer,
    reader,
    exporter,
    importer,
    connected: () => follower.connected,
    close: () =>
      (closing ??= (async () => {
        await writer.close();
        reader.close();
        await release();
      })()),
  };
}
