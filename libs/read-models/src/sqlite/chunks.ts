import type { StoredFact } from '#event-store/reader';

const FACTS = 8_000;
const BYTES = 8 * 1_048_576;

/**
 * A reader's batches put together, so that a long scan commits seldom: fewer pages are written twice. At most 8,000
 * facts or 8 MiB, give or take one batch of the reader's.
 */
export async function* chunks(batches: AsyncIterable<readonly StoredFact[]>): AsyncGenerator<readonly StoredFact[]> {
  let chunk: StoredFact[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    for (const fact of batch) {
      chunk.push(fact);
      bytes += fact.stored.byteLength;
    }
    if (chunk.length >= FACTS || bytes >= BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}
