/** What a process did to its files, in one order, as `infra/faults/faulty-host.c` records it. */
export interface Entry {
  readonly change: Change;
  /** Began and ended, nanoseconds of the machine's monotonic clock (`process.hrtime`). */
  readonly started: number;
  readonly ended: number;
}
/** Paths are relative to the directory that was watched, which is `''` itself. */
export type Change =
  | { readonly kind: 'create'; readonly inode: bigint; readonly path: string }
  | {
      readonly kind: 'write';
      readonly inode: bigint;
      readonly path: string;
      readonly offset: number;
      readonly bytes: Buffer;
    }
  | { readonly kind: 'truncate'; readonly inode: bigint; readonly path: string; readonly size: number }
  | { readonly kind: 'sync'; readonly inode: bigint; readonly path: string; readonly outcome: SyncOutcome }
  | { readonly kind: 'sync-directory'; readonly path: string; readonly outcome: SyncOutcome }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'make-directory'; readonly path: string };
/** `failed`: the process was told so. `lied`: it was told that all is well, and nothing was done. */
export type SyncOutcome = 'done' | 'failed' | 'lied';

const HEADER_BYTES = 56;
const LIED = 0xffff;

/**
 * Entries whose bytes are parts of `trace`, not copies.
 * @throws RangeError where it is no trace, or one that breaks off.
 */
export function readTrace(trace: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < trace.length;) {
    if (at + HEADER_BYTES > trace.length) throw new RangeError('a trace breaks off');
    const [path, other, data] = [40, 44, 48].map((field) => trace.readUInt32LE(at + field)) as [number, number, number];
    const body = at + HEADER_BYTES;
    const end = body + path + other + data;
    if (end > trace.length) throw new RangeError('a trace breaks off');
    entries.push({
      started: Number(trace.readBigUInt64LE(at + 8)),
      ended: Number(trace.readBigUInt64LE(at + 16)),
      change: changeOf(trace.readUInt32LE(at), {
        outcome: outcomeOf(trace.readUInt32LE(at + 4)),
        inode: trace.readBigUInt64LE(at + 24),
        offset: Number(trace.readBigUInt64LE(at + 32)),
        path: trace.toString('utf8', body, body + path),
        other: trace.toString('utf8', body + path, body + path + other),
        bytes: trace.subarray(body + path + other, end),
      }),
    });
    at = end;
  }
  return entries;
}

interface Fields {
  readonly outcome: SyncOutcome;
  readonly inode: bigint;
  readonly offset: number;
  readonly path: string;
  readonly other: string;
  readonly bytes: Buffer;
}
function changeOf(kind: number, { outcome, inode, offset, path, other, bytes }: Fields): Change {
  switch (kind) {
    case 1:
      return { kind: 'create', inode, path };
    case 2:
      return { kind: 'write', inode, path, offset, bytes };
    case 3:
      return { kind: 'truncate', inode, path, size: offset };
    case 4:
      return { kind: 'sync', inode, path, outcome };
    case 5:
      return { kind: 'sync-directory', path, outcome };
    case 6:
      return { kind: 'rename', from: path, to: other };
    case 7:
      return { kind: 'unlink', path };
    case 8:
      return { kind: 'make-directory', path };
    default:
      throw new RangeError('a trace has no such entry');
  }
}

const outcomeOf = (outcome: number): SyncOutcome => (outcome === 0 ? 'done' : outcome === LIED ? 'lied' : 'failed');
