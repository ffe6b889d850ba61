import type { BinaryEventData } from '@eventstore/db-client';
import { unavailable } from '../engine-errors.ts';
import type { Engine, EngineEvent, EngineOutcome, EnginePage } from '../engine-stream.ts';

/** What becomes of one append: whether and when it lands, and what its caller is told. */
export interface Scripted {
  readonly lands: 'at-once' | 'late' | 'never' | 'in-part';
  readonly told: 'truth' | 'unknown';
}
type Listener = Parameters<Engine['listen']>[1];

/** A stream in memory that loses answers, and lands appends late, when the test says so. Checks revisions as the engine does. */
export class ScriptedEngine implements Engine {
  readonly events: (EngineEvent & { readonly id: string })[] = [];
  readonly appends: (readonly string[])[] = [];
  /** One an append, in order; what is not scripted lands and is told. */
  readonly script: Scripted[] = [];
  /** Runs before each append: another writer, say. */
  before: () => void = () => undefined;
  /** Nothing is answered any more. */
  down = false;
  /** Appends are not told to listeners. */
  silent = false;
  readonly #late: (() => void)[] = [];
  readonly #listeners = new Set<Listener>();

  async append(events: readonly BinaryEventData[], next: number): Promise<EngineOutcome> {
    this.before();
    this.appends.push(events.map(({ id }) => id));
    if (this.down) return 'unknown';
    const { lands, told } = this.script.shift() ?? { lands: 'at-once', told: 'truth' };
    if (lands === 'late') this.#late.push(() => this.land(events, next));
    // no engine should: it keeps all of a call or nothing
    if (lands === 'in-part') this.land(events.slice(0, 1), next);
    const outcome = lands === 'at-once' ? this.land(events, next) : 'unknown';
    return told === 'truth' ? outcome : 'unknown';
  }

  /** What is under way arrives. */
  landLate(): void {
    for (const land of this.#late.splice(0)) land();
  }

  /** Idempotent by id at the expected place, as the engine is. */
  land(events: readonly BinaryEventData[], next: number): EngineOutcome {
    if (events.every(({ id }, index) => this.events[next + index]?.id === id)) return 'appended';
    if (this.events.length !== next) return 'wrong-revision';
    for (const { id, type, data } of events) this.put(type, data, id);
    return 'appended';
  }

  put(type: string, data: Uint8Array, id = ''): void {
    const at = this.events.length;
    this.events.push({ at, type, data: new Uint8Array(data), id });
    if (this.silent) return;
    for (const listener of this.#listeners) queueMicrotask(() => listener.event(at));
  }

  async read(from: number, count = 1_000): Promise<EnginePage> {
    if (this.down) throw unavailable();
    const events = this.events.slice(from, from + count);
    return { events, last: events.length < count };
  }

  async at(position: number): Promise<EngineEvent | undefined> {
    return (await this.read(position, 1)).events[0];
  }

  async head(): Promise<number | 'empty'> {
    if (this.down) throw unavailable();
    return this.events.length === 0 ? 'empty' : this.events.length - 1;
  }

  listen(_from: number, listener: Listener): { stop(): void } {
    this.#listeners.add(listener);
    queueMicrotask(() => listener.ready());
    return { stop: () => this.#listeners.delete(listener) };
  }
}
