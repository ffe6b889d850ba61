import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BUILT = 'dist/apps/hub/src/main.js';
const built = existsSync(BUILT);
if (!built) process.stderr.write(`skipped: ${BUILT} is not built\n`);

(built ? describe : describe.skip)('the hub on the command line', () => {
  it('writes what nobody else reads, under whatever umask it was started', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'svd-main-'));
    const named = ['--id', 'county-host', '--name', 'County host', '--issuer', 'https://issuer.example'];
    const command = `umask 000; exec "$0" ${BUILT} enrol-agency --capacity host "$@"`;
    const env = { PATH: process.env['PATH'], HUB_DATA_DIR: directory, HUB_CHECKPOINT_DIR: join(directory, 'outside') };
    await promisify(execFile)('sh', ['-c', command, process.execPath, ...named], { env });
    const written = await readdir(directory, { recursive: true });
    expect(written).toContain('facts.db');
    for (const name of written) expect([name, (await stat(join(directory, name))).mode & 0o077]).toEqual([name, 0]);
    await rm(directory, { recursive: true });
  }, 30_000);
});
