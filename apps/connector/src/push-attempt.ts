import { createReadStream } from 'node:fs';
import type { Connector, ConnectorContext, Reading, RowEvent } from '#connectors';
import { Problem } from '#kernel';
import { problemCode, type Publisher, type ResultLine } from '#transport';
import type { PushJournal, Settled } from './push-journal.ts';
import type { RowOutcome } from './row-files.ts';

/** What a push reads, sends to and remembers. */
export interface PushSource {
  readonly connector: Connector;
  readonly context: ConnectorContext;
  readonly file: string;
  readonly publisher: Publisher;
  readonly journal: PushJournal;
  /** Aborted: stop where it is, with Problem `interrupted`. */
  readonly signal: AbortSignal;
}
/** Called once for each row, in order; `id` is that of the event (or correction) that settled it. */
export type Observe = (reading: Reading, id: string | undefined, outcome: RowOutcome) => void;

const FLUSH_EACH = 1_000;

interface InFlight {
  readonly reading: Reading;
  id: string | undefined;
  outcome?: RowOutcome;
}
interface Sent {
  readonly entry: InFlight;
  readonly id: string;
  readonly kind: 'event' | 'correction';
}

/**
 * One pass over the file: every row that the journal doesn't know is sent, `id-reused` is answered with the row's
 * correction on the same connection, and each result is put in the journal.
 */
export class PushAttempt {
  readonly #source: PushSource;
  readonly #observe: Observe;
  /** In the order of rows, until everything before is settled. */
  readonly #rows = new Fifo<InFlight>();
  /** In the order of lines, until the result comes. */
  readonly #lines = new Fifo<Sent>();
  readonly #corrections = new Fifo<InFlight>();
  #unsaved = 0;
  #stopped = false;
  #wake: () => void = () => undefined;

  constructor(source: PushSource, observe: Observe) {
    this.#source = source;
    this.#observe = observe;
  }

  /** @throws Problem as `Publisher.pushNdjson` and `Connector.read`; what was acknowledged before is in the journal's file */
  async run(): Promise<void> {
    const { journal, signal } = this.#source;
    const interrupted = Promise.withResolvers<never>();
    const interrupt = (): void => interrupted.reject(new Problem('interrupted'));
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      if (signal.aborted) throw new Problem('interrupted');
      await Promise.race([this.#push(), interrupted.promise]);
    } finally {
      signal.removeEventListener('abort', interrupt);
      this.#stopped = true;
      this.#wake();
      await journal.flush();
    }
    if (this.#rows.size !== 0) throw new Problem('push-incomplete');
  }

  async #push(): Promise<void> {
    const { publisher, journal } = this.#source;
    for await (const result of publisher.pushNdjson(this.#events())) {
      if (this.#stopped) return;
      this.#settle(result);
      if (this.#unsaved >= FLUSH_EACH) {
        this.#unsaved = 0;
        await journal.flush();
      }
    }
  }

  async *#events(): AsyncGenerator<Uint8Array, void, undefined> {
    const { connector, context, file, journal } = this.#source;
    for await (const reading of connector.read(createReadStream(file), context)) {
      yield* this.#waitingCorrections();
      const entry: InFlight = { reading, id: 'event' in reading ? reading.event.id : undefined };
      this.#rows.push(entry);
      const known = journal.get(reading.row);
      if ('rejected' in reading) this.#done(entry, { status: 'rejected', ...reading.rejected });
      else if (known !== undefined) this.#done(entry, known);
      else {
        this.#lines.push({ entry, id: reading.event.id, kind: 'event' });
        yield reading.event.bytes;
      }
    }
    while (!this.#stopped) {
      yield* this.#waitingCorrections();
      if (this.#lines.size === 0) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  *#waitingCorrections(): Generator<Uint8Array, void, undefined> {
    for (let entry = this.#corrections.shift(); entry !== undefined; entry = this.#corrections.shift()) {
      const { id, bytes } = (entry.reading as RowEvent).correction();
      this.#lines.push({ entry, id, kind: 'correction' });
      yield bytes;
    }
  }

  #settle(result: ResultLine): void {
    const sent = this.#lines.shift();
    if (sent === undefined || (result.id !== undefined && result.id !== sent.id)) throw new Problem('push-incomplete');
    const { entry, kind } = sent;
    const outcome = outcomeOf(result, kind);
    if (outcome.status === 'rejected' && outcome.code === 'id-reused' && kind === 'event') {
      this.#corrections.push(entry);
    } else {
      entry.id = sent.id;
      if (outcome.status !== 'rejected') {
        this.#source.journal.add(entry.reading.row, outcome);
        this.#unsaved++;
      }
      this.#done(entry, outcome);
    }
    this.#wake();
  }

  #done(entry: InFlight, outcome: RowOutcome): void {
    entry.outcome = outcome;
    this.#report();
  }

  #report(): void {
    for (let first = this.#rows.first(); first?.outcome !== undefined; first = this.#rows.first()) {
      this.#rows.shift();
      this.#observe(first.reading, first.id, first.outcome);
    }
  }
}

function outcomeOf(result: ResultLine, kind: Sent['kind']): Settled | Extract<RowOutcome, { status: 'rejected' }> {
  const { status, position, problem } = result;
  if (status === 'accepted' && position !== undefined)
    return { status: kind === 'correction' ? 'corrected' : 'accepted', position };
  if (status === 'repeated' && position !== undefined) return { status, position };
  const field = result.field ?? problem?.field ?? '';
  if (status === 'quarantined') return { status, code: result.reason ?? problemCode(problem) ?? 'held', field };
  return { status: 'rejected', code: problemCode(problem) ?? 'rejected', field };
}

class Fifo<T> {
  #items: T[] = [];
  #head = 0;
  get size(): number {
    return this.#items.length - this.#head;
  }
  push(item: T): void {
    this.#items.push(item);
  }
  first(): T | undefined {
    return this.#items[this.#head];
  }
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head++];
    if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
