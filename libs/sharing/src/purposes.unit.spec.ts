import { PURPOSES } from '#contracts';
import { knownPurposes } from './purposes.ts';
import { History } from './testing/personas.ts';

describe('the purposes', () => {
  const { law } = History.begun().compiled();
  const under = (day: string) =>
    Object.fromEntries(
      knownPurposes(law, day).map(({ purpose, functionUnder }) => [
        purpose,
        functionUnder.map(({ gateway }) => gateway),
      ]),
    );

  it('are all told in words, with the powers that serve them alone', () => {
    expect(under('2026-11-23')).toEqual({
      ...Object.fromEntries(PURPOSES.map((purpose) => [purpose, []])),
      'sv-needs-assessment': ['pcsc-16'],
      'sv-strategy': ['pcsc-16'],
      'violence-reduction-pathway': ['pcsc-16', 'oma2007-14'],
      's17-monitoring': ['pcsc-17'],
    });
    const [first] = knownPurposes(law, '2026-11-23');
    expect(first?.functionUnder[0]?.section).toBe('Police, Crime, Sentencing and Courts Act 2022 s.16(1)');
    for (const { words } of knownPurposes(undefined, '2026-11-23')) expect(words).toMatch(/^[a-z].{10,}[a-z]$/);
  });

  it('are served by a power only while it is in force', () => {
    expect(under('2023-01-30')).toMatchObject({ 'sv-strategy': [], 'violence-reduction-pathway': ['oma2007-14'] });
  });
});
