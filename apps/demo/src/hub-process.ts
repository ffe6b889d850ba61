import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HOST, WANTED_CLIENTS } from './agencies.ts';
import type { DemoClient } from './clients.ts';

export interface HubProcess {
  readonly url: string;
  /** Ends when the hub has; never rejects. */
  readonly ended: Promise<void>;
  /** Asks the hub to close, and waits until it has. */
  stop(): Promise<void>;
}
export interface HubPlace {
  readonly port: number;
  readonly directory: string;
}

/** The hub as built: what is shown is what would be run. */
const HUB = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../dist/apps/hub/src/main.js' : '../../hub/src/main.js',
    import.meta.url,
  ),
);
/** The heap limits that the hub is run with (`npm start` reads the same file). */
const nodeArguments = (): readonly string[] => {
  const root = import.meta.url.endsWith('.ts') ? '../../../' : '../../../../';
  return JSON.parse(readFileSync(new URL(`${root}apps/hub/node-arguments.json`, import.meta.url), 'utf8')) as string[];
};
const READY_TRIES = 300;

export const urlOf = ({ port }: HubPlace): string => `http://127.0.0.1:${port}`;
/** The identity provider that the hub runs in a demo. */
export const issuerOf = (place: HubPlace): string => `${urlOf(place)}/oidc`;

/** @throws Error when another program, perhaps an earlier demo, answers at the address */
export async function assertFree(place: HubPlace): Promise<void> {
  const answered = await fetch(urlOf(place)).then(
    () => true,
    () => false,
  );
  if (answered) throw new Error(`something answers at ${urlOf(place)} already; stop it, or choose another --port`);
}

/** Everybody who can sign in, with their secrets: made by the hub's own command on the first call. */
export async function clientsOf(place: HubPlace): Promise<readonly DemoClient[]> {
  await mkdir(place.directory, { recursive: true, mode: 0o700 });
  await writeFile(wantedFile(place), JSON.stringify(WANTED_CLIENTS));
  return JSON.parse(await runHub(place, 'demo-clients')) as readonly DemoClient[];
}

/** Enrols the host on a new directory, starts the hub as a process of its own, and waits until it is ready. */
export async function startHub(place: HubPlace): Promise<HubProcess> {
  const url = urlOf(place);
  const log = join(place.directory, 'hub.log');
  await enrolHost(place);
  const child = spawn(process.execPath, [...nodeArguments(), HUB], {
    env: environment(place),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const ended = once(child, 'exit').then(() => undefined);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  for (let tries = 0; tries < READY_TRIES && child.exitCode === null; tries++) {
    if (await isReady(url)) return { url, ended, stop };
    await pause(100);
  }
  await stop();
  throw new Error(`the hub did not become ready; its log is ${log}`);
}

/** A command on the host, since nobody could be asked to permit the first agency. Once per directory. */
async function enrolHost(place: HubPlace): Promise<void> {
  const done = join(place.directory, 'host-enrolled');
  const issuer = issuerOf(place);
  const before = await readFile(done, 'utf8').catch(() => undefined);
  if (before === issuer) return;
  if (before !== undefined) throw new Error(`the agencies of this demo sign in at ${before}: use its port, or --fresh`);
  const { agency, name, capacities } = HOST;
  const args = ['--id', agency, '--name', name, '--issuer', issuer, '--capacity', capacities[0]];
  await runHub(place, 'enrol-agency', ...args).catch((error: unknown) => {
    // stopped between the fact and the note of it
    if (!String(error).includes('already-exists')) throw error;
  });
  await writeFile(done, issuer);
}

/** Runs a command of the hub to its end. @throws Error with what it says is wrong */
async function runHub(place: HubPlace, ...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [HUB, ...args], { env: environment(place), stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, wrong] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (wrong += text));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`${args[0] ?? 'hub'}: ${wrong.trim()}`);
  return said;
}

/** Beside the hub's files, so that a copy of those put back is noticed. */
export const checkpointsOf = ({ directory }: Pick<HubPlace, 'directory'>): string =>
  `${resolve(directory)}-checkpoints`;

const wantedFile = ({ directory }: HubPlace): string => join(directory, 'demo-clients.json');
/** Nothing of the shell's own HUB_ settings reaches the demo's hub. */
function environment(place: HubPlace): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('HUB_'));
  return {
    ...Object.fromEntries(others),
    HUB_PORT: String(place.port),
    HUB_DATA_DIR: place.directory,
    HUB_CHECKPOINT_DIR: checkpointsOf(place),
    HUB_DEMO_OIDC_CLIENTS: wantedFile(place),
    HUB_LOG_LEVEL: 'warn',
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).status === 200;
  } catch {
    return false;
  }
}
