import { registerText } from './register-text.ts';
import { registerOf, type RegisteredVersion } from './register.ts';
import { Acting, guardianOf, TODAY } from './testing/acting.ts';
import { agreement, ANALYSTS, asha, grant, piotr, POLICE, policyWith } from './testing/personas.ts';

const text = agreement();
const of = ({ history }: Acting, day = TODAY) => registerOf(history.compiled(), day).agreements;
const told = (acting: Acting, day = TODAY) =>
  of(acting, day).flatMap(({ versions }) =>
    versions.map((one) => `v${one.version} ${one.status} ${one.from}..${one.to}`),
  );

describe('the register of uses', () => {
  it('tells who is shown what of whom, for what, under which power, and until when', () => {
    const [registered, ...others] = registerOf(policyWith(text), TODAY).agreements;
    expect([registered?.id, registered?.title, others]).toEqual(['police-counts', text.title, []]);
    const [version] = registered?.versions ?? [];
    expect(version).toEqual({
      version: 1,
      status: 'in-force',
      from: '2026-01-01',
      to: '2027-12-31',
      review: '2027-01-01',
      reviewOverdue: false,
      privacyNotice: 'https://police.example/privacy',
      parties: [
        { agency: POLICE, name: 'county-police', capacity: 'specified-authority' },
        { agency: ANALYSTS, name: 'county-analysts', capacity: 'analysis-unit' },
      ],
      purposes: [
        { purpose: 'sv-needs-assessment', name: expect.any(String) },
        { purpose: 'sv-strategy', name: expect.any(String) },
      ],
      uses: [
        {
          clause: '7.1',
          publishers: [{ agency: 'county-police', name: 'county-police' }],
          consumer: { agency: 'county-analysts', name: 'county-analysts' },
          purposes: [{ purpose: 'sv-needs-assessment', name: expect.any(String) }],
          mode: 'count',
          gateway: {
            id: 'anonymous',
            title: expect.stringContaining('Anonymised events'),
            section: expect.stringContaining('UK GDPR Article 4(1)'),
            verified: false,
          },
          types: [{ type: 'uk.svd.police.incident-recorded.v1', name: 'An incident was recorded' }],
          fields: [{ field: 'category', name: 'Street category' }],
          place: 'ward',
          time: 'month',
        },
      ],
    } satisfies RegisteredVersion);
  });

  it('tells nothing of drafts: not that there is one, nor that some have signed it', () => {
    const acting = new Acting();
    const empty = JSON.stringify(of(acting));
    acting.drafts(asha, text);
    acting.signs(piotr, text);
    expect(JSON.stringify(of(acting))).toBe(empty);
    acting.signs(asha, text);
    const standing = JSON.stringify(of(acting));
    expect(standing).not.toBe(empty);
    acting.drafts(asha, agreement({ title: 'Wider', grants: [grant({ place: 'lsoa' })] }));
    acting.signs(piotr, agreement({ title: 'Wider', grants: [grant({ place: 'lsoa' })] }));
    expect(JSON.stringify(of(acting))).toBe(standing);
  });

  it('tells nothing of what every party has signed before its first day', () => {
    const acting = new Acting();
    const later = agreement({ validity: { from: '2026-12-01', to: '2027-12-31' } });
    acting.agrees(later, piotr, asha);
    expect([told(acting), told(acting, '2026-12-01')]).toEqual([[], ['v1 in-force 2026-12-01..2027-12-31']]);
  });

  it('tells nothing of people: mailboxes, signatories, guardians, assessors', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    const { history } = acting;
    const register = registerOf(history.compiled(), TODAY);
    for (const shown of [JSON.stringify(register), registerText(register)])
      expect(shown).not.toMatch(/@|asha|piotr|County DPO|Information governance|Advice of|id\.example/);
  });

  it('follows suspensions, later versions, leaving, ending and overdue reviews', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    acting.suspends(guardianOf('county-police'));
    expect(told(acting)).toEqual(['v1 suspended 2026-01-01..2027-12-31']);
    acting.resumes(guardianOf('county-police'));
    const second = agreement({ title: 'Second', validity: { from: '2026-11-10', to: '2027-12-31' } });
    acting.agrees(second, piotr, asha);
    expect(told(acting)).toEqual(['v1 superseded 2026-01-01..2026-11-09', 'v2 in-force 2026-11-10..2027-12-31']);
    expect(of(acting)[0]?.title).toBe('Second');
    expect(of(acting, '2027-01-02')[0]?.versions.map((one) => one.reviewOverdue)).toEqual([false, true]);
    acting.ends(asha, { scope: 'own', on: '2026-12-24' });
    expect(of(acting)[0]?.versions.map(({ parties }) => parties.map(({ to }) => to))).toEqual([
      [undefined, undefined],
      [undefined, '2026-12-23'],
    ]);
    acting.ends(piotr, { on: '2026-12-31' });
    expect([told(acting), told(acting, '2026-12-31')].map((all) => all.at(-1))).toEqual([
      'v2 in-force 2026-11-10..2026-12-30',
      'v2 ended 2026-11-10..2026-12-30',
    ]);
    expect(told(new Acting(policyHistory()), '2028-01-01')).toEqual(['v1 expired 2026-01-01..2027-12-31']);
  });

  it('reads as text what it tells otherwise, and no more', () => {
    const hostile = agreement({ title: 'Counts »\n2         forged\u202e', grants: [grant({ publishers: [POLICE] })] });
    const register = registerOf(policyWith(text), TODAY);
    const shown = registerText(register).split('\n');
    expect(shown.filter((line) => line.length > 100)).toEqual([]);
    expect(shown).toContain('REGISTER OF USES, 23 November 2026');
    expect(shown).toContain(
      '1.1.3     Clause 7.1: county-analysts is shown counts: tables of frozen releases, never a row and',
    );
    const [registered] = register.agreements;
    if (registered === undefined) throw new Error('nothing is registered');
    const forged = registerText({ ...register, agreements: [{ ...registered, title: hostile.title }] });
    expect(forged.split('\n').filter((line) => /^\d+ /.test(line))).toHaveLength(1);
    expect(forged).toMatch(/«Counts \\u\{bb\}\\u\{a\}2\s+\\u\{20\}/);
    expect(registerText({ day: TODAY, agreements: [] })).toContain('None is or was.');
  });
});

function policyHistory() {
  const acting = new Acting();
  acting.agrees(text, piotr, asha);
  return acting.history;
}
