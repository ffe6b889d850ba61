import { createHash } from 'node:crypto';
import { eventType, streamName, type Clock, type Instant } from '#kernel';
import type { FactsReader, NewFact, Placed, StoredFact } from '../ports.ts';

export const FEED = streamName('feed:northshire-police:incident');
export const AGENCY_SOURCE = 'urn:svd:agency:northshire-police';

/** A fact whose bytes and repeat key follow from `id` and `form`. */
export function sampleFact(id: string, over: Partial<NewFact> & { readonly form?: string } = {}): NewFact {
  const { form = 'first', ...given } = over;
  return {
    source: AGENCY_SOURCE,
    id,
    type: eventType('uk.svd.police.incident-recorded.v1'),
    repeatKey: createHash('sha256').update(`${id} ${form}`).digest(),
    stored: Buffer.from(JSON.stringify({ form, id })),
    metadata: { agency: 'northshire-police', basis: 'anonymised', way: 'P' },
    ...given,
  };
}
export const placed = (id: string, over: Parameters<typeof sampleFact>[1] = {}, stream = FEED): Placed => ({
  stream,
  fact: sampleFact(id, over),
});
export const manyPlaced = (count: number, prefix: string): Placed[] =>
  Array.from({ length: count }, (_, index) => placed(`${prefix}-${index}`));

export async function collect(batches: AsyncIterable<readonly StoredFact[]>): Promise<StoredFact[]> {
  const facts: StoredFact[] = [];
  for await (const batch of batches) facts.push(...batch);
  return facts;
}
export const readEverything = (reader: FactsReader): Promise<StoredFact[]> => collect(reader.readAll('start'));

/** A clock that a test moves, backwards too. */
export class SetClock implements Clock {
  time = '2026-03-01T09:00:00.000Z' as Instant;
  now(): Instant {
    return this.time;
  }
}
