import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { factsOfCall, LANES } from './stream-facts.ts';
import type { Acknowledged, WriterStart } from './stream-writer-worker.ts';

/** Of one fact: `own` is one that no other writer sends. */
export type Note = (fact: {
  readonly id: string;
  readonly position: string;
  readonly repeated: boolean;
  readonly own: boolean;
}) => void;

/** A writer process that is killed and started again; what it was told goes on with the next. */
export class StreamWriter {
  readonly #start: Omit<WriterStart, 'from'>;
  readonly #from = LANES.map(() => 0);
  readonly #acknowledged: Note;
  #child: ChildProcess | undefined;
  /** Calls that were acknowledged to it. */
  calls = 0;
  /** Why a process ended that nobody had ended. */
  broken: Error | undefined;

  constructor(start: Omit<WriterStart, 'from'>, acknowledged: Note) {
    this.#start = start;
    this.#acknowledged = acknowledged;
  }

  start(): void {
    const source = import.meta.url.endsWith('.ts');
    const worker = fileURLToPath(new URL(`./stream-writer-worker.${source ? 'ts' : 'js'}`, import.meta.url));
    const quiet = '--disable-warning=ExperimentalWarning';
    const child = fork(worker, [JSON.stringify({ ...this.#start, from: this.#from })], {
      execArgv: source ? ['--conditions=development', quiet] : [quiet],
    });
    this.#child = child;
    child.on('message', (message) => this.#take(message as Acknowledged));
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.broken = new Error(`a writer ended by itself: ${signal ?? code}`);
    });
  }

  /** SIGKILL, and waits for its end and for what it had told before. */
  async kill(): Promise<void> {
    await this.#end((child) => child.kill('SIGKILL'));
  }

  /** Lets it finish what is under way. */
  async stop(): Promise<void> {
    await this.#end((child) => child.send('stop'));
  }

  async #end(how: (child: ChildProcess) => void): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const gone = once(child, 'close');
    if (child.exitCode !== null || child.signalCode !== null) return;
    how(child);
    await gone;
  }

  #take({ lane, call, positions, repeated }: Acknowledged): void {
    const { writer } = this.#start;
    for (const [index, { fact }] of factsOfCall(writer, lane, call).entries()) {
      const position = positions[index] ?? 'none';
      const own = fact.id.startsWith(`${writer}-`);
      this.#acknowledged({ id: fact.id, position, repeated: repeated.includes(index), own });
    }
    this.#from[lane] = call + 1;
    this.calls++;
  }
}
