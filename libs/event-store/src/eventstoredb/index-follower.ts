import { Problem, sameBytes } from '#kernel';
import type { CommitNotices } from '../commit-notices.ts';
import type { NewFact, StoredFact } from '../ports.ts';
import { isUnavailable } from './engine-errors.ts';
import type { EngineEvent, Engine } from './engine-stream.ts';
import { FrameReader } from './fact-frame.ts';
import type { FactsIndex, IndexedFact } from './facts-index.ts';

/** HMAC(hub key, canonical form), made again from a fact as it is stored. */
export type RepeatKeyOf = (fact: Omit<NewFact, 'repeatKey'>) => Uint8Array;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;
/** Who wrote within so long is taken to write still. */
const OTHERS_MS = 60_000;

/** Keeps the index level with the log, whoever writes it, and wakes who waits for facts. */
export class IndexFollower {
  readonly index: FactsIndex;
  readonly #stream: Engine;
  readonly #notices: CommitNotices;
  readonly #repeatKeyOf: RepeatKeyOf;
  readonly #frames = new FrameReader();
  #reading: Promise<void> | undefined;
  #after: Promise<void> | undefined;
  #listening: { stop(): void } | undefined;
  #connected = false;
  #retry: NodeJS.Timeout | undefined;
  #wait = FIRST_WAIT_MS;
  #stopped = false;
  #damage: Problem | undefined;
  #awaited = 0;
  #othersUntil = 0;

  constructor(stream: Engine, index: FactsIndex, notices: CommitNotices, repeatKeyOf: RepeatKeyOf) {
    this.#stream = stream;
    this.index = index;
    this.#notices = notices;
    this.#repeatKeyOf = repeatKeyOf;
  }

  /** False while the engine does not tell of new facts. */
  get connected(): boolean {
    return this.#connected;
  }
  /** Why the log cannot be followed any further, ever. */
  get damage(): Problem | undefined {
    return this.#damage;
  }

  /** Facts came of late that were not known to be appended here: another process has to find its place between ours. */
  get othersWrite(): boolean {
    return performance.now() < this.#othersUntil;
  }

  /** Throws an index away that is not of this log, reads what it lacks, then listens. */
  async start(): Promise<void> {
    if (!(await this.#isOfThisLog())) this.index.clear();
    await this.catchUp();
    this.#connected = true;
    this.#listen();
  }

  /** Everything that the log held when it was called. @throws Problem `store-unavailable`, `store-damaged`, `log-rolled-back`. */
  catchUp(): Promise<void> {
    if (this.#reading === undefined) {
      this.#reading = this.#read().finally(() => (this.#reading = undefined));
      return this.#reading;
    }
    // what is under way may have looked before the caller's fact was there
    this.#after ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#after = undefined;
        return this.catchUp();
      });
    return this.#after;
  }

  /** After an append was refused although the index knew all that there was: the log must still be the one it was. */
  async verify(): Promise<void> {
    if (!(await this.#isOfThisLog())) throw this.#fatal(new Problem('log-rolled-back'));
  }

  /** The log can't be what it was: the Problem with which everything is refused from here on. */
  damagedAt(index: number): Problem {
    return this.#fatal(new Problem('store-damaged', { index }));
  }

  /** While facts below `end` are being appended here, they are not read back: they are taken in when that is settled. */
  async during<T>(end: number, appending: Promise<T>): Promise<T> {
    this.#awaited = end;
    try {
      return await appending;
    } finally {
      this.#awaited = 0;
    }
  }

  /** Takes in facts that were appended here. */
  appended(facts: readonly IndexedFact[]): void {
    this.index.advance(facts);
    this.#notices.notify();
  }

  /** @throws Problem `store-damaged`. */
  decode({ at, type, data }: EngineEvent): StoredFact {
    return this.#frames.read(at, type, data);
  }

  stop(): void {
    this.#stopped = true;
    this.#connected = false;
    clearTimeout(this.#retry);
    this.#listening?.stop();
  }

  async #read(): Promise<void> {
    if (this.#damage !== undefined) throw this.#damage;
    for (let last = false; !last && !this.#stopped;) {
      const page = await this.#stream.read(this.index.next);
      if (this.#stopped) return;
      last = page.last;
      if (page.events.length === 0) return;
      try {
        this.index.advance(page.events.map((event) => this.#indexed(event)));
        if (this.#listening !== undefined) this.#othersUntil = performance.now() + OTHERS_MS;
      } catch (error) {
        throw error instanceof Problem ? this.#fatal(error) : error;
      }
      this.#notices.notify();
    }
  }

  #indexed(event: EngineEvent): IndexedFact {
    const fact = this.decode(event);
    return { fact, repeatKey: this.#repeatKeyOf(fact) };
  }

  async #isOfThisLog(): Promise<boolean> {
    const { next, lastNonce } = this.index;
    if (next === 0) return true;
    const event = await this.#stream.at(next - 1);
    if (event === undefined) return false;
    try {
      return sameBytes(this.decode(event).nonce, lastNonce);
    } catch {
      return false;
    }
  }

  #fatal(problem: Problem): Problem {
    this.#damage ??= problem;
    return problem;
  }

  #listen(): void {
    if (this.#stopped) return;
    this.#listening = this.#stream.listen(this.index.next, {
      ready: () => {
        this.#connected = true;
        this.#wait = FIRST_WAIT_MS;
        this.#notices.notify();
      },
      event: (at) => {
        if (at >= Math.max(this.index.next, this.#awaited))
          this.catchUp().catch((error: unknown) => this.#missed(error));
      },
      lost: () => {
        this.#connected = false;
        this.#listenAgain();
      },
    });
  }

  #listenAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#listen(), this.#wait).unref();
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }

  /** The next event, or the next caller, asks again; whoever follows the log looks by itself now and then. */
  #missed(error: unknown): void {
    if (!isUnavailable(error)) this.#notices.notify();
  }
}
