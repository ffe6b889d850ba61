import { createHmac, hash, hkdfSync } from 'node:crypto';
import type { FactsWriter, NewFact, Placed } from '#event-store';
import { eventType, streamName } from '#kernel';
import { eventLines, idOfLine, INCIDENT } from '../hub/events.ts';
import { POLICE } from '../hub/people.ts';

/** Facts `from` to `to` (exclusive). */
export type FactsOf = (from: number, to: number) => readonly Placed[];
/** How a writer is called: so many callers, each again as soon as it is answered, with so many facts a call. */
export interface Calls {
  readonly callers: number;
  readonly factsOfCall: number;
}

export const BENCH_KEY = Buffer.alloc(32, 7);
const REPEAT_KEY = new Uint8Array(hkdfSync('sha256', BENCH_KEY, '', 'svd-hub/repeat', 32));

/** As the hub makes it, under {@link BENCH_KEY}. */
export const repeatKeyOf = ({ stored }: Pick<NewFact, 'stored'>): Uint8Array =>
  createHmac('sha256', REPEAT_KEY)
    .update(hash('sha256', stored, 'hex'))
    .digest();

/** Place events as the hub would store them, made on demand: the same number gives the same fact. */
export function factsOf(seed: string): FactsOf {
  const lines = eventLines('incident', seed);
  const metadata = { agency: POLICE, basis: 'anonymised', schemaversion: '1.0', way: 'P' };
  const shared = { source: `urn:svd:agency:${POLICE}:incidents`, type: eventType(INCIDENT), metadata };
  const stream = streamName(`feed:${POLICE}:${INCIDENT}`);
  return (from, to) =>
    Array.from({ length: to - from }, (_, i) => {
      const stored = Buffer.from(lines(from + i), 'latin1');
      const fact = { ...shared, id: idOfLine('incident', seed, from + i), repeatKey: repeatKeyOf({ stored }), stored };
      return { stream, fact };
    });
}

/** Appends `count` facts, each caller in a lane of its own; seconds taken. @throws Error unless every one was accepted. */
export async function appendAll(
  writer: FactsWriter,
  facts: FactsOf,
  count: number,
  { callers, factsOfCall }: Calls,
): Promise<number> {
  let next = 0;
  const caller = async (lane: string): Promise<void> => {
    while (next < count) {
      const from = next;
      next += factsOfCall;
      const results = await writer.appendEach(facts(from, Math.min(count, from + factsOfCall)), lane);
      if (results.some(({ status }) => status !== 'accepted')) throw new Error('a fact was not accepted');
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, (_, i) => caller(`caller-${i}`)));
  return (performance.now() - began) / 1_000;
}
