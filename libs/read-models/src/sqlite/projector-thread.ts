import { Worker } from 'node:worker_threads';
import { Problem } from '#kernel';
import type { CallName, Calls, FromProjector, ProjectorStart, ToProjector } from './messages.ts';
import type { Progress } from './projector.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A thread that lived this long starts again at once when it dies. */
const STEADY_MS = 30_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The projector's thread as the main thread sees it: asks it, hears of its progress, starts it again when it dies. */
export class ProjectorThread {
  readonly #start: ProjectorStart;
  readonly #onChange: () => void;
  readonly #onDown: (cause: unknown) => void;
  readonly #calls = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #state: 'starting' | 'running' | 'down' | 'closed' = 'starting';
  #progress: Progress = { live: -1, head: -1 };
  #pause = FIRST_PAUSE_MS;
  #again: NodeJS.Timeout | undefined;
  #no = 0;

  /** `onChange`: progress, a death, a start. `onDown`: what the thread died of. */
  constructor(start: ProjectorStart, onChange: () => void, onDown: (cause: unknown) => void) {
    this.#start = start;
    this.#onChange = onChange;
    this.#onDown = onDown;
  }

  get running(): boolean {
    return this.#state === 'running';
  }
  get closed(): boolean {
    return this.#state === 'closed';
  }
  /** As last heard. */
  get progress(): Progress {
    return this.#progress;
  }

  /** Resolves when the models' database stands. @throws Problem `projector-down` when it can't. */
  async open(): Promise<void> {
    const started = new Promise<boolean>((resolve) => this.#launch(resolve));
    if (await started) return;
    await this.close();
    throw new Problem('projector-down');
  }

  nudge(): void {
    if (this.running) this.#post({ kind: 'nudge' });
  }

  /** @throws Problem of the thread's, or `projector-down` when it is down or dies before it answers. */
  ask<N extends CallName>(name: N, argument?: Calls[N]['argument']): Promise<Calls[N]['value']> {
    if (!this.running) return Promise.reject(new Problem('projector-down', { retryAfter: 1 }));
    const no = this.#no++;
    return new Promise((resolve, reject) => {
      this.#calls.set(no, { resolve: (value) => resolve(value as Calls[N]['value']), reject });
      this.#post({ kind: 'call', no, name, argument });
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    const stopped =
      worker !== undefined && this.running ? new Promise((resolve) => worker.once('exit', resolve)) : undefined;
    if (stopped !== undefined) this.#post({ kind: 'stop' });
    this.#state = 'closed';
    clearTimeout(this.#again);
    this.#refuseAll();
    this.#onChange();
    if (stopped === undefined) await worker?.terminate();
    else await stopped;
  }

  #launch(started: (ready: boolean) => void): void {
    const source = import.meta.url.endsWith('.ts');
    const worker = new Worker(new URL(`./projector-worker.${source ? 'ts' : 'js'}`, import.meta.url), {
      name: 'projector',
      workerData: this.#start,
      // a chunk of facts lives for one commit: without a bound its garbage alone may hold 100 MiB
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
      ...(source ? { execArgv: ['--conditions=development', '--disable-warning=ExperimentalWarning'] } : {}),
    });
    const since = Date.now();
    this.#worker = worker;
    worker.on('message', (message: FromProjector) => {
      if (message.kind === 'ready' && !this.closed) this.#state = 'running';
      if (message.kind === 'ready') started(true);
      this.#hear(message);
    });
    worker.on('error', (cause) => this.#onDown(cause));
    worker.once('exit', () => {
      started(false);
      if (!this.closed) this.#died(Date.now() - since);
    });
  }

  #hear(message: FromProjector): void {
    switch (message.kind) {
      case 'progress':
        this.#progress = message.progress;
        break;
      case 'answer':
        this.#take(message.no)?.resolve(message.value);
        return;
      case 'refused':
        this.#take(message.no)?.reject(new Problem(message.code));
        return;
      case 'ready':
        break;
    }
    this.#onChange();
  }

  #died(afterMs: number): void {
    this.#state = 'down';
    this.#refuseAll();
    this.#onChange();
    const pause = afterMs >= STEADY_MS ? FIRST_PAUSE_MS : this.#pause;
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    this.#again = setTimeout(() => this.#launch(() => undefined), pause);
    this.#again.unref();
  }

  #take(no: number): Waiting | undefined {
    const waiting = this.#calls.get(no);
    this.#calls.delete(no);
    return waiting;
  }

  #refuseAll(): void {
    for (const { reject } of this.#calls.values()) reject(new Problem('projector-down', { retryAfter: 1 }));
    this.#calls.clear();
  }

  #post(message: ToProjector): void {
    this.#worker?.postMessage(message);
  }
}
