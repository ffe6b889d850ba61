import { EVENT_LIMITS, parseStrictJson } from './strict-json.ts';

const fault = (text: string | Uint8Array) => {
  const parsed = parseStrictJson(text);
  return parsed.ok ? 'accepted' : parsed.code;
};

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"a":2}', 'json-duplicate-key'],
    ['{"a":1,"\\u0061":2}', 'json-duplicate-key'],
    ['{"__proto__":1}', 'json-dangerous-key'],
    ['{"\\u005f_proto__":1}', 'json-dangerous-key'],
    ['{"constructor":1}', 'json-dangerous-key'],
    ['9007199254740993', 'json-unsafe-number'],
    ['9007199254740992', 'json-unsafe-number'],
    ['1e400', 'json-unsafe-number'],
    ['-1e400', 'json-unsafe-number'],
    ['1e-400', 'json-unsafe-number'],
    ['0.1000000000000000055', 'json-unsafe-number'],
    ['-0', 'json-unsafe-number'],
    ['-0.0', 'json-unsafe-number'],
    ['1e22', 'json-unsafe-number'],
    ['"\\ud800"', 'json-lone-surrogate'],
    ['"\ud800"', 'json-lone-surrogate'],
    ['"\\udc00\\ud800"', 'json-lone-surrogate'],
    ['01', 'json-malformed'],
    ['1.', 'json-malformed'],
    ['.5', 'json-malformed'],
    ['+1', 'json-malformed'],
    ['NaN', 'json-malformed'],
    ['[1,]', 'json-malformed'],
    ['{"a":1,}', 'json-malformed'],
    ['{a:1}', 'json-malformed'],
    ['"a\nb"', 'json-malformed'],
    ['"\\x41"', 'json-malformed'],
    ['"open', 'json-malformed'],
    ['', 'json-malformed'],
    ['1 2', 'json-malformed'],
    ['\ufeff{}', 'json-malformed'],
    ['truth', 'json-malformed'],
    ['['.repeat(21) + ']'.repeat(21), 'json-too-deep'],
    [`[${'1,'.repeat(EVENT_LIMITS.items)}1]`, 'json-too-wide'],
    [`{${Array.from({ length: 201 }, (_, i) => `"k${i}":1`).join()}}`, 'json-too-wide'],
    [`"${'x'.repeat(EVENT_LIMITS.bytes)}"`, 'json-too-large'],
  ])('refuses %.40s as %s', (text, code) => expect(fault(text)).toBe(code));

  it('refuses bytes that are no UTF-8', () => {
    expect(fault(Uint8Array.of(0x22, 0xff, 0x22))).toBe('json-not-utf8');
    expect(fault(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toBe('json-not-utf8');
  });

  it.each([
    ['{"a":[1,2.5,-3,true,null,"x"]}', true],
    ['{"b":1,"a":2}', false],
    ['{"a": 1}', false],
    ['1.0', false],
    ['1e2', false],
    ['"\\u0041"', false],
    ['"é😀"', true],
    ['9007199254740991', true],
  ])('accepts %s and says whether it is canonical', (text, canonical) => {
    expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown, canonical });
  });

  it('accepts exactly the limits', () => {
    expect(fault('['.repeat(20) + ']'.repeat(20))).toBe('accepted');
    expect(fault(`"${'x'.repeat(EVENT_LIMITS.bytes - 2)}"`)).toBe('accepted');
  });
});
