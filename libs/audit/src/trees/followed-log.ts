import { join } from 'node:path';
import { openSqliteReader } from '#event-store/reader';
import { position, positionNumber } from '#kernel';
import type { LogName } from '../log-trees.ts';
import { ACCESS_FILE } from '../sqlite/access-database.ts';
import { AccessReader } from '../sqlite/access-reader.ts';
import { accessLeaf, factLeaf, leafHash } from './leaf.ts';

/** A log as its tree follows it: how long it is, and the hashes of its leaves in order. */
export interface FollowedLog {
  readonly name: LogName;
  length(): Promise<number>;
  /** Hashes of leaves `from` to `to` (exclusive), in batches; fewer only where the log lacks some. */
  hashes(from: number, to: number): AsyncIterable<readonly Uint8Array[]>;
  close(): void;
}

/** Over connections of its own, which only read. */
export function factsOf(directory: string): FollowedLog {
  const reader = openSqliteReader(directory);
  return {
    name: 'facts',
    length: async () => {
      const head = await reader.head();
      return head === 'empty' ? 0 : positionNumber(head) + 1;
    },
    async *hashes(from, to) {
      if (from >= to) return;
      for await (const facts of reader.readAll(from === 0 ? 'start' : position(from - 1), position(to - 1)))
        yield facts.map((fact) => leafHash(factLeaf(fact).leaf));
    },
    close: () => reader.close(),
  };
}

const ROWS = 500;

export function accessOf(directory: string): FollowedLog {
  const reader = new AccessReader(join(directory, ACCESS_FILE));
  return {
    name: 'access',
    length: async () => {
      const head = reader.head();
      return head === 'empty' ? 0 : head + 1;
    },
    async *hashes(from, to) {
      for (let next = from; next < to;) {
        const rows = reader.rows(next - 1, Math.min(ROWS, to - next));
        if (rows.length === 0) return;
        yield rows.map((row) => leafHash(accessLeaf(row).leaf));
        next += rows.length;
      }
    },
    close: () => reader.close(),
  };
}
