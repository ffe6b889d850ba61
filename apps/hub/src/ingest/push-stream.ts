import type { Taken } from '#hub';
import { EVENT_LIMITS } from '#kernel';
import { lineChunks, type Line } from './line-chunks.ts';
import { Turns } from './turns.ts';

/** Chunks under way at once: enough to fill a commit while another is made. More would only hold memory. */
const AHEAD = 32;
/** Of all streams together. */
const turns = new Turns();

export interface StreamTotals {
  readonly done: true;
  readonly accepted: number;
  readonly repeated: number;
  readonly quarantined: number;
  readonly rejected: number;
}
/** What a line came to, before the edge gives a problem its title. */
export type LineResult = { readonly line: number; readonly taken: Taken };

/**
 * Reads NDJSON while it answers: a batch of results for each chunk, in order, then the totals. The input is read no
 * further ahead than thirty-two chunks, so that a client that doesn't read its results is not read either. Throws when the
 * input breaks off or a chunk can't be taken: without totals a push is incomplete.
 */
export async function* pushStream(
  input: AsyncIterable<Uint8Array>,
  take: (events: readonly Uint8Array[]) => Promise<readonly Taken[]>,
): AsyncGenerator<readonly LineResult[] | StreamTotals> {
  const totals = { accepted: 0, repeated: 0, quarantined: 0, rejected: 0 };
  for await (const results of inOrder(lineChunks(input, EVENT_LIMITS.bytes), (chunk) => takeChunk(chunk, take))) {
    for (const { taken } of results) totals[taken.status]++;
    yield results;
  }
  yield { done: true, ...totals };
}

async function takeChunk(
  chunk: readonly Line[],
  take: (events: readonly Uint8Array[]) => Promise<readonly Taken[]>,
): Promise<readonly LineResult[]> {
  await turns.next();
  const events = chunk.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  const taken = events.length === 0 ? [] : await take(events);
  let next = 0;
  return chunk.map(({ number, bytes }): LineResult => {
    const result = bytes === undefined ? undefined : taken[next++];
    return { line: number, taken: result ?? { status: 'rejected', code: 'line-too-long' } };
  });
}

/** Maps with at most `AHEAD` under way; results in order, each as soon as it and those before it are there. */
async function* inOrder<T, R>(input: AsyncIterable<T>, map: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  let ended = false;
  let wake = (): void => undefined;
  let room = (): void => undefined;
  const reading = (async () => {
    try {
      for await (const item of input) {
        const mapped = map(item);
        mapped.catch(() => undefined);
        underWay.push(mapped);
        wake();
        while (underWay.length >= AHEAD && !ended) await new Promise<void>((resolve) => (room = resolve));
        if (ended) return;
      }
    } finally {
      ended = true;
      wake();
    }
  })();
  reading.catch(() => undefined);
  try {
    for (;;) {
      const first = underWay[0];
      if (first !== undefined) {
        const result = await first;
        void underWay.shift();
        room();
        yield result;
      } else if (ended) {
        await reading;
        return;
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    ended = true;
    room();
  }
}
