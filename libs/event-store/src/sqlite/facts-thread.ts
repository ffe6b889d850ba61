import { Worker } from 'node:worker_threads';
import { Problem } from '#kernel';
import type { ToMain, WorkerStart } from './messages.ts';

/**
 * The thread that commits facts. Resolves once the file is open and its schema in place.
 * @throws Problem as `openFactsDatabase`; `store-unavailable` when the thread ends before, or the file can't be opened.
 */
export async function startFactsThread(start: WorkerStart): Promise<Worker> {
  const source = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(`./facts-worker.${source ? 'ts' : 'js'}`, import.meta.url), {
    name: 'facts-writer',
    workerData: start,
    ...(source ? { execArgv: ['--conditions=development', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  const first = await new Promise<ToMain | undefined>((resolve) => {
    worker.once('message', resolve);
    worker.once('exit', () => resolve(undefined));
    // an exit follows and says the same
    worker.on('error', () => undefined);
  });
  if (first?.no === 'ready') return worker;
  await worker.terminate();
  if (first?.no !== 'refused') throw new Problem('store-unavailable');
  throw new Problem(first.code, first.file === undefined ? {} : { field: first.file });
}
