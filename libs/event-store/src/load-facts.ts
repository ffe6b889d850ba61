import { canonicalJson, millis, positionNumber, Problem, sameBytes, type StreamName } from '#kernel';
import { checkNewFact } from './new-fact.ts';
import type { KeyedFact } from './ports.ts';

/**
 * What a load still has to write: every fact is checked to follow the one before it, and those that the log holds
 * already, from a load that was cut, are compared and passed over.
 * @throws Problem `facts-not-contiguous` with the position of the fact that does not follow; `log-not-empty` with the
 * first position at which the log holds something else, or more.
 */
export async function* stillToLoad(
  facts: AsyncIterable<readonly KeyedFact[]>,
  held: AsyncIterable<readonly KeyedFact[]>,
): AsyncGenerator<readonly KeyedFact[]> {
  const order = new Order();
  const there = oneByOne(held);
  try {
    let next = await there.next();
    for await (const batch of facts) {
      let known = 0;
      for (const fact of batch) {
        order.follow(fact);
        if (next.done === true) continue;
        if (!sameFact(next.value, fact)) throw notEmpty(fact);
        known++;
        next = await there.next();
      }
      if (known < batch.length) yield batch.slice(known);
    }
    if (next.done !== true) throw notEmpty(next.value);
  } finally {
    await there.return(undefined);
  }
}

const notEmpty = ({ position }: KeyedFact): Problem =>
  new Problem('log-not-empty', { index: positionNumber(position) });

class Order {
  #next = 0;
  #recorded = 0;
  readonly #revisions = new Map<StreamName, number>();

  follow(fact: KeyedFact): void {
    const { position, stream, revision, recordedTime, repeatKey } = fact;
    const recorded = millis(recordedTime);
    const last = this.#revisions.get(stream) ?? -1;
    const follows = positionNumber(position) === this.#next && revision === last + 1 && recorded >= this.#recorded;
    if (!follows) throw new Problem('facts-not-contiguous', { index: this.#next });
    if (repeatKey !== 'forgotten') checkNewFact({ ...fact, repeatKey });
    this.#next++;
    this.#recorded = recorded;
    this.#revisions.set(stream, revision);
  }
}

async function* oneByOne(batches: AsyncIterable<readonly KeyedFact[]>): AsyncGenerator<KeyedFact, undefined> {
  for await (const batch of batches) yield* batch;
  return undefined;
}

/** Bytes, names and numbers; not how they are held. */
export function sameFact(a: KeyedFact, b: KeyedFact): boolean {
  const sameKey =
    a.repeatKey === 'forgotten' || b.repeatKey === 'forgotten'
      ? a.repeatKey === b.repeatKey
      : sameBytes(a.repeatKey, b.repeatKey);
  return (
    sameKey &&
    (['position', 'recordedTime', 'stream', 'revision', 'source', 'id', 'type'] as const).every(
      (name) => a[name] === b[name],
    ) &&
    canonicalJson(a.metadata) === canonicalJson(b.metadata) &&
    sameBytes(a.stored, b.stored) &&
    sameBytes(a.nonce, b.nonce)
  );
}
