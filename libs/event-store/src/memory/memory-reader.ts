import { HUB_SOURCE, positionNumber, type Position, type StreamName } from '#kernel';
import type { CommitNotices } from '../commit-notices.ts';
import type { Batch, FactsReader, StoredFact } from '../ports.ts';
import { follow } from '../subscription.ts';
import type { MemoryLog } from './memory-log.ts';

const BATCH_FACTS = 1_000;
const BATCH_BYTES = 4 * 1024 * 1024;

export class MemoryFactsReader implements FactsReader {
  readonly #log: MemoryLog;
  readonly #notices: CommitNotices;
  readonly #open: () => void;

  /** `open` throws once the store is closed. */
  constructor(log: MemoryLog, notices: CommitNotices, open: () => void) {
    this.#log = log;
    this.#notices = notices;
    this.#open = open;
  }

  async *readStream(stream: StreamName, fromRevision = 0): AsyncGenerator<readonly StoredFact[]> {
    this.#open();
    yield* this.#batches((this.#log.streams.get(stream) ?? []).slice(fromRevision));
  }

  async *readAll(after: Position | 'start', until?: Position): AsyncGenerator<readonly StoredFact[]> {
    this.#open();
    yield* this.#batches(this.#between(after, until));
  }

  async *readOwn(after: Position | 'start', until?: Position): AsyncGenerator<readonly StoredFact[]> {
    this.#open();
    yield* this.#batches(this.#between(after, until).filter(({ source }) => source === HUB_SOURCE));
  }

  async *subscribe(after: Position | 'start', signal: AbortSignal): AsyncGenerator<Batch> {
    yield* follow(this, this.#notices, after, signal);
  }

  async find(source: string, id: string): Promise<StoredFact | undefined> {
    this.#open();
    return this.#log.find(source, id);
  }

  async at(position: Position): Promise<StoredFact | undefined> {
    this.#open();
    return this.#log.facts[positionNumber(position)];
  }

  async head(): Promise<Position | 'empty'> {
    this.#open();
    return this.#log.facts.at(-1)?.position ?? 'empty';
  }

  #between(after: Position | 'start', until: Position | undefined): StoredFact[] {
    const from = after === 'start' ? 0 : positionNumber(after) + 1;
    return this.#log.facts.slice(from, until === undefined ? undefined : positionNumber(until) + 1);
  }

  async *#batches(facts: readonly StoredFact[]): AsyncGenerator<readonly StoredFact[]> {
    let batch: StoredFact[] = [];
    let bytes = 0;
    for (const fact of facts) {
      if (batch.length === BATCH_FACTS || (batch.length > 0 && bytes + fact.stored.length > BATCH_BYTES)) {
        yield batch;
        this.#open();
        batch = [];
        bytes = 0;
      }
      batch.push(fact);
      bytes += fact.stored.length;
    }
    if (batch.length > 0) yield batch;
  }
}
