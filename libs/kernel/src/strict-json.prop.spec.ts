import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';
import { parseStrictJson, type JsonLimits } from './strict-json.ts';

const wide: JsonLimits = { bytes: 10_000_000, depth: 200, keys: 10_000, items: 10_000 };
const dangerous = ['__proto__', 'constructor', 'prototype'];
const safe = (value: unknown): boolean => {
  if (typeof value === 'number')
    return !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => !dangerous.includes(key) && safe(item));
};

describe('strict JSON', () => {
  it('reads what JSON.parse reads, wherever nothing would be lost', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }).filter(safe), fc.integer({ min: 0, max: 3 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(text.isWellFormed());
        const parsed = parseStrictJson(text, wide);
        if (!parsed.ok) return /\\ud/i.test(text);
        expect(parsed.value).toEqual(JSON.parse(text));
        if (parsed.canonical) expect(text).toBe(canonicalJson(parsed.value));
        return true;
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws and never accepts what JSON.parse refuses', () => {
    const soup = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '-', '.', 'e', '0', 'a', '\\', 'u', ' ', 'null'),
      {
        maxLength: 24,
      },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        const text = parts.join('');
        if (!parseStrictJson(text).ok) return;
        expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });

  it('a canonical text is a fixed point', () => {
    fc.assert(
      fc.property(fc.jsonValue().filter(safe), (value) => {
        const text = canonicalJson(JSON.parse(JSON.stringify(value)));
        const parsed = parseStrictJson(text, wide);
        if (parsed.ok) expect(canonicalJson(parsed.value)).toBe(text);
      }),
    );
  });
});
