import { sha256 } from '#kernel';
import { artefactsNamedBy } from './compile.ts';
import { DRAFTS_PER_AGENCY } from './draft.ts';
import { Acting, guardianOf, signatoryOf, TODAY } from './testing/acting.ts';
import {
  agreement,
  ANALYSTS,
  asha,
  bytesOf,
  carys,
  grant,
  History,
  HOSPITAL,
  person,
  piotr,
  POLICE,
  tested,
} from './testing/personas.ts';

const text = agreement();
const inForce = () => new Acting(History.begun().inForce(text));
const police = signatoryOf('county-police');
const three = agreement({
  parties: [...text.parties, { agency: HOSPITAL, capacity: 'health-provider' }],
  anonymisationTests: [tested(ANALYSTS), tested(HOSPITAL)],
  grants: [grant({ publishers: [POLICE, HOSPITAL] }), grant({ id: 'g2', publishers: [POLICE], consumer: HOSPITAL })],
});
const ofThree = () => new Acting(History.begun().inForce(three));

describe('an ending', () => {
  it('is at once unless it says a day, and final', () => {
    const acting = inForce();
    expect(acting.ends(police)).toBe('agreement-ended');
    expect([acting.status(), acting.answers(), acting.takesIn()]).toEqual(['ended', 'no-agreement', false]);
    expect(acting.state?.ended).toEqual({ on: TODAY, reason: 'no-longer-needed', agency: POLICE });
    expect(acting.ends(asha)).toBe('agreement-over');
    expect(acting.suspends(police)).toBe('agreement-over');
    expect(acting.drafts(piotr, agreement({ title: 'Edited' }))).toBe('agreement-over');
    expect(acting.signs(piotr, text)).toBe('agreement-over');
  });

  it('on a day ahead leaves every day before it, and nothing after, to every version', () => {
    const acting = inForce();
    const next = agreement({ title: 'Next', validity: { from: '2026-12-20', to: '2027-12-31' } });
    acting.agrees(next, piotr, asha);
    expect(acting.ends(police, { on: '2026-12-10' })).toBe('agreement-ended');
    expect(['2026-12-09', '2026-12-10', '2026-12-20'].map((day) => acting.answers(day))).toEqual([
      'v1 county-police',
      'no-agreement',
      'no-agreement',
    ]);
    expect([acting.status('2026-12-09', 1), acting.status('2026-12-10', 1), acting.status(TODAY, 2)]).toEqual([
      'in-force',
      'ended',
      'ended',
    ]);
    expect(artefactsNamedBy(acting.history.facts)).not.toContain(sha256(bytesOf(next)));
    // declared is declared: nothing is drafted or signed for the days that are left, but it may be suspended
    expect(acting.drafts(piotr, agreement({ title: 'Edited' }))).toBe('agreement-over');
    expect(acting.suspends(police)).toBe('agreement-suspended');
    expect(acting.suspends(signatoryOf('county-analysts'), '2026-12-10')).toBe('agreement-over');
  });

  it('is never before today, and is brought forward only', () => {
    const acting = inForce();
    expect(acting.ends(police, { on: '2026-11-22' })).toBe('day-past on');
    expect(acting.ends(police, { on: '2026-02-30' })).toBe('day-invalid on');
    expect(acting.ends(police, { on: 'tomorrow' })).toBe('day-invalid on');
    expect(acting.ends(police, { on: '2026-12-10' })).toBe('agreement-ended');
    expect(acting.ends(asha, { on: '2026-12-10' })).toBe('ending-fixed on');
    expect(acting.ends(asha, { on: '2027-01-10' })).toBe('ending-fixed on');
    expect(acting.ends(asha, { on: '2026-12-01' })).toBe('agreement-ended');
    expect(acting.state?.ended).toMatchObject({ on: '2026-12-01', agency: ANALYSTS });
    // a fact that would put it off does nothing
    acting.history.add({
      type: 'uk.svd.hub.agreement-ended.v1' as never,
      data: { agreement: text.id, on: '2027-06-01', reason: 'other', by: { issuer: 'i', person: 'p', agency: POLICE } },
    });
    expect(acting.answers('2026-12-01')).toBe('no-agreement');
  });

  it('is by a signatory of any party of what stands', () => {
    const acting = inForce();
    expect(acting.ends(guardianOf('county-police'))).toBe('role-not-held');
    expect(acting.ends(carys)).toBe('not-a-party');
    expect(acting.ends({ ...police, issuer: 'https://elsewhere.example' })).toBe('agency-not-enrolled');
    expect(acting.ends(person('x', 'nowhere' as typeof POLICE, 'signatory'))).toBe('agency-not-enrolled');
    expect(new Acting().ends(police)).toBe('agreement-unknown');
    expect(acting.ends(asha)).toBe('agreement-ended');
  });

  it('of a draft lets it wait no longer, and count no longer', () => {
    const history = History.begun();
    for (let i = 0; i < DRAFTS_PER_AGENCY; i++) history.drafted(agreement({ id: `draft-${i}` }));
    const acting = new Acting(history, 'another');
    expect(acting.drafts(piotr, agreement({ id: 'another' }))).toBe('drafts-full');
    const given = new Acting(history, 'draft-0');
    expect(given.ends(signatoryOf('county-analysts'))).toBe('agreement-ended');
    expect([given.status(), given.signs(piotr, agreement({ id: 'draft-0' }))]).toEqual(['ended', 'agreement-over']);
    expect(artefactsNamedBy(history.facts)).not.toContain(sha256(bytesOf(agreement({ id: 'draft-0' }))));
    expect(acting.drafts(piotr, agreement({ id: 'another' }))).toBe('agreement-drafted');
    expect(new Acting(history, 'yet-another').drafts(piotr, agreement({ id: 'yet-another' }))).toBe('drafts-full');
  });
});

describe('a leaving', () => {
  const leaves = { scope: 'own' } as const;

  it('stops the grants in which the party publishes or consumes, and no other', () => {
    const acting = ofThree();
    const asHospital = (day = TODAY) => acting.answers(day, {}, { ...carys, roles: new Set(['analyst']) });
    expect([acting.answers(), asHospital()]).toEqual(['v1 county-police+north-hospital', 'v1 county-police']);
    expect(acting.ends(carys, { ...leaves, on: '2026-12-01' })).toBe('agreement-left');
    expect([acting.answers('2026-11-30'), asHospital('2026-11-30')]).toEqual([
      'v1 county-police+north-hospital',
      'v1 county-police',
    ]);
    expect([acting.answers('2026-12-01'), asHospital('2026-12-01')]).toEqual(['v1 county-police', 'not-a-party']);
    expect([acting.takesIn('2026-11-30', HOSPITAL), acting.takesIn('2026-12-01', HOSPITAL)]).toEqual([true, false]);
    expect([acting.takesIn('2026-12-01'), acting.status('2026-12-01')]).toEqual([true, 'in-force']);
  });

  it('takes the party out of what it may do from its day on', () => {
    const acting = ofThree();
    acting.ends(carys, { ...leaves, on: '2026-12-01' });
    expect(acting.ends(carys, { ...leaves, on: '2026-12-02' })).toBe('ending-fixed on');
    expect(acting.ends(carys, { ...leaves, on: '2026-11-25' })).toBe('agreement-left');
    expect(acting.takesIn('2026-11-25', HOSPITAL)).toBe(false);
    expect(acting.suspends(carys, '2026-11-24')).toBe('agreement-suspended');
    expect(acting.suspends(guardianOf('north-hospital'), '2026-11-25')).toBe('not-a-party');
    expect(acting.ends(carys, {}, '2026-11-25')).toBe('not-a-party');
    expect(acting.drafts(carys, agreement({ ...three, title: 'Edited' }), '2026-11-25')).toBe('not-a-party');
  });

  it('does not lift the suspension of the party that leaves: it alone may, still', () => {
    const acting = ofThree();
    acting.suspends(carys);
    acting.ends(carys, leaves);
    expect([acting.answers(), acting.status()]).toEqual(['no-agreement', 'suspended']);
    expect(acting.resumes(piotr)).toBe('not-suspended');
    expect(acting.resumes(carys)).toBe('agreement-resumed');
    expect(acting.answers()).toBe('v1 county-police');
  });

  it('spoils the draft that names it, and not the next one that it signs', () => {
    const acting = ofThree();
    const edited = { ...three, title: 'Edited' };
    acting.drafts(piotr, edited);
    acting.signs(carys, edited);
    acting.ends(carys, leaves);
    expect(acting.signs(piotr, edited)).toBe('party-left parties.2');
    const again = { ...three, title: 'Taken in again' };
    expect(acting.agrees(again, piotr, asha, carys)).toBe('agreement-signed agreement-in-force');
    expect([acting.answers(), acting.takesIn(TODAY, HOSPITAL)]).toEqual(['v3 county-police+north-hospital', true]);
    expect(acting.ends(carys, leaves)).toBe('agreement-left');
    expect([acting.answers(), acting.takesIn(TODAY, HOSPITAL)]).toEqual(['v3 county-police', false]);
  });
});
