import { brokenCase, resultOf } from './law-cases.ts';
import { readLawPack, type LawPack } from './law-pack.ts';
import { LAW_BYTES } from './testing/personas.ts';

const read = readLawPack(LAW_BYTES);
if (!read.ok) throw new Error(read.field);
const { law } = read;

describe('a case of the law pack', () => {
  it.each(law.cases.map((one) => [`${one.gateway} ${one.section}: ${one.text}`, one] as const))('%s', (_, one) => {
    expect(resultOf(law, one)).toBe(one.result);
  });

  it('stands both ways for each gateway on which something standing can rest, and against each other one', () => {
    for (const { id, requires, inForceFrom } of law.gateways) {
      const results = law.cases.filter((one) => one.gateway === id).map(({ result }) => result);
      const standing =
        inForceFrom !== null && !requires.some(({ rule }) => ['case-exchange-only', 'emergency-only'].includes(rule));
      expect([id, results.includes('permit')]).toEqual([id, standing]);
      expect([id, results.some((result) => result !== 'permit')]).toEqual([id, true]);
    }
  });

  it('is found when a rule is taken out of the pack, whichever of those that cases are about', () => {
    const without = (gateway: string, rule: string): LawPack => ({
      ...law,
      gateways: law.gateways.map((one) =>
        one.id === gateway ? { ...one, requires: one.requires.filter((each) => each.rule !== rule) } : one,
      ),
    });
    const rules = ['purpose-is-function', 'held-for-functions', 'bars-labels', 'bars-labels-from'];
    for (const rule of [...rules, 'anonymisation-test-of-records'])
      expect(brokenCase(without('pcsc-16', rule))).toBeDefined();
    expect(brokenCase(without('anonymous', 'anonymisation-test'))).toBeDefined();
    expect(brokenCase(without('oma2007-14', 'one-side-is'))).toBeDefined();
    expect(brokenCase(law)).toBeUndefined();
  });

  it('names for what every gateway may ask its own law: s.16(4) binds only what relies on s.16 or s.17', () => {
    for (const { id, requires } of law.gateways)
      for (const { source } of requires) if (source.includes('s.16(4)')) expect(id).toMatch(/^pcsc-1[67]$/);
  });

  it('is found when a gateway serves more capacities than it may', () => {
    const wider = law.gateways.map((one) => (one.id === 'pcsc-16' ? { ...one, to: 'any' as const } : one));
    expect(brokenCase({ ...law, gateways: wider })).toBeDefined();
  });
});
