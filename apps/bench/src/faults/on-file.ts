import { openAccessLog } from '#audit';
import { openSqliteReader, type StoredFact } from '#event-store/reader';
import { MODELS, openReadModels, type ModelName } from '#read-models';
import type { RecordedAnswer } from './answers-on-record.ts';
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

/** Every fact, of a hub that does not run. */
export async function* factsIn(directory: string): AsyncGenerator<readonly StoredFact[]> {
  const reader = openSqliteReader(directory);
  try {
    yield* reader.readAll('start');
  } finally {
    reader.close();
  }
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
