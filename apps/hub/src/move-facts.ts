import { factLeaf, leafHash, rootOf } from '#audit';
import type { FactsExporter, KeyedFact } from '#event-store';
import type { Position } from '#kernel';
import type { Side } from './migrate-sides.ts';

/** A log as it was read from its first fact to its last. */
export interface LogSum {
  readonly facts: number;
  readonly head: Position | 'empty';
  /** Tree hash over the leaves (RFC 6962), base64. */
  readonly root: string;
}
export interface Moved {
  readonly from: LogSum;
  readonly to: LogSum;
}

/** Loads one side into the other, then reads both again: each sum is of what that side answers. */
export async function moveFacts(from: Side, to: Side): Promise<Moved> {
  await to.load(from.dump());
  return { from: await sumOf(from), to: await sumOf(to) };
}

/** False too when the source was written meanwhile. */
export const sameLog = ({ from, to }: Moved): boolean =>
  from.facts === to.facts && from.head === to.head && from.root === to.root;

async function sumOf(side: FactsExporter): Promise<LogSum> {
  let facts = 0;
  let head: LogSum['head'] = 'empty';
  async function* hashes(batches: AsyncIterable<readonly KeyedFact[]>): AsyncGenerator<Uint8Array[]> {
    for await (const batch of batches) {
      facts += batch.length;
      head = batch.at(-1)?.position ?? head;
      yield batch.map((fact) => leafHash(factLeaf(fact).leaf));
    }
  }
  const root = await rootOf(hashes(side.dump()));
  return { facts, head, root: Buffer.from(root).toString('base64') };
}
