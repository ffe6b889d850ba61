import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface VerifyStart {
  /** The verifier, or its raw baseline, which needs nothing but the directory. */
  readonly kind: 'verify' | 'raw';
  readonly directory: string;
  /** Where the newest checkpoints are kept outside the backup. */
  readonly checkpoints: string;
  /** Hexadecimal. */
  readonly hubKey: string;
}
export interface VerifyAnswer {
  readonly leaves: number;
  readonly seconds: number;
  /** The most memory that its process ever had, MiB; absent where that is not known. */
  readonly mostMiB?: number;
}

/** Verifies in a process of its own, so that its memory is its own. @throws Error when it ended without an answer. */
export async function verifyProcess(start: VerifyStart): Promise<VerifyAnswer> {
  const source = import.meta.url.endsWith('.ts');
  const worker = fileURLToPath(new URL(`./verify-worker.${source ? 'ts' : 'js'}`, import.meta.url));
  const quiet = '--disable-warning=ExperimentalWarning';
  const child = fork(worker, [JSON.stringify(start)], {
    execArgv: source ? ['--conditions=development', quiet] : [quiet],
  });
  let answer: VerifyAnswer | undefined;
  child.once('message', (message) => (answer = message as VerifyAnswer));
  await once(child, 'exit');
  if (answer === undefined) throw new Error(`the process that verifies ended with ${child.exitCode}`);
  return answer;
}
