import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { BACKWARDS, END, EventStoreDBClient, FORWARDS, NO_STREAM, START } from '@eventstore/db-client';
import type { BinaryEventData, Credentials, ExpectedRevision, ReadStreamOptions } from '@eventstore/db-client';
import { Problem } from '#kernel';
import { isMissingStream, isNotLeader, isWrongRevision, problemOf, refusalOf, unavailable } from './engine-errors.ts';

/** An event as the engine keeps it. Its revision is its position. */
export interface EngineEvent {
  readonly at: number;
  readonly type: string;
  readonly data: Uint8Array;
}
export interface EnginePage {
  readonly events: readonly EngineEvent[];
  /** Nothing follows, as far as the engine knew. */
  readonly last: boolean;
}
/** `misplaced`: appended, and not where it was planned: the stream was deleted, and went on at its next revision. */
export type EngineOutcome = 'appended' | 'misplaced' | 'wrong-revision' | 'unknown';

export const PAGE_EVENTS = 1_000;
export const PAGE_BYTES = 4 * 1024 * 1024;
/** Data of all events of a call together; past it the engine refuses the call. */
export const APPEND_BYTES = 1_048_576;
/**
 * Appends that may wait for an answer at once. The client hands 16 on to a connection and queues the others; when the
 * connection breaks, those in its queue end the process (an unhandled rejection).
 */
const MOST_UNANSWERED = 8;

/**
 * A client over a connection string, which is handed on untouched. The appends of all clients of a process share one
 * table: to dispose of one while another's append is under way ends the process. A process that writes has one.
 * @throws Problem `connection-invalid` when it cannot be read; the string, which may hold a password, is not repeated.
 */
export function connect(connection: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connection);
  } catch {
    throw new Problem('connection-invalid');
  }
}

/** Ids are the engine's own affair: they make one request repeatable, and no more. */
export const engineEvent = (type: string, data: Uint8Array): BinaryEventData => ({
  id: randomUUID(),
  contentType: 'application/octet-stream',
  type,
  data,
  metadata: undefined,
});

/** What the rest of the adapter needs of {@link EngineStream}. */
export type Engine = Pick<EngineStream, 'append' | 'read' | 'at' | 'head' | 'listen'>;

/** The one physical stream of the facts log, each call with a deadline of its own. Asks the leader, so that what was acknowledged is seen. */
export class EngineStream {
  readonly name: string;
  readonly #client: EventStoreDBClient;
  readonly #deadlineMs: number;
  /** With credentials the client appends by `Append`, without by `BatchAppend`. */
  readonly #options: { readonly requiresLeader: true; readonly credentials?: Credentials };
  #unanswered = 0;

  constructor(client: EventStoreDBClient, name: string, deadlineMs: number, credentials?: Credentials) {
    this.#client = client;
    this.name = name;
    this.#deadlineMs = deadlineMs;
    this.#options = { requiresLeader: true, ...(credentials === undefined ? {} : { credentials }) };
  }

  /**
   * In one piece, as revision `next` and what follows. The same events may be sent again after `unknown`: their ids are
   * told apart by the engine near the place where they are expected. Nothing is sent while too many wait for an answer.
   * @throws Problem for what the engine refused for good.
   */
  async append(events: readonly BinaryEventData[], next: number): Promise<EngineOutcome> {
    if (this.#unanswered >= MOST_UNANSWERED) return 'unknown';
    const expectedRevision: ExpectedRevision = next === 0 ? NO_STREAM : BigInt(next - 1);
    const options = { ...this.#options, expectedRevision, deadline: this.#deadlineMs };
    const answered = (): void => void this.#unanswered--;
    this.#unanswered++;
    const appending = this.#client.appendToStream(this.name, [...events], options);
    appending.then(answered, answered);
    try {
      // no success when the connection string asks that a wrong revision be no error
      const { success, nextExpectedRevision } = await this.#within(appending);
      if (!success) return 'wrong-revision';
      return nextExpectedRevision === BigInt(next + events.length - 1) ? 'appended' : 'misplaced';
    } catch (error) {
      if (isWrongRevision(error)) return 'wrong-revision';
      const refusal = refusalOf(error);
      if (refusal !== undefined) throw refusal;
      return 'unknown';
    }
  }

  /** From `from`, at most `count` events and {@link PAGE_BYTES}. @throws Problem `store-unavailable`, `store-damaged` on a gap. */
  async read(from: number, count = PAGE_EVENTS): Promise<EnginePage> {
    const page = await this.#page({
      direction: FORWARDS,
      fromRevision: from === 0 ? START : BigInt(from),
      maxCount: count,
    });
    const gap = page.events.findIndex(({ at }, index) => at !== from + index);
    if (gap !== -1) throw new Problem('store-damaged', { index: from + gap });
    return { events: page.events, last: page.ended && page.events.length < count };
  }

  async at(position: number): Promise<EngineEvent | undefined> {
    return (await this.read(position, 1)).events[0];
  }

  /** Position of the last event. */
  async head(): Promise<number | 'empty'> {
    const { events } = await this.#page({ direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    return events[0]?.at ?? 'empty';
  }

  /**
   * Tells of each event from `from` on, until it tells once that it was `lost`. The client reconnects nothing and ends
   * nothing by itself.
   */
  listen(from: number, on: { ready(): void; event(at: number): void; lost(): void }): { stop(): void } {
    const fromRevision = from === 0 ? START : BigInt(from - 1);
    const subscription = this.#client.subscribeToStream(this.name, { ...this.#options, fromRevision });
    let over = false;
    const stop = (): void => {
      over = true;
      subscription.unsubscribe().catch(() => undefined);
    };
    const lost = (): void => {
      if (over) return;
      stop();
      on.lost();
    };
    subscription.on('confirmation', () => over || on.ready());
    subscription.on('data', ({ event }) => over || (event !== undefined && on.event(Number(event.revision))));
    subscription.on('error', lost).on('end', lost).on('close', lost);
    return { stop };
  }

  /** Ends every call under way, which the client would leave open. */
  async close(): Promise<void> {
    await this.#client.dispose();
  }

  async #page(options: ReadStreamOptions): Promise<{ readonly events: EngineEvent[]; readonly ended: boolean }> {
    try {
      return await this.#collect(options);
    } catch (error) {
      if (!isNotLeader(error)) throw problemOf(error);
    }
    // told who leads, the client turns there by itself, though not with this call
    await setImmediate();
    return this.#collect(options).catch((error: unknown) => {
      throw problemOf(error);
    });
  }

  #collect(options: ReadStreamOptions): Promise<{ readonly events: EngineEvent[]; readonly ended: boolean }> {
    const stream = this.#client.readStream(this.name, { ...this.#options, ...options });
    return new Promise((resolve, reject) => {
      const events: EngineEvent[] = [];
      let bytes = 0;
      let over = false;
      const settle = (ended: boolean, error?: unknown): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        if (!ended) stream.cancel().catch(() => undefined);
        if (error === undefined || isMissingStream(error)) resolve({ events, ended });
        else reject(error instanceof Error ? error : unavailable());
      };
      const timer = setTimeout(() => settle(false, unavailable()), this.#deadlineMs);
      stream.on('data', ({ event, link }) => {
        if (over) return;
        const at = Number((link ?? event)?.revision ?? 0);
        const found: unknown = event?.data;
        // JSON is never ours, nor are a link and metadata of the engine's: none of them has a frame
        const framed = link === undefined && event?.metadata === undefined && found instanceof Uint8Array;
        const data = framed ? found : new Uint8Array(0);
        bytes += data.length;
        if (events.length > 0 && bytes > PAGE_BYTES) return settle(false);
        events.push({ at, type: event?.type ?? '', data });
      });
      // stays: the client may tell of one failure more than once
      stream.on('error', (error) => settle(true, error));
      stream.on('end', () => settle(true));
    });
  }

  async #within<T>(call: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailableError()), this.#deadlineMs);
    });
    // whichever comes too late is nobody's any more
    call.catch(() => undefined);
    try {
      return await Promise.race([call, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const unavailableError = (): Error => new Error('no answer in time');
