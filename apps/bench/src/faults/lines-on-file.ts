import type { StoredFact } from '#event-store/reader';
import { positionNumber, type Position } from '#kernel';
import type { Lane } from './lane.ts';

export interface LinesOnFile {
  /** Of the lines that were acknowledged, those at their position with the bytes that were sent. */
  readonly present: number;
  /** Facts whose source and id another has too. */
  readonly doubled: number;
  /** Facts at a position that nobody was told of. */
  readonly foreign: number;
}

/** Holds a whole log against what the publishers of one source were told. */
export async function countLines(
  log: AsyncIterable<readonly Pick<StoredFact, 'position' | 'source' | 'id' | 'stored'>[]>,
  lanes: readonly Lane[],
  source: string,
): Promise<LinesOnFile> {
  const expected = new Map<number, { readonly lane: Lane; readonly n: number }>();
  for (const lane of lanes)
    for (const [n, position] of lane.positions.entries())
      expected.set(positionNumber(position as Position), { lane, n });
  const seen = new Set<string>();
  let [present, doubled, foreign] = [0, 0, 0];
  for await (const facts of log) {
    for (const fact of facts) {
      if (fact.source !== source) continue;
      if (seen.has(fact.id)) doubled++;
      seen.add(fact.id);
      const line = expected.get(positionNumber(fact.position));
      if (line === undefined) foreign++;
      else if (Buffer.compare(fact.stored, Buffer.from(line.lane.lines(line.n), 'latin1')) === 0) present++;
    }
  }
  return { present, doubled, foreign };
}
