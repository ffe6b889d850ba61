import fc from 'fast-check';
import { position } from '#kernel';
import { HubKeys } from './keys.ts';

const keys = new HubKeys(Buffer.alloc(32, 7));
const consumer = fc.stringMatching(/^[a-z]{1,12}$/);
const purpose = fc.constantFrom('sv-strategy', 'sv-needs-assessment', 'audit', '');
const at = fc.maxSafeNat().map(position);

describe('the keys of the hub', () => {
  it('tell equal positions alike to one consumer for one purpose, and unequal ones apart', () => {
    fc.assert(
      fc.property(consumer, purpose, at, at, (who, why, one, other) => {
        expect(keys.asAt(who, why, one)).toBe(keys.asAt(who, why, one));
        expect(keys.asAt(who, why, one) === keys.asAt(who, why, other)).toBe(one === other);
      }),
    );
  });

  it('tell one position differently to each consumer and for each purpose', () => {
    fc.assert(
      fc.property(consumer, consumer, purpose, purpose, at, (who, other, why, otherwise, one) => {
        fc.pre(who !== other && why !== otherwise);
        const tokens = [keys.asAt(who, why, one), keys.asAt(other, why, one), keys.asAt(who, otherwise, one)];
        expect(new Set(tokens).size).toBe(3);
      }),
    );
  });

  it('never tell a position, nor that one follows another', () => {
    fc.assert(
      fc.property(consumer, purpose, fc.nat(1_000_000), (who, why, n) => {
        const [one, next] = [keys.asAt(who, why, position(n)), keys.asAt(who, why, position(n + 1))];
        expect(one).toMatch(/^[A-Za-z0-9_-]{22}$/);
        const [a, b] = [Buffer.from(one, 'base64url'), Buffer.from(next, 'base64url')];
        expect(a).toHaveLength(16);
        const same = a.filter((byte, i) => byte === b[i]).length;
        expect(same).toBeLessThan(8);
        const plain = Buffer.alloc(16);
        plain.writeBigUInt64BE(BigInt(n), 8);
        expect(a.equals(plain)).toBe(false);
      }),
    );
    expect(keys.asAt('a', 'b', 'empty')).not.toBe(keys.asAt('a', 'b', position(0)));
  });

  it('are nothing to another hub', () => {
    const other = new HubKeys(Buffer.alloc(32, 8));
    expect(other.asAt('a', 'b', position(1))).not.toBe(keys.asAt('a', 'b', position(1)));
    expect(other.resultHmac('x')).not.toBe(keys.resultHmac('x'));
    expect(other.quarantineId('a', 'x')).not.toBe(keys.quarantineId('a', 'x'));
    expect(Buffer.from(other.repeatKey('x')).equals(keys.repeatKey('x'))).toBe(false);
  });

  it('name what is held differently for each publisher', () => {
    expect(keys.quarantineId('a', 'x')).toBe(keys.quarantineId('a', 'x'));
    expect(keys.quarantineId('b', 'x')).not.toBe(keys.quarantineId('a', 'x'));
  });

  it('are derived from 32 bytes and no other number', () => {
    expect(() => new HubKeys(new Uint8Array(31))).toThrow(RangeError);
    expect(() => new HubKeys(new Uint8Array(0))).toThrow(RangeError);
  });
});
