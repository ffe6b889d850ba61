import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HOST, WANTED_CLIENTS } from './agencies.ts';

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

/** Enrols the host on a new directory, starts the hub as a process of its own, and waits until it is ready. */
export async function startHub(place: HubPlace): Promise<HubProcess> {
  const wanted = join(place.directory, 'demo-clients.json');
  const log = join(place.directory, 'hub.log');
  await mkdir(place.directory, { recursive: true, mode: 0o700 });
  await enrolHost(place);
  await writeFile(wanted, JSON.stringify(WANTED_CLIENTS));
  const env = { ...environment(place), HUB_PORT: String(place.port), HUB_DEMO_OIDC_CLIENTS: wanted };
  const child = spawn(process.execPath, [HUB], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const ended = once(child, 'exit').then(() => undefined);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  const url = urlOf(place);
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
  if ((await readFile(done, 'utf8').catch(() => '')) === issuerOf(place)) return;
  const { agency, name, capacity } = HOST;
  const args = ['enrol-agency', '--id', agency, '--name', name, '--issuer', issuerOf(place), '--capacity', capacity];
  const child = spawn(process.execPath, [HUB, ...args], {
    env: environment(place),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  if (child.exitCode !== 0 && !said.includes('already-exists')) throw new Error(`enrolling the host: ${said.trim()}`);
  await writeFile(done, issuerOf(place));
}

/** Nothing of the shell's own HUB_ settings reaches the demo's hub. */
function environment({ directory }: HubPlace): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('HUB_'));
  return { ...Object.fromEntries(others), HUB_DATA_DIR: directory, HUB_LOG_LEVEL: 'warn' };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).status === 200;
  } catch {
    return false;
  }
}
