import type { Store } from '#event-store';
import { eventType, streamName, type Position } from '#kernel';
import { CATEGORIES, incident, profile, storedFact, type Sample } from './sample-facts.ts';

/** Appends the samples and gives the position of the last. */
export async function publish(store: Store, samples: readonly Sample[]): Promise<Position> {
  const kept = await store.writer.appendEach(
    samples.map((sample, i) => {
      const { source, id, type, stored, metadata } = storedFact(i, sample);
      const fact = { source, id, type: eventType(type), repeatKey: new Uint8Array(32), stored, metadata };
      return { stream: streamName(`feed:${sample.agency}:${sample.type}`), fact };
    }),
    'test',
  );
  const last = kept.at(-1);
  if (last === undefined) throw new RangeError('nothing to publish');
  return last.position;
}

/** `count` events from number `from` on: incidents and profiles by turns, each tenth corrects the one before its last. */
export function county(from: number, count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => {
    const no = from + i;
    const month = `2024-${String((no % 12) + 1).padStart(2, '0')}`;
    const data = {
      occurredFrom: month,
      occurredTo: month,
      category: CATEGORIES[no % 4],
      ...(no % 10 === 9 ? { corrects: { id: `e${no - 2}`, reason: no % 20 === 9 ? 'duplicate' : 'wrong' } } : {}),
    };
    return no % 2 === 0 ? profile(`e${no}`, data) : incident(`e${no}`, data);
  });
}
