import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HEADER =
  'Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context';
const ROW = ',2024-01,W,W,-1.76,52.55,On or near Holly Lane,E01009450,Birmingham 012E,Drugs,,';
/** Several processes are started one after the other. */
const PATIENCE = 60_000;
type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function connector(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const program = join(import.meta.dirname, 'main.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=development', '--disable-warning=ExperimentalWarning', program, ...args],
    {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    },
  );
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...ran })));
}

/** An issuer and a hub that accepts each line, or refuses the push. */
async function hubThat(answers: 'accepts' | 'refuses'): Promise<{ server: Server; url: string }> {
  const server = createServer();
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', (request, response) => {
    const known = answer(request.url ?? '');
    if (known !== undefined)
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known));
    if (answers === 'refuses') {
      request.resume();
      const problem = { type: '/problems/role-required', status: 403 };
      return void response.writeHead(403, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    }
    let line = 0;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    request.on('data', (chunk: Buffer) => {
      for (const byte of chunk)
        if (byte === 0x0a) response.write(`{"line":${++line},"status":"accepted","position":"${line + 8}"}\n`);
    });
    request.on('end', () =>
      response.end(`{"done":true,"accepted":${line},"repeated":0,"quarantined":0,"rejected":0}\n`),
    );
  });
  const answer = (path: string): object | undefined => {
    const token = `h.${Buffer.from('{"agency":"a-force","roles":["publisher"]}').toString('base64url')}.s`;
    const known: Record<string, object> = {
      '/.well-known/oauth-protected-resource': { resource: 'urn:svd:hub', authorization_servers: [`${url()}/oidc`] },
      '/oidc/.well-known/openid-configuration': { issuer: `${url()}/oidc`, token_endpoint: `${url()}/oidc/token` },
      '/oidc/token': { access_token: token, expires_in: 600 },
    };
    return known[path];
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: url() };
}

describe('the connector on the command line', () => {
  let folder: string;
  let file: string;
  const local = (url: string): Record<string, string> => ({
    HUB_URL: url,
    HUB_CLIENT_ID: 'a-force',
    HUB_CLIENT_SECRET_FILE: join(folder, 'secret'),
    HUB_CONNECTOR_KEY_FILE: join(folder, 'connector.key'),
    HUB_CONNECTOR_STATE_DIR: join(folder, 'pushes'),
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'svd-cli-'));
    file = join(folder, 'jan.csv');
    await writeFile(file, [HEADER, ROW, ROW, ''].join('\n'));
    await writeFile(join(folder, 'secret'), 'quiet\n', { mode: 0o600 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it(
    'documents its exit codes and settings, and refuses an unknown option',
    async () => {
      const help = await connector(['push', '--help']);
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(/Exit codes:[\s\S]*3 {2}incomplete/);
      expect(help.stdout).toContain('HUB_CLIENT_SECRET_FILE');
      expect(help.stdout).toContain('police-street-csv');
      const wrong = await connector(['push', 'police-street-csv', file, '--jsn']);
      expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    },
    PATIENCE,
  );

  it(
    'prints one JSON object for a dry run, which leaves nothing behind',
    async () => {
      const ran = await connector(['push', 'police-street-csv', file, '--dry-run', '--json'], { HOME: folder });
      expect(ran.code).toBe(0);
      expect(JSON.parse(ran.stdout)).toMatchObject({ dryRun: true, rows: 2, wouldSend: 2, rejected: 0 });
      expect((await readdir(folder)).sort()).toEqual(['jan.csv', 'secret']);
    },
    PATIENCE,
  );

  it(
    'pushes to the hub that the environment names',
    async () => {
      const { server, url } = await hubThat('accepts');
      const receipts = join(folder, 'receipts.ndjson');
      const args = ['push', 'police-street-csv', file, '--json', '--quiet', '--receipts', receipts];
      const ran = await connector(args, local(url));
      server.close();
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect((await stat(receipts)).mode & 0o077).toBe(0);
      expect(JSON.parse(ran.stdout)).toMatchObject({
        agency: 'a-force',
        accepted: 2,
        firstPosition: '9',
        lastPosition: '10',
      });
    },
    PATIENCE,
  );

  it(
    'tells by its exit code that it was refused, and that nobody answers',
    async () => {
      const { server, url } = await hubThat('refuses');
      const refused = await connector(['push', 'police-street-csv', file, '--json'], local(url));
      server.close();
      expect(refused.code).toBe(4);
      expect(refused.stderr).toContain('hub-refused: role-required');
      expect(JSON.parse(refused.stdout)).toMatchObject({
        incomplete: true,
        accepted: 0,
        problem: { code: 'hub-refused' },
      });
      const missing = await connector(['push', 'police-street-csv', file, '--json'], { ...local(url), HUB_URL: '' });
      expect(missing.code).toBe(2);
      expect(JSON.parse(missing.stdout)).toMatchObject({ problem: { code: 'setting-missing', field: 'HUB_URL' } });
    },
    PATIENCE,
  );
});
