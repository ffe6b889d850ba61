import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient } from '@eventstore/db-client';

/** A server for tests. When it is ours it can be killed (SIGKILL), restarted (same port, same data), and held still. */
export interface EventStoreDbUnderTest {
  readonly kind: 'stand-in' | 'real';
  /** What it says of itself. */
  readonly version: string;
  /** Connection string for the client. */
  readonly connection: string;
  kill?(): Promise<void>;
  restart?(): Promise<void>;
  /** From here on it answers nothing, though connections to it stay open, until `thaw`. */
  freeze?(): void;
  thaw?(): void;
  /** Ends one of ours, and removes its data. */
  stop(): Promise<void>;
}

const urlGiven = (): string => process.env['ESDB_URL'] ?? '';
/** Whether it is one that may be killed: tests that do so are skipped by name where it is not. */
export const engineIsOurs = (): boolean => urlGiven() === '';

/** The server that `ESDB_URL` names, which is left as it is but for streams of random names; otherwise a stand-in of one's own. */
export async function eventStoreDbUnderTest(): Promise<EventStoreDbUnderTest> {
  const engine = engineIsOurs() ? await startStandIn() : await namedEngine(urlGiven());
  report(engine);
  return engine;
}

/** Tells on which engine a run was: to `npm test`, which says it once, or at once where nobody asked. */
function report({ kind, version }: EventStoreDbUnderTest): void {
  const line = `EventStoreDB ${kind} ${version}\n`;
  const file = process.env['SVD_ENGINES_REPORT'];
  if (file === undefined) process.stderr.write(line);
  else appendFileSync(file, line);
}

/** It may be the stand-in all the same, started by hand. */
async function namedEngine(connection: string): Promise<EventStoreDbUnderTest> {
  return { ...(await identify(connection)), connection, stop: async () => undefined };
}

async function startStandIn(): Promise<EventStoreDbUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'svd-eventstoredb-'));
  const file = join(directory, 'log');
  let running = await spawnStandIn(file, 0);
  const { port } = running;
  const kill = async (): Promise<void> => {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const connection = `esdb://127.0.0.1:${port}?tls=false`;
  return {
    ...(await identify(connection)),
    connection,
    kill,
    restart: async () => {
      running = await spawnStandIn(file, port);
    },
    freeze: () => void running.child.kill('SIGSTOP'),
    thaw: () => void running.child.kill('SIGCONT'),
    stop: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function spawnStandIn(
  file: string,
  port: number,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const source = import.meta.url.endsWith('.ts');
  const program = fileURLToPath(new URL(`./stand-in.${source ? 'ts' : 'js'}`, import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', program, '--child', '--file', file, '--port', String(port)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) return { child, port: Number(line) };
  throw new Error('the stand-in ended before it listened');
}

interface Capabilities {
  readonly serverVersion: string;
  supports(method: { readonly path: string }): boolean;
}

async function identify(connection: string): Promise<Pick<EventStoreDbUnderTest, 'kind' | 'version'>> {
  const client = EventStoreDBClient.connectionString(connection);
  // protected in its types: what the client itself goes by
  const { capabilities } = client as unknown as { readonly capabilities: Promise<Capabilities> };
  try {
    const told = await capabilities;
    return { kind: told.supports({ path: '/svd/standin' }) ? 'stand-in' : 'real', version: told.serverVersion };
  } finally {
    await client.dispose();
  }
}
