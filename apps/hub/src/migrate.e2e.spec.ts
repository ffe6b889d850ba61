import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSqliteStore } from '#event-store';
import { eventType, streamName } from '#kernel';

const BUILT = 'dist/apps/hub/src/migrate.js';
const built = existsSync(BUILT);
if (!built) process.stderr.write(`skipped: ${BUILT} is not built\n`);

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code?: number;
}
const migrate = (...args: string[]): Promise<Ended> =>
  promisify(execFile)(process.execPath, [BUILT, ...args]).catch((error: unknown) => error as Ended);

(built ? describe : describe.skip)('npm run migrate', () => {
  let parent = '';
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'svd-migrate-'));
  });
  afterEach(() => rm(parent, { recursive: true }));
  const fill = async (directory: string, id: string): Promise<void> => {
    const store = await openSqliteStore({ directory });
    const type = eventType('uk.svd.police.incident-recorded.v1');
    const fact = { source: 'urn:a', id, type, repeatKey: new Uint8Array(32), stored: Buffer.from('{}'), metadata: {} };
    await store.writer.append([{ stream: streamName('s'), fact }]);
    await store.close();
  };

  it('prints what it moved and both roots, again too, and writes what nobody else reads', async () => {
    const [from, to] = [join(parent, 'from'), join(parent, 'to')];
    await fill(from, 'a');
    for (let time = 0; time < 2; time++) {
      const { stdout, stderr } = await migrate('--from', `sqlite:${from}`, '--to', `sqlite:${to}`);
      const lines = /^facts 1\nhead 0\nroot-from (\S{43}=)\nroot-to (\S{43}=)\n$/.exec(stdout);
      expect([lines?.[1], stderr]).toEqual([lines?.[2] ?? 'none', '']);
    }
    for (const name of await readdir(to)) expect([name, (await stat(join(to, name))).mode & 0o077]).toEqual([name, 0]);
  });

  it.each([
    ['--from', 'to', '--to', 'nowhere', 'store-missing'],
    ['--from', 'from', '--to', 'other', 'log-not-empty (position 0)'],
  ])('says why not: %s %s %s %s', async (_, from, __, to, why) => {
    await fill(join(parent, 'from'), 'a');
    await fill(join(parent, 'other'), 'b');
    const ended = await migrate('--from', `sqlite:${join(parent, from)}`, '--to', `sqlite:${join(parent, to)}`);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: `migrate: ${why}\n` });
    expect(await readdir(parent)).not.toContain('nowhere');
  });

  it('says how it is used', async () => {
    expect((await migrate('--help')).stdout).toContain('sqlite:DIRECTORY');
    expect(await migrate('--from', 'sqlite:x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--to') as string,
    });
  });
});
