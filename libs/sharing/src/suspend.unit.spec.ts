import type { AgencyId } from '#kernel';
import { compile } from './compile.ts';
import { Acting, guardianOf, signatoryOf, TODAY } from './testing/acting.ts';
import {
  agreement,
  ANALYSTS,
  asha,
  carys,
  grant,
  History,
  HOSPITAL,
  person,
  piotr,
  POLICE,
} from './testing/personas.ts';

const text = agreement();
const inForce = () => new Acting(History.begun().inForce(text));
const police = guardianOf('county-police');
const analysts = signatoryOf('county-analysts');

describe('a suspension', () => {
  it('stops what is disclosed and taken in at once, and its lifting starts it again', () => {
    const acting = inForce();
    expect([acting.answers(), acting.takesIn()]).toEqual(['v1 county-police', true]);
    expect(acting.suspends(police)).toBe('agreement-suspended');
    expect([acting.status(), acting.answers(), acting.takesIn()]).toEqual(['suspended', 'no-agreement', false]);
    expect(acting.state?.suspensions).toMatchObject([{ agency: POLICE, reason: 'concern' }]);
    expect(acting.resumes(signatoryOf('county-police'))).toBe('agreement-resumed');
    expect([acting.status(), acting.answers(), acting.takesIn()]).toEqual(['in-force', 'v1 county-police', true]);
  });

  it('is by a signatory or guardian of a party, once an agency', () => {
    const acting = inForce();
    expect(acting.suspends(person('s', POLICE, 'steward', 'supervisor'))).toBe('role-not-held');
    expect(acting.suspends(guardianOf('north-hospital'))).toBe('not-a-party');
    expect(acting.suspends(guardianOf('nowhere'))).toBe('agency-not-enrolled');
    expect(acting.suspends({ ...police, issuer: 'https://elsewhere.example' })).toBe('agency-not-enrolled');
    expect(acting.suspends(police)).toBe('agreement-suspended');
    expect(acting.suspends(signatoryOf('county-police'))).toBe('already-suspended');
    expect(acting.suspends(analysts)).toBe('agreement-suspended');
  });

  it('is lifted by the agency that suspended alone, and stands while any does', () => {
    const acting = inForce();
    expect(acting.resumes(police)).toBe('not-suspended');
    acting.suspends(police);
    expect(acting.resumes(analysts)).toBe('not-suspended');
    expect(acting.resumes(person('s', POLICE, 'steward'))).toBe('role-not-held');
    expect(acting.resumes({ ...police, issuer: 'https://elsewhere.example' })).toBe('agency-not-enrolled');
    acting.suspends(analysts);
    expect(acting.resumes(police)).toBe('agreement-resumed');
    expect([acting.status(), acting.answers()]).toEqual(['suspended', 'no-agreement']);
    expect(acting.resumes(analysts)).toBe('agreement-resumed');
    expect(acting.answers()).toBe('v1 county-police');
  });

  it('is of what stands: not of a draft, nor of what is unknown or over', () => {
    const acting = new Acting();
    expect([acting.suspends(police), acting.resumes(police)]).toEqual(['agreement-unknown', 'agreement-unknown']);
    acting.drafts(piotr, text);
    expect(acting.suspends(police)).toBe('agreement-not-in-force');
    acting.signs(piotr, text);
    acting.signs(asha, text);
    expect(acting.suspends(police, '2028-01-01')).toBe('agreement-not-in-force');
    acting.ends(piotr);
    expect(acting.suspends(police)).toBe('agreement-over');
    const ahead = new Acting();
    const later = agreement({ validity: { from: '2026-12-01', to: '2027-12-31' } });
    ahead.agrees(later, piotr, asha);
    expect([ahead.status(), ahead.suspends(police), ahead.status()]).toEqual([
      'not-yet',
      'agreement-suspended',
      'suspended',
    ]);
    expect(ahead.answers('2026-12-01')).toBe('no-agreement');
  });

  it('holds on in every version that its agency is a party to, whoever signs meanwhile', () => {
    const acting = inForce();
    acting.suspends(police);
    const edited = agreement({ title: 'Edited' });
    expect(acting.agrees(edited, piotr, asha)).toBe('agreement-signed agreement-in-force');
    expect([acting.status(), acting.answers()]).toEqual(['suspended', 'no-agreement']);
    acting.resumes(police);
    expect(acting.answers()).toBe('v2 county-police');
  });

  it('does not reach a version that the others have signed without its agency', () => {
    const acting = new Acting();
    const named = (...agencies: readonly AgencyId[]) => text.parties.filter(({ agency }) => agencies.includes(agency));
    const hospital = { agency: HOSPITAL, capacity: 'health-provider' } as const;
    const three = agreement({
      parties: [...text.parties, hospital],
      grants: [grant({ publishers: [POLICE, HOSPITAL] })],
    });
    acting.agrees(three, piotr, asha, carys);
    acting.suspends(carys);
    expect(acting.answers()).toBe('no-agreement');
    expect(acting.agrees(agreement({ parties: named(POLICE, ANALYSTS) }), piotr, asha)).toContain('in-force');
    // the hospital's rows are in none of it
    expect(acting.answers()).toBe('v2 county-police');
  });

  it('counts in the digest by who suspended, not by when', () => {
    const acting = inForce();
    const before = acting.history.compiled().digest;
    acting.suspends(police);
    const suspended = acting.history.compiled();
    expect(suspended.digest).not.toBe(before);
    const [last] = acting.history.facts.splice(-1);
    if (last === undefined) throw new Error('it was suspended');
    const later = { ...last, recordedTime: '2026-11-23T10:00:00.000Z' as typeof last.recordedTime };
    expect(compile([...acting.history.facts, later], acting.history.artefacts).digest).toBe(suspended.digest);
    expect(acting.answers(TODAY)).toBe('v1 county-police');
  });
});
