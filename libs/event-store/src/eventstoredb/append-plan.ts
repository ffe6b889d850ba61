import { randomFillSync } from 'node:crypto';
import { instant, position, sameBytes, type Instant, type StreamName } from '#kernel';
import { meets } from '../expected.ts';
import type { Appended, Clash, Expected, Kept, Placed } from '../ports.ts';
import { APPEND_BYTES } from './engine-stream.ts';
import { frameFact } from './fact-frame.ts';
import type { FactsIndex, Identity, IndexedFact } from './facts-index.ts';

type Known = Pick<FactsIndex, 'next' | 'recorded' | 'identity' | 'lastRevision'>;
export interface PlannedFact extends IndexedFact {
  readonly frame: Uint8Array;
}

/**
 * What one append would keep of some facts, as the index stands: it holds only if nothing was appended since, which
 * the engine checks by the expected revision.
 */
export class AppendPlan {
  /** Position that the first fresh fact would have. */
  readonly next: number;
  readonly fresh: PlannedFact[] = [];
  readonly results: (Kept | Clash)[] = [];
  readonly #known: Known;
  readonly #recorded: number;
  readonly #recordedTime: Instant;
  readonly #within = new Map<string, Identity>();
  readonly #revisions = new Map<StreamName, number>();
  #bytes = 0;

  /** `now` in milliseconds since 1970. */
  constructor(known: Known, now: number) {
    this.#known = known;
    this.next = known.next;
    this.#recorded = Math.max(known.recorded, now);
    this.#recordedTime = instant(this.#recorded);
  }

  /** False when there is no room for it in one call to the engine: it then waits for another plan. */
  add({ stream, fact }: Placed): boolean {
    const name = `${fact.source.length}:${fact.source}${fact.id}`;
    const earlier = this.#known.identity(fact.source, fact.id) ?? this.#within.get(name);
    if (earlier !== undefined) {
      this.results.push(repeatOrClash(earlier, fact.repeatKey));
      return true;
    }
    const at = this.next + this.fresh.length;
    const { repeatKey, ...kept } = fact;
    const revision = this.#nextRevision(stream);
    const nonce = randomFillSync(new Uint8Array(16));
    const stored = { ...kept, position: position(at), recordedTime: this.#recordedTime, stream, revision, nonce };
    const frame = frameFact(stored);
    if (this.#bytes + frame.length > APPEND_BYTES) return false;
    this.#bytes += frame.length;
    this.#revisions.set(stream, revision);
    this.#within.set(name, { position: at, recorded: this.#recorded, repeatKey });
    this.fresh.push({ fact: stored, repeatKey, frame });
    this.results.push({ status: 'accepted', position: stored.position, recordedTime: this.#recordedTime });
    return true;
  }

  /** The first reason why not all of it may be kept. */
  refusal(expected: ReadonlyMap<StreamName, Expected>): Exclude<Appended, { outcome: 'appended' }> | undefined {
    for (const [index, { status }] of this.results.entries()) {
      if (status === 'id-reused' || status === 'erased') return { outcome: 'refused', index, reason: status };
    }
    if (this.fresh.length === 0) return undefined;
    for (const [stream, expectation] of expected) {
      const actual = this.#known.lastRevision(stream);
      if (!meets(expectation, actual)) return { outcome: 'conflict', stream, actual };
    }
    return undefined;
  }

  #nextRevision(stream: StreamName): number {
    const last = this.#revisions.get(stream) ?? this.#known.lastRevision(stream);
    return last === 'no-stream' ? 0 : last + 1;
  }
}

function repeatOrClash({ position: at, recorded, repeatKey }: Identity, sent: Uint8Array): Kept | Clash {
  if (!sameBytes(repeatKey, sent)) return { status: 'id-reused', position: position(at) };
  return { status: 'repeated', position: position(at), recordedTime: instant(recorded) };
}

export const isKept = (result: Kept | Clash): result is Kept =>
  result.status === 'accepted' || result.status === 'repeated';
