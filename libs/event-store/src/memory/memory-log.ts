import { randomBytes } from 'node:crypto';
import { instant, millis, position, sameBytes, type Clock, type StreamName } from '#kernel';
import { meets } from '../expected.ts';
import { checkNewFact } from '../new-fact.ts';
import type { Appended, Clash, Expected, Kept, Placed, StoredFact } from '../ports.ts';

type Identity = { readonly fact: StoredFact; readonly repeatKey: Uint8Array };

/** The facts log as arrays: the reference that the durable adapters are held to by the contract suite. */
export class MemoryLog {
  readonly facts: StoredFact[] = [];
  readonly streams = new Map<StreamName, StoredFact[]>();
  readonly #identities = new Map<string, Identity>();
  readonly #clock: Clock;
  #recorded = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(source: string, id: string): StoredFact | undefined {
    return this.#identities.get(identityOf(source, id))?.fact;
  }

  each(facts: readonly Placed[]): (Kept | Clash)[] {
    for (const { fact } of facts) checkNewFact(fact);
    return facts.map((placed) => this.#earlier(placed) ?? this.#keep(placed));
  }

  all(facts: readonly Placed[], expected: ReadonlyMap<StreamName, Expected>): Appended {
    for (const { fact } of facts) checkNewFact(fact);
    const within = new Map<string, Uint8Array>();
    let fresh = false;
    for (const [index, placed] of facts.entries()) {
      const { source, id, repeatKey } = placed.fact;
      const earlier = this.#earlier(placed);
      if (earlier !== undefined && !isKept(earlier)) return { outcome: 'refused', index, reason: earlier.status };
      const key = identityOf(source, id);
      const sibling = within.get(key);
      if (sibling !== undefined && !sameBytes(sibling, repeatKey))
        return { outcome: 'refused', index, reason: 'id-reused' };
      within.set(key, repeatKey);
      fresh ||= earlier === undefined;
    }
    if (fresh) {
      for (const [stream, expectation] of expected) {
        const actual = this.streams.get(stream)?.at(-1)?.revision ?? 'no-stream';
        if (!meets(expectation, actual)) return { outcome: 'conflict', stream, actual };
      }
    }
    return { outcome: 'appended', results: this.each(facts).filter(isKept) };
  }

  #earlier({ fact }: Placed): Kept | Clash | undefined {
    const identity = this.#identities.get(identityOf(fact.source, fact.id));
    if (identity === undefined) return undefined;
    const { position: at, recordedTime } = identity.fact;
    if (!sameBytes(identity.repeatKey, fact.repeatKey)) return { status: 'id-reused', position: at };
    return { status: 'repeated', position: at, recordedTime };
  }

  #keep({ stream, fact }: Placed): Kept {
    this.#recorded = Math.max(this.#recorded, millis(this.#clock.now()));
    const siblings = this.streams.get(stream) ?? [];
    const stored: StoredFact = {
      position: position(this.facts.length),
      recordedTime: instant(this.#recorded),
      stream,
      revision: siblings.length,
      source: fact.source,
      id: fact.id,
      type: fact.type,
      metadata: Object.freeze({ ...fact.metadata }),
      stored: Uint8Array.from(fact.stored),
      nonce: Uint8Array.from(randomBytes(16)),
    };
    this.facts.push(stored);
    this.streams.set(stream, siblings);
    siblings.push(stored);
    this.#identities.set(identityOf(fact.source, fact.id), {
      fact: stored,
      repeatKey: Uint8Array.from(fact.repeatKey),
    });
    return { status: 'accepted', position: stored.position, recordedTime: stored.recordedTime };
  }
}

const identityOf = (source: string, id: string): string => `${source.length}:${source}${id}`;
const isKept = (result: Kept | Clash): result is Kept => result.status === 'accepted' || result.status === 'repeated';
