import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { openPorts } from './open-ports.ts';

const BUILT = 'dist/apps/hub/src/open-ports.js';
const built = existsSync(BUILT);
if (!built) process.stderr.write(`skipped: ${BUILT} is not built\n`);

describe('the data directory', () => {
  const root = mkdtempSync(join(tmpdir(), 'svd-ports-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it.each([0o755, 0o770, 0o701, 0o700])(
    'that was there with mode %o is its owner’s alone once it is opened',
    async (mode) => {
      const directory = join(root, mode.toString(8));
      mkdirSync(directory);
      chmodSync(directory, mode);
      const { close } = await openPorts({ directory, checkpoints: join(root, 'checkpoints') }, 'test');
      await close();
      expect(statSync(directory).mode & 0o777).toBe(0o700);
    },
  );

  (built ? it : it.skip)(
    'is made with what leads to it, and so are the checkpoints, and a power cut takes none of it back',
    async () => {
      const directory = join(root, 'above', 'between', 'data');
      const [watch, program, synced] = [join(root, 'watch.mjs'), join(root, 'open.mjs'), join(root, 'synced')];
      // in every thread
      writeFileSync(
        watch,
        `import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const real = fs.fsyncSync;
      fs.fsyncSync = (fd) => {
        fs.appendFileSync(${JSON.stringify(synced)}, fs.fstatSync(fd).ino + '\\n');
        real(fd);
      };
      syncBuiltinESMExports();`,
      );
      const directories = { directory, checkpoints: join(root, 'outside', 'checkpoints') };
      writeFileSync(
        program,
        `import { openPorts } from ${JSON.stringify(pathToFileURL(BUILT).href)};
      const { close } = await openPorts(${JSON.stringify(directories)}, 'test');
      await close();`,
      );
      await promisify(execFile)(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        '--import',
        watch,
        program,
      ]);
      const leading = [root, join(root, 'above'), join(root, 'above', 'between'), join(root, 'outside')];
      expect(readFileSync(synced, 'utf8').split('\n')).toEqual(
        expect.arrayContaining(leading.map((above) => String(statSync(above).ino))),
      );
    },
  );
});
