import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '#transport';
import { ANALYSIS, HOST, MENTORS, POLICE, YOUTH_JUSTICE } from './agencies.ts';
import { items, member } from './answers.ts';
import { type DemoClient, signInAt } from './clients.ts';

const BUILT = 'dist/apps/demo/src/main.js';
const built = existsSync(BUILT);
if (!built) process.stderr.write(`skipped: ${BUILT} is not built\n`);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

(built ? describe : describe.skip)('the demo', () => {
  let directory: string;
  let port: number;
  let running: ChildProcess | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'svd-demo-'));
    port = await freePort();
  });
  afterAll(async () => {
    await stop();
    await rm(directory, { recursive: true });
    await rm(`${directory}-checkpoints`, { recursive: true, force: true });
  });

  /** Starts it, and waits for what it prints when it is ready. */
  async function start(): Promise<{ said: string; steps: string }> {
    const args = [BUILT, '--port', String(port), '--directory', directory, '--events', '1000'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    let [said, steps] = ['', ''];
    child.stderr.setEncoding('utf8').on('data', (text: string) => (steps += text));
    const ready = new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('connector -- push')) resolve();
      });
      child.once('exit', () => reject(new Error(steps)));
    });
    await ready;
    return { said, steps };
  }
  /** As a person would look them up. */
  function clients(): readonly DemoClient[] {
    const args = [BUILT, '--port', String(port), '--directory', directory, '--print-clients'];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as readonly DemoClient[];
  }
  async function stop(): Promise<void> {
    if (running?.exitCode !== null) return;
    running.kill('SIGTERM');
    await once(running, 'exit');
  }

  /** Of what the demo and its hub wrote, nobody else reads anything. */
  async function expectsOwnersFiles(): Promise<void> {
    const written = await readdir(directory, { recursive: true });
    expect(written).toEqual(expect.arrayContaining(['facts.db', 'hub.log']));
    const modes = await Promise.all(
      written.map(async (name) => [name, (await stat(join(directory, name))).mode & 0o077]),
    );
    expect(modes.filter(([, others]) => others !== 0)).toEqual([]);
  }
  /** As docs/how-to/publish.md tells it. */
  async function postsTheDocumentedEvent(publisher: Hub): Promise<void> {
    const event = await readFile('docs/how-to/incident.json');
    const headers = {
      authorization: `Bearer ${await publisher.token()}`,
      'content-type': 'application/cloudevents+json',
    };
    const post = () => fetch(new URL('/v1/events', publisher.url), { method: 'POST', headers, body: event });
    const [first, again] = [await post(), await post()];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(await again.json()).toEqual(await first.json());
  }

  it('governs, publishes, freezes, answers and refuses through the API, and changes nothing on a second start', async () => {
    const first = await start();
    expect(first.steps).toContain('agreement overall-picture in force');
    expect(first.steps).toMatch(/[1-9]\d* events accepted, 0 repeated, 0 quarantined/);
    expect(first.said).toContain('/v1/releases/police-incidents@1.2026-06.v1/table');

    const signIn = signInAt(`http://127.0.0.1:${port}`, clients());
    const june = '/v1/releases/police-incidents@1.2026-06.v1/table?rows=place.district';
    const asked = await signIn(ANALYSIS.agency, 'analyst').get(`${june}&purpose=sv-needs-assessment`);
    expect(asked.status).toBe(200);
    expect(items(member(asked.body, 'data'), 'rows').map((row) => member(row, 'label'))).toContain('Aldermouth');

    const attendances = '/v1/releases/ed-attendances@1.2026-Q2.v1/table?rows=place.district&columns=period.month';
    const seen = await signIn(ANALYSIS.agency, 'analyst').get(`${attendances}&purpose=sv-needs-assessment`);
    expect(seen.status).toBe(200);

    const refused = [
      await signIn(ANALYSIS.agency, 'analyst').get(`${june}&purpose=evaluation`),
      await signIn(MENTORS.agency, 'analyst').get(
        june.replace('district', 'lsoa') + '&purpose=violence-reduction-pathway',
      ),
      await signIn(YOUTH_JUSTICE.agency, 'analyst').get(`${june}&purpose=sv-strategy`),
    ];
    expect(refused.map(({ status, body }) => [status, member(body, 'rule')])).toEqual([
      [403, 'purpose-not-granted'],
      [403, 'place-too-fine'],
      [403, 'not-a-party'],
    ]);
    const audited = await signIn(HOST.agency, 'auditor').get(`/v1/audit/entries?consumer=${YOUTH_JUSTICE.agency}`);
    expect(items(member(audited.body, 'data'), 'entries').map((entry) => member(entry, 'kind'))).toEqual(['refused']);
    await expectsOwnersFiles();
    await postsTheDocumentedEvent(signIn(POLICE.agency, 'publisher'));
    await stop();

    const second = await start();
    expect(second.steps).not.toContain('publishing');
    expect(second.steps).not.toContain('released');
    await stop();
  }, 120_000);
});
