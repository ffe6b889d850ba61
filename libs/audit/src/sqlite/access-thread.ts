import { Worker } from 'node:worker_threads';
import { Problem } from '#kernel';
import type { NewRow, Placed } from './access-table.ts';
import type { ToMain, ToWorker } from './messages.ts';

/** The thread that commits access records, one group at a time. */
export class AccessThread {
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #alive = true;
  #answer: ((message: ToMain) => void) | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#gone = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#alive = false;
        this.#answer?.({ kind: 'failed' });
        resolve();
      });
    });
    worker.on('message', (message: ToMain) => this.#answer?.(message));
    // an exit follows and says the same
    worker.on('error', () => undefined);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** @throws Problem `audit-version`, `audit-damaged`, `audit-not-durable`, `audit-unavailable`. */
  static async start(directory: string): Promise<AccessThread> {
    const source = import.meta.url.endsWith('.ts');
    const worker = new Worker(new URL(`./access-worker.${source ? 'ts' : 'js'}`, import.meta.url), {
      name: 'access-writer',
      workerData: { directory },
      ...(source ? { execArgv: ['--conditions=development', '--disable-warning=ExperimentalWarning'] } : {}),
    });
    const thread = new AccessThread(worker);
    const first = await thread.#next();
    if (first.kind === 'ready') return thread;
    await worker.terminate();
    if (first.kind !== 'refused') throw new Problem('audit-unavailable');
    throw new Problem(first.code, first.file === undefined ? {} : { field: first.file });
  }

  /** Resolves after the fsync. Never called while another commit is under way. @throws Problem `audit-unavailable`. */
  async commit(rows: readonly NewRow[], now: number): Promise<readonly Placed[]> {
    const answer = this.#next();
    this.#post({ kind: 'commit', now, rows });
    const reply = await answer;
    if (reply.kind !== 'committed') throw new Problem('audit-unavailable', { retryAfter: 1 });
    return reply.placed;
  }

  async close(): Promise<void> {
    if (this.#alive) this.#post({ kind: 'close' });
    await this.#gone;
  }

  /** As a crash would leave it. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #next(): Promise<ToMain> {
    if (!this.#alive) return Promise.resolve({ kind: 'failed' });
    return new Promise((resolve) => (this.#answer = resolve));
  }
}
