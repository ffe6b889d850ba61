import fc from 'fast-check';
import { openFor, sealFor } from './seal.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const context = fc.record({ publisher: fc.string(), record: fc.string() });
const bytes = fc.uint8Array({ maxLength: 300 });
const broken = 'seal-broken';

describe('a sealed record', () => {
  it('opens to what was sealed, and no two seals are the same', () => {
    fc.assert(
      fc.property(key, context, bytes, (k, c, b) => {
        const sealed = sealFor(k, c, b);
        expect(openFor(k, c, sealed)).toEqual(Buffer.from(b));
        expect(sealFor(k, c, b)).not.toEqual(sealed);
        expect(sealed.byteLength).toBe(b.byteLength + 29);
      }),
    );
  });

  it('refuses another publisher, record or key', () => {
    fc.assert(
      fc.property(key, key, context, context, bytes, (k, otherKey, c, other, b) => {
        fc.pre(!Buffer.from(k).equals(Buffer.from(otherKey)));
        const sealed = sealFor(k, c, b);
        expect(() => openFor(otherKey, c, sealed)).toThrow(broken);
        if (other.publisher !== c.publisher)
          expect(() => openFor(k, { ...c, publisher: other.publisher }, sealed)).toThrow(broken);
        if (other.record !== c.record) expect(() => openFor(k, { ...c, record: other.record }, sealed)).toThrow(broken);
      }),
    );
  });

  it('does not open when parts of the context move from one field to the other', () => {
    const sealed = sealFor(Buffer.alloc(32, 7), { publisher: 'ab', record: 'c' }, Buffer.from('held'));
    expect(() => openFor(Buffer.alloc(32, 7), { publisher: 'a', record: 'bc' }, sealed)).toThrow(broken);
  });

  it('refuses any changed bit and any cut', () => {
    fc.assert(
      fc.property(key, context, bytes, fc.nat(), fc.integer({ min: 0, max: 7 }), (k, c, b, at, bit) => {
        const sealed = sealFor(k, c, b);
        const index = at % sealed.byteLength;
        const tampered = Buffer.from(sealed);
        tampered[index] = (tampered[index] ?? 0) ^ (1 << bit);
        expect(() => openFor(k, c, tampered)).toThrow(broken);
        expect(() => openFor(k, c, sealed.subarray(0, index))).toThrow(broken);
      }),
    );
  });

  it('takes no short key', () => {
    expect(() => sealFor(Buffer.alloc(16), { publisher: 'a', record: 'b' }, Buffer.alloc(1))).toThrow(RangeError);
  });
});
