import { position, positionNumber, Problem, type Position, type StreamName } from '#kernel';
import type { CommitNotices } from '../commit-notices.ts';
import type { Batch, FactsReader, StoredFact } from '../ports.ts';
import { follow } from '../subscription.ts';
import { isUnavailable } from './engine-errors.ts';
import { PAGE_EVENTS, type Engine } from './engine-stream.ts';
import type { IndexFollower } from './index-follower.ts';

/** Facts no further apart than this are read in one go, with what lies between. */
const NEAR = 64;
/** Between two looks at the head by itself, should the engine have stopped telling without saying so. */
const LOOK_MS = 1_000;
/** Between two tries while the engine does not answer. */
const RETRY_MS = 200;

/** Reads the physical stream; where a logical stream or an identity lies is asked of the index, caught up first. */
export class EventStoreDbReader implements FactsReader {
  readonly #stream: Engine;
  readonly #follower: IndexFollower;
  readonly #notices: CommitNotices;
  #closed = false;

  constructor(stream: Engine, follower: IndexFollower, notices: CommitNotices) {
    this.#stream = stream;
    this.#follower = follower;
    this.#notices = notices;
  }

  async *readStream(stream: StreamName, fromRevision = 0): AsyncGenerator<readonly StoredFact[]> {
    await this.#catchUp();
    for (let from = fromRevision; ; from += PAGE_EVENTS) {
      this.#open();
      const positions = this.#follower.index.positionsOf(stream, from, PAGE_EVENTS);
      yield* this.#scattered(positions);
      if (positions.length < PAGE_EVENTS) return;
    }
  }

  async *readAll(after: Position | 'start', until?: Position): AsyncGenerator<readonly StoredFact[]> {
    const last = until ?? (await this.head());
    if (last === 'empty') return;
    yield* this.#between(numberAfter(after), positionNumber(last));
  }

  async *readOwn(after: Position | 'start', until?: Position): AsyncGenerator<readonly StoredFact[]> {
    await this.#catchUp();
    const { index } = this.#follower;
    const last = until === undefined ? index.next - 1 : positionNumber(until);
    for (let from = numberAfter(after); ;) {
      this.#open();
      const positions = index.ownPositions(from - 1, last, PAGE_EVENTS);
      yield* this.#scattered(positions);
      if (positions.length < PAGE_EVENTS) return;
      from = (positions.at(-1) ?? last) + 1;
    }
  }

  /** Reads on where it was after the engine fell silent, for as long as it takes. */
  async *subscribe(after: Position | 'start', signal: AbortSignal): AsyncGenerator<Batch> {
    let last = after;
    let said: Position | 'empty' | undefined;
    while (!signal.aborted) {
      const { count } = this.#notices;
      try {
        for await (const batch of follow(this, this.#notices, last, signal, LOOK_MS)) {
          if (batch.kind === 'facts') last = batch.facts.at(-1)?.position ?? last;
          else if (batch.head === said) continue;
          said = batch.kind === 'facts' ? undefined : batch.head;
          yield batch;
        }
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        await this.#notices.after(count, signal, RETRY_MS);
      }
    }
  }

  async find(source: string, id: string): Promise<StoredFact | undefined> {
    await this.#catchUp();
    const found = this.#follower.index.identity(source, id);
    return found === undefined ? undefined : this.at(position(found.position));
  }

  async at(position: Position): Promise<StoredFact | undefined> {
    this.#open();
    const event = await this.#stream.at(positionNumber(position));
    this.#open();
    return event === undefined ? undefined : this.#follower.decode(event);
  }

  async head(): Promise<Position | 'empty'> {
    this.#open();
    const head = await this.#stream.head();
    this.#open();
    return head === 'empty' ? head : position(head);
  }

  /** Every later call, and a subscription under way, ends in `Problem('store-closed')`. */
  close(): void {
    this.#closed = true;
    this.#notices.notify();
  }

  async *#between(first: number, last: number): AsyncGenerator<readonly StoredFact[]> {
    for (let from = first; from <= last;) {
      this.#open();
      const page = await this.#stream.read(from, Math.min(PAGE_EVENTS, last - from + 1));
      this.#open();
      if (page.events.length === 0) return;
      yield page.events.map((event) => this.#follower.decode(event));
      from += page.events.length;
    }
  }

  async *#scattered(positions: readonly number[]): AsyncGenerator<readonly StoredFact[]> {
    for (const run of runsOf(positions)) {
      const wanted = new Set(run);
      for await (const facts of this.#between(run[0] ?? 0, run.at(-1) ?? -1)) {
        const found = facts.filter((fact) => wanted.has(positionNumber(fact.position)));
        if (found.length > 0) yield found;
      }
    }
  }

  async #catchUp(): Promise<void> {
    this.#open();
    await this.#follower.catchUp();
    this.#open();
  }

  #open(): void {
    if (this.#closed) throw new Problem('store-closed');
  }
}

const numberAfter = (after: Position | 'start'): number => (after === 'start' ? 0 : positionNumber(after) + 1);

function runsOf(positions: readonly number[]): number[][] {
  const runs: number[][] = [];
  let last = -Infinity;
  for (const at of positions) {
    if (at - last > NEAR) runs.push([]);
    runs.at(-1)?.push(at);
    last = at;
  }
  return runs;
}
