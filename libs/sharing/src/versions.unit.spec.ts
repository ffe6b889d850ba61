import { sha256 } from '#kernel';
import type { Agreement } from './agreement.ts';
import { artefactsNamedBy, compile } from './compile.ts';
import { decide } from './decide.ts';
import { Acting, on, signatoryOf, TODAY } from './testing/acting.ts';
import {
  agreement,
  ANALYSTS,
  asha,
  bytesOf,
  carys,
  CHARITY,
  grant,
  HOSPITAL,
  piotr,
  POLICE,
  request,
  tested,
} from './testing/personas.ts';

const days = (from: string, to: string): Partial<Agreement> => ({
  validity: { from, to },
  anonymisationTests: [tested(ANALYSTS, { date: '2026-11-01', review: '2027-11-01' })],
});
const text = agreement();
const digestOf = (document: Agreement) => sha256(bytesOf(document));
const windows = (acting: Acting) =>
  acting.state?.versions.map(({ window }) => (window === undefined ? 'none' : `${window.from}..${window.to}`));
const [police, analysts] = text.parties as [Agreement['parties'][number], Agreement['parties'][number]];
const hospital = { agency: HOSPITAL, capacity: 'health-provider' } as const;

describe('a version in force', () => {
  it('stays so while its edit waits for signatures, and gives way on the first day of the next', () => {
    const acting = new Acting();
    const edited = agreement({ title: 'Edited', review: '2027-06-01', ...days('2026-12-15', '2028-06-30') });
    expect(acting.agrees(text, piotr, asha)).toBe('agreement-signed agreement-in-force');
    expect(acting.drafts(asha, edited)).toBe('agreement-drafted');
    expect([acting.status(TODAY, 1), acting.status(TODAY, 2), acting.answers()]).toEqual([
      'in-force',
      'drafted',
      'v1 county-police',
    ]);
    expect(acting.signs(piotr, edited)).toBe('agreement-signed');
    expect([acting.status(TODAY, 2), acting.answers('2027-01-05')]).toEqual(['signed', 'v1 county-police']);
    expect(acting.signs(asha, edited)).toBe('agreement-signed agreement-in-force');
    expect(windows(acting)).toEqual(['2026-01-01..2026-12-14', '2026-12-15..2028-06-30']);
    expect([acting.status(TODAY, 1), acting.status(TODAY, 2)]).toEqual(['in-force', 'not-yet']);
    expect([acting.status('2026-12-15', 1), acting.status('2026-12-15', 2)]).toEqual(['superseded', 'in-force']);
    expect(['2026-12-14', '2026-12-15', '2028-07-01'].map((day) => acting.answers(day))).toEqual([
      'v1 county-police',
      'v2 county-police',
      'no-agreement',
    ]);
    expect([acting.takesIn('2028-06-30'), acting.takesIn('2028-07-01')]).toEqual([true, false]);
  });

  it('gives way to the newest of several, and does not come back when that one is over', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    const second = agreement({ title: 'Second', review: '2027-06-01', ...days('2027-03-01', '2027-12-31') });
    const third = agreement({ title: 'Third', review: '2027-02-20', ...days('2027-02-01', '2027-02-28') });
    expect(acting.agrees(second, piotr, asha)).toBe('agreement-signed agreement-in-force');
    expect(acting.agrees(third, asha, piotr)).toBe('agreement-signed agreement-in-force');
    expect(windows(acting)).toEqual(['2026-01-01..2027-01-31', '2027-03-01..2027-01-31', '2027-02-01..2027-02-28']);
    expect([1, 2, 3].map((version) => acting.status('2027-03-01', version))).toEqual([
      'superseded',
      'superseded',
      'expired',
    ]);
    expect(acting.answers('2027-03-01')).toBe('no-agreement');
    // what never has a day of force is not read
    expect(artefactsNamedBy(acting.history.facts)).not.toContain(digestOf(second));
    expect(artefactsNamedBy(acting.history.facts)).toEqual(expect.arrayContaining([digestOf(text), digestOf(third)]));
  });

  it('leaves no day between it and a next one that begins before it was signed', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    const backdated = agreement({ title: 'Backdated', ...days('2026-06-01', '2027-12-31') });
    acting.agrees(backdated, piotr, asha);
    expect(windows(acting)).toEqual(['2026-01-01..2026-05-31', '2026-06-01..2027-12-31']);
    expect(acting.answers()).toBe('v2 county-police');
  });

  it('stays superseded by a text that is lost, which grants nothing', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    const edited = agreement({ title: 'Edited', ...days('2026-11-01', '2027-12-31') });
    acting.agrees(edited, piotr, asha);
    const { facts, artefacts } = acting.history;
    const whole = compile(facts, artefacts).digest;
    acting.history.artefacts.delete(digestOf(edited));
    expect([acting.answers('2026-10-31'), acting.answers()]).toEqual(['v1 county-police', 'no-agreement']);
    expect(acting.takesIn()).toBe(false);
    expect(acting.history.compiled().digest).not.toBe(whole);
    acting.history.artefacts.set(digestOf(edited), bytesOf(text));
    expect(acting.answers()).toBe('no-agreement');
  });
});

describe('joiners and leavers', () => {
  const joint = (changes: Partial<Agreement> = {}, publishers = [POLICE, HOSPITAL]) =>
    agreement({ parties: [police, analysts, hospital], grants: [grant({ publishers })], ...changes });

  it('join with the signature of every party, their own among them', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    const joined = joint({ title: 'With the hospital' });
    expect(acting.drafts(asha, joined)).toBe('agreement-drafted');
    expect(acting.signs(piotr, joined)).toBe('agreement-signed');
    expect(acting.signs(asha, joined)).toBe('agreement-signed');
    expect(acting.answers()).toBe('v1 county-police');
    // nobody signs for the hospital
    expect(acting.signs(signatoryOf('county-police'), joined)).toBe('already-signed');
    expect(acting.signs({ ...asha, agency: HOSPITAL }, joined)).toBe('person-signed-already');
    expect(acting.answers()).toBe('v1 county-police');
    expect(acting.signs(carys, joined)).toBe('agreement-signed agreement-in-force');
    expect(acting.answers()).toBe('v2 county-police+north-hospital');
  });

  it('have no say in what stands without them, and cannot take its place', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    expect(acting.drafts(asha, joint())).toBe('agreement-drafted');
    expect(acting.suspends(carys)).toBe('not-a-party');
    expect(acting.ends(carys)).toBe('not-a-party');
    expect(acting.ends(carys, { scope: 'own' })).toBe('not-a-party');
    const taken = agreement({ parties: [hospital, { agency: CHARITY, capacity: 'voluntary-sector' }] });
    expect(acting.drafts(carys, taken)).toBe('not-a-party parties');
    expect(acting.drafts(carys, joint({ title: 'As they would have it' }))).toBe('agreement-drafted');
    // and those of it that a draft leaves out keep their say
    expect(acting.drafts(asha, agreement({ parties: [analysts, hospital] }))).toBe('agreement-drafted');
    expect(acting.suspends(piotr)).toBe('agreement-suspended');
  });

  it('take part on the days that the text says, each publisher on its own', () => {
    const acting = new Acting();
    const dated = joint({
      parties: [police, { ...analysts, from: '2026-12-01' }, { ...hospital, from: '2027-01-01', to: '2027-01-05' }],
    });
    expect(acting.agrees(dated, piotr, asha, carys)).toBe('agreement-signed agreement-in-force');
    const days = ['2026-11-30', '2026-12-01', '2026-12-31', '2027-01-01', '2027-01-05', '2027-01-06'];
    expect(days.map((day) => acting.answers(day))).toEqual([
      'no-agreement',
      'v1 county-police',
      'v1 county-police',
      'v1 county-police+north-hospital',
      'v1 county-police+north-hospital',
      'v1 county-police',
    ]);
    expect(days.map((day) => acting.takesIn(day, HOSPITAL))).toEqual([false, false, false, true, true, false]);
    const asked = decide(acting.history.compiled(), asha, request(), on('2027-01-01'));
    expect(asked).toMatchObject({ views: [{ agreement: { clauses: ['7.1'] } }] });
    // a party by its signature, before its first day too; no more once its last has passed
    expect(acting.suspends(carys, '2027-01-06')).toBe('not-a-party');
    expect(acting.suspends(carys)).toBe('agreement-suspended');
  });
});
