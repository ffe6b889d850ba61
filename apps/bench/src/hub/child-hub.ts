import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Role } from '#contracts';
import { openHub, type Hub } from '#transport';
import { HOST, PEOPLE } from './people.ts';

/** The hub as built: what is measured is what would be run. */
const HUB = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../../dist/apps/hub/src/main.js' : '../../../hub/src/main.js',
    import.meta.url,
  ),
);
/** Arguments of Node with which `npm start` runs it. */
const NODE_ARGUMENTS = JSON.parse(
  readFileSync(
    new URL(
      import.meta.url.endsWith('.ts')
        ? '../../../hub/node-arguments.json'
        : '../../../../../apps/hub/node-arguments.json',
      import.meta.url,
    ),
    'utf8',
  ),
) as readonly string[];
const READY_WITHIN_MS = 60_000;
const FIRST_TRY_MS = 20;

export interface ChildHubOptions {
  /** Arguments of Node for the hub's process, e.g. `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
  /** More environment for its processes, whose files stand in `directory`. */
  readonly environment?: (directory: string) => Readonly<Record<string, string>>;
}

/** A hub in a process of its own, over a directory that lives as long as this does. One at a time on its files. */
export interface ChildHub {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** Where it keeps its newest checkpoints. */
  readonly outside: string;
  /** Of the process that runs now. @throws Error when none does. */
  readonly pid: number;
  /** Resolves when it answers that it is ready. `environment` for this process alone, instead of that of the options. */
  start(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGTERM, and waits for its end; SIGKILL past so many milliseconds of patience. False when it came to that. */
  stop(patience?: number): Promise<boolean>;
  /** SIGKILL, and waits for its end: nothing of it had a say. @throws Error when it had ended by itself. */
  kill(): Promise<void>;
  /** A client of that agency's person; its tokens outlive a restart. */
  as(agency: string, role: Role): Hub;
  /** What that person signs in with. */
  credentials(agency: string, role: Role): { readonly clientId: string; readonly clientSecret: string };
  /** Stops it and removes its files. The end of this process does so too, unless a signal ends it unheard. */
  remove(): Promise<void>;
}

/** A hub on which only the host is enrolled, not started yet. */
export async function childHub({
  nodeArguments = [],
  environment = () => ({}),
}: ChildHubOptions = {}): Promise<ChildHub> {
  const directory = await mkdtemp(join(tmpdir(), 'svd-bench-'));
  const outside = join(directory, 'outside');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const wanted = join(directory, 'wanted-clients.json');
  await writeFile(wanted, JSON.stringify(PEOPLE));
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('HUB_'));
  const env = {
    ...Object.fromEntries(others),
    HUB_DATA_DIR: directory,
    HUB_CHECKPOINT_DIR: outside,
    HUB_PORT: String(port),
    HUB_DEMO_OIDC_CLIENTS: wanted,
    HUB_LOG_LEVEL: 'error',
  };
  const launch = (args: readonly string[], more = environment(directory)): ChildProcess =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      env: { ...env, ...more },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const enrolling = launch([
    HUB,
    'enrol-agency',
    ...['--id', HOST, '--name', 'Host of the bench', '--issuer', `${url}/oidc`, '--capacity', 'host'],
  ]);
  const said = textOf(enrolling);
  await once(enrolling, 'close');
  if (enrolling.exitCode !== 0) throw new Error(`the host was not enrolled: ${said()}`);

  const clients = new Map<string, Hub>();
  const credentials = (agency: string, role: Role) => {
    const clientId = `${agency}.${role}`;
    return { clientId, clientSecret: secretOf(directory, clientId) };
  };
  let running: ChildProcess | undefined;
  let lastWords = (): string => '';
  const end = async (signal: 'SIGTERM' | 'SIGKILL', patience?: number): Promise<boolean> => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return true;
    const gone = once(child, 'exit');
    child.kill(signal);
    const killing = patience === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), patience);
    await gone;
    clearTimeout(killing);
    return child.signalCode !== 'SIGKILL';
  };
  const leave = (): void => {
    running?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', leave);
  return {
    url,
    port,
    directory,
    outside,
    get pid() {
      if (running?.pid === undefined) throw new Error('the hub does not run');
      return running.pid;
    },
    start: async (more) => {
      const child = launch([...NODE_ARGUMENTS, ...nodeArguments, HUB], more);
      running = child;
      lastWords = textOf(child);
      await ready(url, child, lastWords);
    },
    stop: (patience) => end('SIGTERM', patience),
    kill: async () => {
      const ended = running?.exitCode ?? running?.signalCode;
      if (ended !== null && ended !== undefined) throw new Error(`the hub ended by itself: ${ended} ${lastWords()}`);
      await end('SIGKILL');
    },
    as: (agency, role) => {
      const signIn = credentials(agency, role);
      const known = clients.get(signIn.clientId) ?? openHub({ url, ...signIn });
      clients.set(signIn.clientId, known);
      return known;
    },
    credentials,
    remove: async () => {
      await end('SIGTERM');
      await rm(directory, { recursive: true, force: true });
      process.off('exit', leave);
    },
  };
}

/** Of a process's memory, MiB: now, and the most it ever had (`/proc`; `undefined` where there is none). */
export async function residentMemory(pid: number): Promise<{ now: number; most: number } | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const read = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status ?? '')?.[1]) / 1024;
  return status === undefined ? undefined : { now: read('VmRSS'), most: read('VmHWM') };
}

async function ready(url: string, child: ChildProcess, said: () => string): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS;
  while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
    const answered = await fetch(`${url}/health/ready`).catch(() => undefined);
    await answered?.body?.cancel();
    if (answered?.status === 200) return;
    await pause(FIRST_TRY_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`the hub did not become ready: ${said()}`);
}

/** The last of what it wrote on standard error. */
function textOf(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (text = (text + part).slice(-2_000)));
  return () => text.trim();
}

function secretOf(directory: string, clientId: string): string {
  const identity = JSON.parse(readFileSync(join(directory, 'demo-identity.json'), 'utf8')) as {
    readonly clients: readonly { readonly client_id: string; readonly client_secret: string }[];
  };
  const client = identity.clients.find(({ client_id }) => client_id === clientId);
  if (client === undefined) throw new Error(`no client ${clientId}`);
  return client.client_secret;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
