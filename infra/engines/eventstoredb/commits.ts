import { deserialize, serialize } from 'node:v8';
import { LogFile } from './log-file.ts';
import { StreamLog, type Write } from './stream-log.ts';

/** Decides on the log as it stands, and writes; the position of what it wrote. */
export type Operation<T> = (write: (write: Write) => number) => T;

/**
 * The one way to change the log. What was asked for in one turn of the event loop is decided in order, lies in the file
 * after one fsync, and only then is answered or seen by anybody: nothing else runs in between.
 */
export class Commits {
  readonly log = new StreamLog();
  readonly #file: LogFile;
  readonly #waiting: ((write: (write: Write) => number) => () => void)[] = [];
  readonly #watching = new Set<() => void>();

  constructor(path: string) {
    this.#file = new LogFile(path);
    for (const record of this.#file.records) this.log.apply(deserialize(record) as Write);
  }

  /** Resolves when what it wrote is durable. */
  run<T>(operation: Operation<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.push((write) => {
        const answer = operation(write);
        return () => resolve(answer);
      });
      if (this.#waiting.length === 1) setImmediate(() => this.#commit());
    });
  }

  /** Calls `woken` after each commit, until the function that it returns is called. */
  watch(woken: () => void): () => void {
    this.#watching.add(woken);
    return () => this.#watching.delete(woken);
  }

  #commit(): void {
    const payloads: Buffer[] = [];
    const write = (write: Write): number => {
      payloads.push(serialize(write));
      return this.log.apply(write);
    };
    const answers = this.#waiting.splice(0).map((decide) => decide(write));
    // a file that can't be written ends the process: nothing was answered
    if (payloads.length > 0) this.#file.append(payloads);
    for (const answer of answers) answer();
    if (payloads.length > 0) for (const woken of [...this.#watching]) woken();
  }
}
