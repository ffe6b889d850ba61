import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignIn } from '../answers.ts';
import { type DemoClient, signInAt } from '../clients.ts';

const BUILT = 'dist/apps/demo/src/main.js';
/** Whether there is a demo to run; a suite that needs one is skipped, and says so, where there isn't. */
export function demoIsBuilt(): boolean {
  const built = existsSync(BUILT);
  if (!built) process.stderr.write(`skipped: ${BUILT} is not built (npm run build)\n`);
  return built;
}

/** The demo as `npm run demo` runs it, in a directory and on a port of its own. */
export interface RunningDemo {
  readonly directory: string;
  readonly checkpoints: string;
  readonly url: string;
  /** Starts it, and waits for what it prints when it is ready. */
  start(): Promise<{ readonly said: string; readonly steps: string }>;
  /** Everybody who can sign in, as a person would look them up. */
  signIn(): SignIn;
  /** The JSON that a `--print-…` option prints. */
  printed(option: string): unknown;
  stop(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

export async function runningDemo(events = 1_000): Promise<RunningDemo> {
  const directory = await mkdtemp(join(tmpdir(), 'svd-demo-'));
  const checkpoints = `${directory}-checkpoints`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const place = [BUILT, '--port', String(port), '--directory', directory];
  let running: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (running?.exitCode !== null) return;
    running.kill('SIGTERM');
    await once(running, 'exit');
  };
  const printed = (option: string): unknown =>
    JSON.parse(execFileSync(process.execPath, [...place, option], { encoding: 'utf8' }));
  return {
    directory,
    checkpoints,
    url,
    start: async () => {
      const child = spawn(process.execPath, [...place, '--events', String(events)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running = child;
      let [said, steps] = ['', ''];
      child.stderr.setEncoding('utf8').on('data', (text: string) => (steps += text));
      await new Promise<void>((resolve, reject) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (said.includes('connector -- push')) resolve();
        });
        child.once('exit', () => reject(new Error(steps)));
      });
      return { said, steps };
    },
    signIn: () => signInAt(url, printed('--print-clients') as readonly DemoClient[]),
    printed,
    stop,
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true });
      await rm(checkpoints, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
