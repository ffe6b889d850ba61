import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from './log-file.ts';

describe('file of the stand-in', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'svd-log-file-'));
    path = join(directory, 'log');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const held = (): string[] => {
    const file = new LogFile(path);
    file.close();
    return file.records.map(String);
  };
  const append = (...texts: string[]): void => {
    const file = new LogFile(path);
    file.append(texts.map((text) => Buffer.from(text)));
    file.close();
  };

  it('gives back its records in order', () => {
    append('a', 'bc');
    append('');
    append('d');
    expect(held()).toEqual(['a', 'bc', '', 'd']);
  });

  it('drops a tail that was cut anywhere, and goes on behind what is whole', () => {
    append('first', 'second');
    const whole = readFileSync(path);
    for (let length = whole.length - 1; length > whole.length / 2; length--) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      expect(held()).toEqual(['first']);
      append('third');
      expect(held()).toEqual(['first', 'third']);
    }
  });

  it('drops a tail that is not what was written', () => {
    append('first', 'second');
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(path, bytes);
    appendFileSync(path, Buffer.alloc(3));
    expect(held()).toEqual(['first']);
  });
});
