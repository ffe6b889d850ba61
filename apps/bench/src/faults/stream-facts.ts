import type { NewFact, Placed } from '#event-store';
import { canonicalJson, eventType, sha256, streamName } from '#kernel';

/** Lanes of a writer: the first appends all or nothing, the others each on its own. */
export const LANES = [0, 1, 2] as const;
const SHARED = streamName('feed:shared');
const MOST_FACTS = 60;

/** HMACs have no part in this: the key follows from the fact as it must. */
export const repeatKeyOf = ({ id, stored }: Omit<NewFact, 'repeatKey'>): Uint8Array =>
  Buffer.from(sha256(Buffer.concat([Buffer.from(id), stored])), 'hex');

function factNamed(id: string): NewFact {
  const fact = {
    source: 'urn:svd:agency:northshire-police',
    id,
    type: eventType('uk.svd.police.incident-recorded.v1'),
    stored: Buffer.from(canonicalJson({ id, text: id.repeat(8) })),
    metadata: { agency: 'northshire-police', way: 'P' },
  };
  return { ...fact, repeatKey: repeatKeyOf(fact) };
}

/** What a fact of this name must hold. */
export const storedOf = (id: string): Uint8Array => factNamed(id).stored;

/**
 * What a writer sends in one call, always the same: facts of its own, the first lane's in a stream that all writers write,
 * and at the last lane's end one that every writer sends.
 */
export function factsOfCall(writer: string, lane: number, call: number): Placed[] {
  const stream = lane === 0 ? SHARED : streamName(`feed:${writer}:${lane}`);
  const count = 1 + ((call * 37 + lane * 11) % MOST_FACTS);
  const own = Array.from({ length: count }, (_, no) => ({
    stream,
    fact: factNamed(`${writer}-${lane}-${call}-${no}`),
  }));
  return lane === LANES.length - 1 ? [...own, { stream: SHARED, fact: factNamed(`every-${call}`) }] : own;
}
