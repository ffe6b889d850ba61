import { openAccessLog } from '#audit';
import { openSqliteReader } from '#event-store/reader';
import { positionNumber, type Position } from '#kernel';
import { MODELS, openReadModels, type ModelName } from '#read-models';
import type { RecordedAnswer } from './answers-on-record.ts';
import type { Lane } from './lane.ts';
import { recordedAnswer } from './question-kinds.ts';

const PAGE = 1_000;
/** Every access record, of a hub that does not run. */
export async function recordsIn(directory: string): Promise<readonly RecordedAnswer[]> {
  const log = await openAccessLog({ directory });
  try {
    const records: RecordedAnswer[] = [];
    for (let after = -1; ;) {
      const page = await log.entries({ after, limit: PAGE });
      records.push(...page.map(recordedAnswer));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return records;
      after = last.number;
    }
  } finally {
    await log.close();
  }
}

export interface OnFile {
  /** Of the lines that were acknowledged, those at their position with the bytes that were sent. */
  readonly present: number;
  /** Facts of the publishers whose source and id another has too. */
  readonly doubled: number;
  /** Facts of the publishers that none of these lines is. */
  readonly foreign: number;
}

/** Reads the whole log of a hub that does not run and holds it against what publishers know. */
export async function countOnFile(directory: string, lanes: readonly Lane[], source: string): Promise<OnFile> {
  const expected = new Map<number, { readonly lane: Lane; readonly n: number }>();
  for (const lane of lanes)
    for (const [n, position] of lane.positions.entries())
      expected.set(positionNumber(position as Position), { lane, n });
  const seen = new Set<string>();
  let [present, doubled, foreign] = [0, 0, 0];
  const reader = openSqliteReader(directory);
  for await (const facts of reader.readAll('start')) {
    for (const fact of facts) {
      if (fact.source !== source) continue;
      if (seen.has(fact.id)) doubled++;
      seen.add(fact.id);
      const line = expected.get(positionNumber(fact.position));
      if (line === undefined) foreign++;
      else if (Buffer.compare(fact.stored, Buffer.from(line.lane.lines(line.n), 'latin1')) === 0) present++;
    }
  }
  reader.close();
  return { present, doubled, foreign };
}

/** Whether the models of a hub that does not run have the digests of a rebuild. */
export async function equalsRebuild(directory: string): Promise<boolean> {
  const reader = openSqliteReader(directory);
  const head = await reader.head();
  reader.close();
  const models = await openReadModels({ directory });
  try {
    if (head !== 'empty') await models.caughtUp(head);
    const digests = (): Promise<string[]> => Promise.all(MODELS.map((model: ModelName) => models.digest(model)));
    const grown = await digests();
    await models.rebuild();
    const rebuilt = await digests();
    return grown.every((digest, i) => digest === rebuilt[i]);
  } finally {
    await models.close();
  }
}
