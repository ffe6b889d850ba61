import { readTrace } from './trace.ts';

interface Written {
  readonly kind: number;
  readonly outcome?: number;
  readonly offset?: number;
  readonly path?: string;
  readonly other?: string;
  readonly data?: string;
}
const HEADER_BYTES = 56;

/** As `infra/faults/faulty-host.c` lays an entry out. */
function written({ kind, outcome = 0, offset = 0, path = '', other = '', data = '' }: Written): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(kind, 0);
  header.writeUInt32LE(outcome, 4);
  [5n, 6n, 7n, BigInt(offset)].forEach((field, n) => header.writeBigUInt64LE(field, 8 + n * 8));
  [path, other, data].forEach((text, n) => header.writeUInt32LE(text.length, 40 + n * 4));
  return Buffer.concat([header, Buffer.from(path + other + data)]);
}

describe('a trace', () => {
  it('gives each change in order', () => {
    const trace = Buffer.concat(
      [
        { kind: 8, path: 'a' },
        { kind: 1, path: 'a/b' },
        { kind: 2, path: 'a/b', offset: 512, data: 'bytes' },
        { kind: 3, path: 'a/b', offset: 3 },
        { kind: 4, path: 'a/b' },
        { kind: 4, path: 'a/b', outcome: 5 },
        { kind: 4, path: 'a/b', outcome: 0xffff },
        { kind: 5, path: 'a' },
        { kind: 6, path: 'a/b', other: 'a/c' },
        { kind: 7, path: 'a/c' },
      ].map(written),
    );
    const file = { path: 'a/b', inode: 7n };
    expect(readTrace(trace).map(({ change }) => change)).toEqual([
      { kind: 'make-directory', path: 'a' },
      { kind: 'create', ...file },
      { kind: 'write', ...file, offset: 512, bytes: Buffer.from('bytes') },
      { kind: 'truncate', ...file, size: 3 },
      { kind: 'sync', ...file, outcome: 'done' },
      { kind: 'sync', ...file, outcome: 'failed' },
      { kind: 'sync', ...file, outcome: 'lied' },
      { kind: 'sync-directory', path: 'a', outcome: 'done' },
      { kind: 'rename', from: 'a/b', to: 'a/c' },
      { kind: 'unlink', path: 'a/c' },
    ]);
    expect(readTrace(trace)[0]).toMatchObject({ started: 5, ended: 6 });
  });

  it('that breaks off, or is none, is refused', () => {
    const trace = written({ kind: 2, path: 'a', data: 'bytes' });
    expect(() => readTrace(trace.subarray(0, -1))).toThrow(RangeError);
    expect(() => readTrace(Buffer.concat([trace, trace.subarray(0, 9)]))).toThrow(RangeError);
    expect(() => readTrace(written({ kind: 9 }))).toThrow(RangeError);
  });
});
