import { setTimeout as pause } from 'node:timers/promises';
import type { ToMain, ToWorker } from './messages.ts';

/** What the writer needs of a `Worker`. */
export interface WriterThread {
  postMessage(message: ToWorker, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: ToMain) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
}
export interface ThreadListener {
  told(message: ToMain): void;
  /** It died, and what it was given with it; another is being started. */
  gone(): void;
  /** Another took its place. */
  back(): void;
}
const RESTART_FIRST_MS = 100;
const RESTART_MOST_MS = 5_000;

/** The writer's thread, and another in its place when it dies: tried again for ever, at most every five seconds. */
export class LastingThread {
  readonly #restart: () => Promise<WriterThread>;
  readonly #listener: ThreadListener;
  readonly #ended: Promise<void>;
  readonly #closing = new AbortController();
  #thread: WriterThread | undefined;

  constructor(first: WriterThread, restart: () => Promise<WriterThread>, listener: ThreadListener) {
    this.#restart = restart;
    this.#listener = listener;
    this.#thread = first;
    this.#ended = this.#attend(first);
  }

  get alive(): boolean {
    return this.#thread !== undefined;
  }

  /** Does nothing while there is no thread. */
  post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#thread?.postMessage(message, transfer);
  }

  /** Resolves when the thread has ended. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.post({ kind: 'close' });
    }
    await this.#ended;
  }

  async #attend(first: WriterThread): Promise<void> {
    for (let thread: WriterThread | undefined = first; thread !== undefined; thread = await this.#another()) {
      await this.#untilGone(thread);
      this.#thread = undefined;
      this.#listener.gone();
    }
  }

  #untilGone(thread: WriterThread): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      thread.on('message', (message) => this.#listener.told(message));
      thread.on('exit', () => resolve());
    });
    if (this.#closing.signal.aborted) thread.postMessage({ kind: 'close' });
    if (this.#thread === undefined) {
      this.#thread = thread;
      this.#listener.back();
    }
    return gone;
  }

  async #another(): Promise<WriterThread | undefined> {
    const { signal } = this.#closing;
    for (let wait = RESTART_FIRST_MS; !signal.aborted; wait = Math.min(RESTART_MOST_MS, 2 * wait)) {
      await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return undefined;
      const thread = await this.#restart().catch(() => undefined);
      if (thread !== undefined) return thread;
    }
    return undefined;
  }
}
