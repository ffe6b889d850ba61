import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeThrough } from './write-through.ts';

describe('writing a file through', () => {
  const directory = mkdtempSync(join(tmpdir(), 'svd-write-through-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([0, 1, 4_096, 1024 * 1024, 2_500_001])('writes %d bytes again, and leaves them as they are', (length) => {
    const file = join(directory, String(length));
    const bytes = Buffer.alloc(length, 'write-ahead');
    writeFileSync(file, bytes);
    utimesSync(file, 0, 0);
    writeThrough(file);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(statSync(file).mtimeMs > 0).toBe(length > 0);
  });

  it('makes no file where there is none', () => {
    const file = join(directory, 'none');
    writeThrough(file);
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });
});
