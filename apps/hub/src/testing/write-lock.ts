import { spawn } from 'node:child_process';
import { once } from 'node:events';

const HOLD = `
  const { DatabaseSync } = require('node:sqlite');
  new DatabaseSync(process.argv[1], { timeout: 10_000 }).exec('BEGIN EXCLUSIVE');
  process.stdout.write('held');
  setInterval(() => undefined, 60_000);
`;

/**
 * Has another process hold the write lock of a SQLite file, as a tool that an operator left open would: nobody can write
 * to it, anyone can read. Resolves, once it is held, to what frees it.
 */
export async function holdWriteLock(file: string): Promise<() => Promise<void>> {
  const holder = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', HOLD, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(holder, 'exit');
  const held = await Promise.race([once(holder.stdout, 'data').then(() => true), gone.then(() => false)]);
  if (!held) throw new Error('the lock was not had');
  return async () => {
    holder.kill('SIGKILL');
    await gone;
  };
}
