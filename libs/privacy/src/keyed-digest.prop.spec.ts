import fc from 'fast-check';
import { delimited, keyedDigest } from './keyed-digest.ts';

describe('keyedDigest', () => {
  const key = Buffer.alloc(32, 3);

  it('is 32 lower-case hexadecimal digits and depends on the key', () => {
    expect(keyedDigest(key, 'a')).toMatch(/^[0-9a-f]{32}$/);
    expect(keyedDigest(key, 'a')).not.toBe(keyedDigest(Buffer.alloc(32, 4), 'a'));
    expect(keyedDigest(key, 'é')).toBe(keyedDigest(key, Buffer.from('é', 'utf8')));
  });

  it('never joins parts: two lists of parts look the same only when they are', () => {
    const parts = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(delimited(a).equals(delimited(b))).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(keyedDigest(key, 'a', 'b')).not.toBe(keyedDigest(key, 'ab'));
  });
});
