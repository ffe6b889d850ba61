import { comparePositions, type Position } from '#kernel';
import type { CommitNotices } from './commit-notices.ts';
import type { Batch, FactsReader } from './ports.ts';

/**
 * `subscribe` of every adapter whose log can be read up to its head: reads, says `caught-up`, waits for a notice (or
 * `pollEvery` milliseconds where the writer is in another process) and reads on.
 */
export async function* follow(
  reader: Pick<FactsReader, 'readAll' | 'head'>,
  notices: CommitNotices,
  after: Position | 'start',
  signal: AbortSignal,
  pollEvery?: number,
): AsyncGenerator<Batch> {
  let last = after;
  let said = false;
  while (!signal.aborted) {
    const { count } = notices;
    const head = await reader.head();
    if (isAfter(head, last)) {
      for await (const facts of reader.readAll(last, head)) {
        if (signal.aborted) return;
        yield { kind: 'facts', facts };
        last = facts.at(-1)?.position ?? last;
      }
      said = false;
    } else if (!said) {
      said = true;
      yield { kind: 'caught-up', head };
    } else await notices.after(count, signal, pollEvery);
  }
}

function isAfter(head: Position | 'empty', last: Position | 'start'): head is Position {
  if (head === 'empty') return false;
  return last === 'start' || comparePositions(head, last) > 0;
}
