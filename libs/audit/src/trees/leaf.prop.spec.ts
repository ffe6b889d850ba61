import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { StoredFact } from '#event-store/reader';
import { canonicalJson, eventType, instant, position, streamName } from '#kernel';
import { accessLeaf, factLeaf, leafHash } from './leaf.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = (size: { minLength: number; maxLength: number }) => fc.uint8Array(size);
const facts: fc.Arbitrary<StoredFact> = fc
  .record({
    source: text,
    id: text,
    stream: text,
    type: text,
    stored: bytes({ minLength: 0, maxLength: 200 }),
    nonce: bytes({ minLength: 16, maxLength: 16 }),
    metadata: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), text, { noNullPrototype: true }),
    at: fc.nat(),
    recorded: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  })
  .map(({ at, recorded, stream, type, ...fact }) => ({
    ...fact,
    stream: streamName(stream),
    type: eventType(type),
    position: position(at),
    revision: at,
    recordedTime: instant(recorded),
  }));

/** As `hub.md` §10 says it. */
type Parts = Pick<StoredFact, 'nonce' | 'source' | 'id' | 'stream' | 'metadata' | 'stored'>;
function commitment({ nonce, source, id, stream, metadata, stored }: Parts): string {
  const hash = createHash('sha256').update(nonce);
  for (const part of [source, id, stream, canonicalJson(metadata), stored]) {
    const content = Buffer.from(part);
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(content.length));
    hash.update(length).update(content);
  }
  return hash.digest('hex');
}

describe('a leaf', () => {
  it('is canonical JSON of version, type, time and commitment', () => {
    fc.assert(
      fc.property(facts, (fact) => {
        const { type, recordedTime } = fact;
        expect(factLeaf(fact).leaf).toBe(canonicalJson({ v: 1, type, recordedTime, commitment: commitment(fact) }));
      }),
    );
  });

  it('differs with every part of what it commits to, and not with the position', () => {
    fc.assert(
      fc.property(facts, facts, (fact, other) => {
        const { leaf } = factLeaf(fact);
        for (const part of ['source', 'id', 'stream', 'stored', 'nonce', 'metadata', 'type', 'recordedTime'] as const) {
          const changed = factLeaf({ ...fact, [part]: other[part] }).leaf;
          expect(changed === leaf).toBe(canonicalJson(plain(fact[part])) === canonicalJson(plain(other[part])));
        }
        expect(factLeaf({ ...fact, position: other.position, revision: other.revision }).leaf).toBe(leaf);
      }),
    );
  });

  it('keeps parts apart that run into each other', () => {
    fc.assert(
      fc.property(facts, text, (fact, moved) => {
        fc.pre(moved !== '');
        const one = factLeaf({ ...fact, source: fact.source + moved }).leaf;
        expect(factLeaf({ ...fact, id: moved + fact.id }).leaf).not.toBe(one);
      }),
    );
  });

  it('of an access record is of the same form', () => {
    const row = { number: 3, id: 'ab', time: 1_700_000_000_000, nonce: Buffer.alloc(16, 7), record: Buffer.from('{}') };
    const { leaf, opening } = accessLeaf(row);
    const { nonce, record: stored, id } = row;
    const as = { nonce, stored, id, source: 'urn:svd:hub', stream: streamName('access'), metadata: {} };
    expect(JSON.parse(leaf)).toEqual({
      v: 1,
      type: 'uk.svd.hub.access-recorded.v1',
      recordedTime: '2023-11-14T22:13:20.000Z',
      commitment: commitment(as),
    });
    expect(opening).toMatchObject({ source: 'urn:svd:hub', stream: 'access', metadata: '{}', id: 'ab' });
    expect(leafHash(leaf)).toEqual(createHash('sha256').update('\0').update(leaf).digest());
  });
});

const plain = (part: unknown): unknown => (part instanceof Uint8Array ? [...part] : part);
