import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeThrough } from './write-through.ts';

describe('writing a file through', () => {
  const directory = mkdtempSync(join(tmpdir(), 'svd-write-through-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([0, 1, 4_096, 1024 * 1024, 2_500_001])('leaves %d bytes as they are', (length) => {
    const file = join(directory, String(length));
    const bytes = Buffer.alloc(length, 'write-ahead');
    writeFileSync(file, bytes);
    writeThrough(file);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('makes no file where there is none', () => {
    const file = join(directory, 'none');
    writeThrough(file);
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });
});
