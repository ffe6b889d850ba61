import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface InsertServerStart {
  readonly kind: 'facts' | 'access';
  /** The database it makes. */
  readonly file: string;
  /** File of the hub whose schema it copies. */
  readonly like: string;
  /** Length of each answer's body. */
  readonly answerBytes: number;
  /** Rows of a request, each with its share of the body; 1 when absent, 0 for an answer alone. */
  readonly rows?: number;
}
export interface InsertServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A bare `node:http` server in a process of its own: each request is one insert or several, durable before its answer, or none. */
export async function insertServer(start: InsertServerStart): Promise<InsertServer> {
  const source = import.meta.url.endsWith('.ts');
  const worker = fileURLToPath(new URL(`./insert-worker.${source ? 'ts' : 'js'}`, import.meta.url));
  const quiet = '--disable-warning=ExperimentalWarning';
  const child = fork(worker, [JSON.stringify(start)], {
    execArgv: source ? ['--conditions=development', quiet] : [quiet],
  });
  const gone = once(child, 'exit').then(() => new Error('the baseline server ended'));
  const first = await Promise.race([once(child, 'message') as Promise<[unknown]>, gone]);
  if (first instanceof Error) throw first;
  const port = Number(first[0]);
  return {
    port,
    close: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
