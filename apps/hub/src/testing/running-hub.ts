import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '#contracts';
import { readConfig } from '#kernel';
import { enrolFirstAgency } from '../enrol-first-agency.ts';
import { SETTINGS } from '../settings.ts';
import { startHub, type RunningHub } from '../start-hub.ts';
import { readFileSync } from 'node:fs';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  json<T = Record<string, unknown>>(): T;
}
export interface Persona {
  readonly clientId: string;
  readonly secret: string;
  token(): Promise<string>;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** An answer whose body is no text. */
  raw(path: string): Promise<{ readonly status: number; readonly type: string | null; readonly bytes: Buffer }>;
}

/** A hub on real files and a real port, with the demo's identity provider and a client for each agency and role. */
export interface HubUnderTest {
  readonly url: string;
  readonly directory: string;
  as(agency: string, role: Role): Persona;
  /** Stops and starts it again on the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
  readonly running: RunningHub;
}

export const HOST = 'county-host';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function hubUnderTest(agencies: Readonly<Record<string, readonly Role[]>>): Promise<HubUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'svd-hub-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const all = { [HOST]: ['operator', 'steward', 'auditor'] as readonly Role[], ...agencies };
  const wanted = Object.entries(all).flatMap(([agency, roles]) => roles.map((role) => ({ agency, roles: [role] })));
  const clients = join(directory, 'clients.json');
  await writeFile(clients, JSON.stringify(wanted));
  const issuer = ['--issuer', `${url}/oidc`];
  const checkpoints = join(directory, 'outside');
  const first = ['--id', HOST, '--name', 'County host', ...issuer, '--capacity', 'host'];
  await enrolFirstAgency(first, { directory, checkpoints });
  const env = {
    HUB_PORT: String(port),
    HUB_DATA_DIR: directory,
    HUB_CHECKPOINT_DIR: checkpoints,
    HUB_DEMO_OIDC_CLIENTS: clients,
    HUB_LOG_LEVEL: 'silent',
  };
  const settings = readConfig(SETTINGS, env);
  let running = await startHub(settings);
  const personas = new Map<string, Persona>();
  return {
    url,
    directory,
    as: (agency, role) => {
      const clientId = `${agency}.${role}`;
      const known = personas.get(clientId) ?? persona(url, directory, clientId);
      personas.set(clientId, known);
      return known;
    },
    restart: async () => {
      await running.close();
      running = await startHub(settings);
    },
    close: async () => {
      await running.close();
      await rm(directory, { recursive: true, force: true });
    },
    get running() {
      return running;
    },
  };
}

function persona(url: string, directory: string, clientId: string): Persona {
  const identity = JSON.parse(readFileSync(join(directory, 'demo-identity.json'), 'utf8')) as {
    clients: { client_id: string; client_secret: string }[];
  };
  const secret = identity.clients.find((client) => client.client_id === clientId)?.client_secret;
  if (secret === undefined) throw new Error(`no client ${clientId}`);
  let held: { token: string; until: number } | undefined;
  const token = async (): Promise<string> => {
    if (held !== undefined && Date.now() < held.until) return held.token;
    const answer = await fetch(`${url}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const body = (await answer.json()) as { access_token?: string };
    if (body.access_token === undefined) throw new Error(`no token for ${clientId}: ${answer.status}`);
    held = { token: body.access_token, until: Date.now() + 300_000 };
    return held.token;
  };
  return {
    clientId,
    secret,
    token,
    raw: async (path) => {
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${await token()}` } });
      const bytes = Buffer.from(await answer.arrayBuffer());
      return { status: answer.status, type: answer.headers.get('content-type'), bytes };
    },
    call: async (method, path, body, headers = {}) => {
      const raw = typeof body === 'string' || body instanceof Uint8Array;
      const sent = body === undefined ? {} : { body: raw ? body : JSON.stringify(body) };
      const type = body === undefined || 'content-type' in headers ? {} : { 'content-type': 'application/json' };
      const authorization = `Bearer ${await token()}`;
      const answer = await fetch(url + path, {
        method,
        headers: { authorization, ...type, ...headers },
        ...sent,
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, json: <T>() => JSON.parse(text) as T };
    },
  };
}
