import { canonicalJson } from '#kernel';
import { REPEAT_KEY_BYTES } from '../new-fact.ts';
import type { Placed } from '../ports.ts';

/** What runs of facts have in common: sent once a run. */
export interface PackedHead {
  readonly stream: string;
  readonly type: string;
  readonly source: string;
  /** Canonical JSON. */
  readonly metadata: string;
}
/** Facts as they cross to the writer's thread: a few strings and one buffer, which is transferred, not copied. */
export interface PackedFacts {
  readonly heads: readonly PackedHead[];
  /** For each fact, the index of its head. */
  readonly headOf: Uint32Array;
  readonly ids: readonly string[];
  /** Repeat keys (32 bytes each), then the stored bytes, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For each fact, where its stored bytes end. */
  readonly ends: Uint32Array;
}

export function packFacts(facts: readonly Placed[]): PackedFacts {
  const count = facts.length;
  let size = count * REPEAT_KEY_BYTES;
  for (const { fact } of facts) size += fact.stored.length;
  const heads: PackedHead[] = [];
  const headOf = new Uint32Array(count);
  const ids: string[] = [];
  const bytes = new Uint8Array(size);
  const ends = new Uint32Array(count);
  let previous: Placed | undefined;
  let end = count * REPEAT_KEY_BYTES;
  for (const [index, placed] of facts.entries()) {
    if (previous === undefined || !sharesHead(previous, placed)) heads.push(packHead(placed));
    previous = placed;
    headOf[index] = heads.length - 1;
    ids.push(placed.fact.id);
    bytes.set(placed.fact.repeatKey, index * REPEAT_KEY_BYTES);
    bytes.set(placed.fact.stored, end);
    end += placed.fact.stored.length;
    ends[index] = end;
  }
  return { heads, headOf, ids, bytes, ends };
}

/** Metadata by identity: a connection's facts share one object; equal ones that do not only cost a head more. */
const sharesHead = (a: Placed, b: Placed): boolean =>
  a.stream === b.stream &&
  a.fact.type === b.fact.type &&
  a.fact.source === b.fact.source &&
  a.fact.metadata === b.fact.metadata;

const packHead = ({ stream, fact }: Placed): PackedHead => ({
  stream,
  type: fact.type,
  source: fact.source,
  metadata: canonicalJson(fact.metadata),
});

export interface UnpackedFact extends PackedHead {
  readonly id: string;
  readonly repeatKey: Uint8Array;
  readonly stored: Uint8Array;
}

export function* unpackFacts({ heads, headOf, ids, bytes, ends }: PackedFacts): Generator<UnpackedFact> {
  let start = ids.length * REPEAT_KEY_BYTES;
  for (const [index, id] of ids.entries()) {
    const head = heads[headOf[index] ?? 0];
    const end = ends[index] ?? start;
    if (head === undefined) throw new RangeError('a packed fact has a head');
    yield {
      ...head,
      id,
      repeatKey: bytes.subarray(index * REPEAT_KEY_BYTES, (index + 1) * REPEAT_KEY_BYTES),
      stored: bytes.subarray(start, end),
    };
    start = end;
  }
}
