import { eventType, type Instant } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import { rehearseGrants, type GrantChange } from './rehearse-grants.ts';
import { Rehearsal } from './rehearsal.ts';
import { on } from './testing/acting.ts';
import {
  agreement,
  ANALYSTS,
  asha,
  ATTENDANCE,
  grant,
  History,
  HOSPITAL,
  INCIDENT,
  LAW_BYTES,
  NOW,
  POLICE,
  request,
  tested,
} from './testing/personas.ts';

const attendances = (changes: Partial<Grant> = {}): Grant =>
  grant({ publishers: [HOSPITAL], types: [ATTENDANCE], fields: ['method'], place: 'district', ...changes });
const surveillance = (grants: readonly Grant[], changes: Partial<Agreement> = {}): Agreement =>
  agreement({
    parties: [
      { agency: HOSPITAL, capacity: 'health-provider' },
      { agency: ANALYSTS, capacity: 'analysis-unit' },
      { agency: POLICE, capacity: 'specified-authority' },
    ],
    anonymisationTests: [tested(ANALYSTS, { place: 'district' }), tested(POLICE)],
    grants,
    ...changes,
  });
const rehearsed = (history: History, at: Instant = NOW): Rehearsal => {
  const rehearsal = Rehearsal.of(history.compiled(), 'police-counts', at);
  if (rehearsal === undefined) throw new Error('there is a draft');
  return rehearsal;
};
function changesOf(rehearsal: Rehearsal): readonly GrantChange[] {
  const steps = rehearseGrants(rehearsal);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value.changes;
  }
}
const between = (now: readonly Grant[], then: readonly Grant[]) =>
  changesOf(rehearsed(History.begun().inForce(surveillance(now)).drafted(surveillance(then), 2)));

describe('a draft that is rehearsed', () => {
  it('names what it would add though law refuses it, and by which rule', () => {
    const [change, ...others] = between([attendances()], [attendances({ place: 'lsoa' })]);
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      consumer: ANALYSTS,
      publishers: [HOSPITAL],
      types: [ATTENDANCE],
      fields: ['method'],
      alone: true,
      changes: ['more-finely'],
      now: [{ clause: '7.1', threshold: 7, finest: [{ place: 'district', time: 'month' }] }],
      then: [
        {
          clause: '7.1',
          finest: [{ place: 'lsoa', time: 'month' }],
          blockedBy: { rule: 'anonymisation-test-too-coarse', section: expect.any(String) },
        },
      ],
      added: [{ place: 'lsoa', time: 'month' }],
      removed: [],
    });
    expect(change?.then[0]?.blockedBy?.alternatives).toContain('confidence-consent');
  });

  it.each([
    ['another field', { fields: ['method', 'locationType'] }, [['newly-disclosed', ['locationType'], false]]],
    ['a field less', { fields: [] }, [['stopped', ['method'], false]]],
    ['longer periods', { time: 'quarter' }, [['less-finely', ['method'], true]]],
    ['a higher threshold', { threshold: 12 }, [['guarded-more', ['method'], true]]],
    ['open counts', { openness: 'open' }, [['more-exactly', ['method'], true]]],
    ['a condition', { conditions: [{ condition: 'maximum-age', value: 'P1Y' }] }, [['guarded-more', ['method'], true]]],
    ['another purpose', { purposes: ['sv-needs-assessment', 'sv-strategy'] }, [['newly-disclosed', ['method'], true]]],
  ] as const)('with %s says so', (_, changes, told) => {
    const found = between([attendances()], [attendances(changes)]);
    expect(found.map((one) => [one.changes.join(), one.fields, one.alone])).toEqual(told);
  });

  it('that joins the fields of two grants says that they may be crossed', () => {
    const apart = [attendances(), attendances({ id: 'places-by-type', fields: ['locationType'] })];
    const joined = [attendances({ fields: ['method', 'locationType'] })];
    const told = (found: readonly GrantChange[]) => found.map((one) => [one.changes.join(), one.fields, one.crossed]);
    expect(told(between(apart, joined))).toEqual([['newly-disclosed', [], [['locationType', 'method']]]]);
    expect(told(between(joined, apart))).toEqual([['stopped', [], [['locationType', 'method']]]]);
    // said of each of them, it is not said again of both
    expect(told(between(joined, [attendances({ fields: ['method', 'locationType'], time: 'quarter' })]))).toEqual([
      ['less-finely', ['method', 'locationType'], []],
    ]);
  });

  it('without a condition says so', () => {
    const conditions = [{ condition: 'role', value: 'supervisor' }];
    const found = between([attendances({ conditions })], [attendances()]);
    expect(found.map((one) => one.changes)).toEqual([['on-fewer-conditions']]);
  });

  it('is not told to disclose anew what another agreement shows already', () => {
    const other = surveillance([attendances({ fields: ['method', 'locationType'] })], { id: 'another' });
    const draft = surveillance([attendances({ fields: ['method', 'locationType'] })]);
    const history = History.begun()
      .inForce(other)
      .inForce(surveillance([attendances()]))
      .drafted(draft, 2);
    expect(changesOf(rehearsed(history))).toEqual([]);
  });

  it('counts as its own what it would show no less freely than another agreement does', () => {
    const other = surveillance([attendances({ place: 'force', threshold: 12 })], {
      id: 'another',
      anonymisationTests: [tested(ANALYSTS)],
    });
    const history = History.begun()
      .inForce(other)
      .inForce(surveillance([attendances()]))
      .drafted(surveillance([attendances({ place: 'lsoa' })]), 2);
    const [change, ...others] = changesOf(rehearsed(history));
    expect(others).toEqual([]);
    expect(change?.then.map(({ clause, threshold }) => [clause, threshold])).toEqual([['7.1', 7]]);
  });

  it('is tried on its first day, against what then stands', () => {
    const present = agreement({ validity: { from: '2026-01-01', to: '2026-12-31' } });
    const renewed = agreement({ validity: { from: '2027-01-01', to: '2027-12-31' } });
    const rehearsal = rehearsed(History.begun().inForce(present).drafted(renewed, 2));
    expect([rehearsal.day, rehearsal.standing]).toEqual(['2027-01-01', []]);
    expect(changesOf(rehearsal).map(({ changes }) => changes)).toEqual([['newly-disclosed']]);
  });

  it('is compared as if nobody had suspended the agreement', () => {
    const history = History.begun().inForce(agreement());
    const by = { issuer: asha.issuer, person: 'asha', agency: ANALYSTS };
    const type = eventType('uk.svd.hub.agreement-suspended.v1') as never;
    history.add({ type, data: { agreement: 'police-counts', reason: 'concern', by } });
    history.drafted(agreement({ grants: [grant({ place: 'lsoa' })] }), 2);
    expect(changesOf(rehearsed(history)).map(({ changes }) => changes)).toEqual([['more-finely']]);
  });

  it('shows a named publisher only where all that are named are shown', () => {
    const draft = surveillance([
      attendances({ place: 'lsoa' }),
      grant({ id: 'g2', types: [ATTENDANCE], fields: ['method'], place: 'district' }),
    ]);
    const rehearsal = rehearsed(History.begun().drafted(draft));
    const asked = (publishers: readonly (typeof POLICE)[]) =>
      rehearsal.compare(asha, request({ types: [ATTENDANCE], fields: ['method'], publishers })).then;
    expect([...asked([POLICE, HOSPITAL])].map(([one, { blockedBy }]) => [one, blockedBy?.rule])).toEqual([
      [POLICE, undefined],
      [HOSPITAL, 'anonymisation-test-too-coarse'],
    ]);
    expect(asked([POLICE, ANALYSTS]).size).toBe(0);
  });

  it('of an agreement that has ended, or that nobody drafted, is none', () => {
    const history = History.begun().inForce(agreement());
    expect(Rehearsal.of(history.compiled(), 'another', NOW)).toBeUndefined();
    const by = { issuer: asha.issuer, person: 'asha', agency: ANALYSTS };
    const type = eventType('uk.svd.hub.agreement-ended.v1') as never;
    history.add({ type, data: { agreement: 'police-counts', on: '2027-01-01', reason: 'other', by } } as never);
    expect(Rehearsal.of(history.compiled(), 'police-counts', on('2026-12-01'))).toBeUndefined();
  });

  it('carries the labels that its gateway adds', () => {
    const law = JSON.parse(new TextDecoder().decode(LAW_BYTES)) as { gateways: { id: string; adds: string[] }[] };
    for (const gateway of law.gateways) if (gateway.id === 'anonymous') gateway.adds = ['s17-only'];
    const bytes = new TextEncoder().encode(JSON.stringify(law));
    const history = History.begun().adopt(bytes, 'labelled').drafted(agreement());
    const [change] = changesOf(rehearsed(history));
    expect(change?.then.map(({ labels }) => labels)).toEqual([['s17-only']]);
    expect(change?.types).toEqual([INCIDENT]);
  });
});
