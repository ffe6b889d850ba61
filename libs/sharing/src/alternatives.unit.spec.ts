import { alternativesTo, type Between } from './alternatives.ts';
import { readLawPack } from './law-pack.ts';
import { LAW_BYTES } from './testing/personas.ts';

const read = readLawPack(LAW_BYTES);
if (!read.ok) throw new Error(read.field);
const { law } = read;
const between = (changes: Partial<Between> = {}): Between => ({
  day: '2026-11-23',
  mode: 'subject',
  from: new Set(['prison-authority']),
  to: new Set(['chief-officer-of-police']),
  ...changes,
});

describe('what is left when a gateway refuses', () => {
  it('is to make it anonymous, to ask for consent, then the powers whose parties fit, one case or emergency last', () => {
    expect(alternativesTo(law, between())).toEqual([
      'anonymous',
      'confidence-consent',
      'cda1998-115',
      'oma2007-14',
      'pcsc-16',
      'ca2004-10-11',
      'vital-interests',
    ]);
  });

  it('leaves out the gateway that refused, those not in force and those that serve other parties', () => {
    expect(alternativesTo(law, between({ not: 'pcsc-16' }))).not.toContain('pcsc-16');
    expect(alternativesTo(law, between())).not.toContain('ca2004-16la');
    expect(alternativesTo(law, between({ to: new Set(['voluntary-sector']) }))).toEqual([
      'anonymous',
      'confidence-consent',
      'vital-interests',
    ]);
    expect(alternativesTo(law, between({ day: '2020-01-01' }))).not.toContain('pcsc-16');
    expect(alternativesTo(undefined, between())).toEqual([]);
  });

  it('fits any publisher while none is meant', () => {
    expect(
      alternativesTo(law, between({ from: undefined, to: new Set(['local-policing-body']), mode: 'count' })),
    ).toEqual(['anonymous', 'confidence-consent', 'pcsc-16', 'pcsc-17']);
  });
});
