import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPorts } from './open-ports.ts';

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
});
