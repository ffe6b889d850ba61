import type { Request } from '#contracts';
import type { Instant } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import { admit } from './admit.ts';
import { candidatesFor } from './candidates.ts';
import { checkAgreement } from './check-agreement.ts';
import { decide } from './decide.ts';
import {
  agency,
  agreement,
  ANALYSTS,
  asha,
  ATTENDANCE,
  bytesOf,
  CHARITY,
  grant,
  History,
  HOSPITAL,
  INCIDENT,
  LAW_BYTES,
  mo,
  NOW,
  person,
  piotr,
  POLICE,
  policyWith,
  request,
  tested,
} from './testing/personas.ts';
import type { LawPack } from './law-pack.ts';
import type { CompiledPolicy } from './policy.ts';

const someone = { consented: true, limitedAccess: 'none' } as const;
const at = (time: string) => time as Instant;
const ask = (policy: CompiledPolicy, changes: Partial<Request> = {}, who = asha, when = NOW) => {
  const decision = decide(policy, who, request(changes), when);
  return decision.kind === 'permit' ? 'permit' : decision.rule;
};
const withGrant = (changes: Partial<Grant>, rest: Partial<Agreement> = {}) =>
  policyWith(agreement({ grants: [grant(changes)], ...rest }));

describe('a decision', () => {
  const policy = policyWith(agreement());

  it('permits what a grant fits whole, with one view that says so', () => {
    expect(decide(policy, asha, request(), NOW)).toEqual({
      kind: 'permit',
      views: [
        {
          agreement: { id: 'police-counts', version: 1, clauses: ['7.1'] },
          gateway: 'anonymous',
          publishers: new Set([POLICE]),
          types: new Set([INCIDENT]),
          fields: new Set(['category']),
          place: 'ward',
          time: 'month',
          threshold: 7,
          openness: 'protected',
          labels: new Set(),
        },
      ],
      obligations: [
        { obligation: 'destroy-by', agreement: 'police-counts', by: '2028-11-23' },
        { obligation: 'no-onward-sharing', agreement: 'police-counts' },
      ],
    });
  });

  const stranger = { ...asha, issuer: 'https://elsewhere.example' };
  const nobody = person('x', agency('no-such-agency'), 'analyst');
  const unwell = { types: [ATTENDANCE] };
  it.each<[string, Partial<Request>, typeof asha, string]>([
    ['no purpose', { purpose: undefined }, asha, 'purpose-missing'],
    ['an empty purpose', { purpose: '' }, asha, 'purpose-missing'],
    ['no purpose, before anything else', { purpose: undefined, ...unwell }, nobody, 'purpose-missing'],
    ['an agency that is not enrolled', {}, nobody, 'agency-not-enrolled'],
    ['an issuer that may not assert the agency', {}, stranger, 'agency-not-enrolled'],
    ['a role that is not held', {}, person('y', ANALYSTS, 'publisher'), 'role-not-held'],
    ['no role that would do', { roles: [] }, asha, 'role-not-held'],
    ['a role before an agreement', unwell, person('y', ANALYSTS, 'publisher'), 'role-not-held'],
    ['a type that no agreement covers', unwell, asha, 'no-agreement'],
    ['a type beside one that is covered', { types: [INCIDENT, ATTENDANCE] }, asha, 'no-agreement'],
    ['no type', { types: [] }, asha, 'no-agreement'],
    ['no publisher', { publishers: [] }, asha, 'no-agreement'],
    ['a publisher that no agreement covers', { publishers: [HOSPITAL] }, asha, 'no-agreement'],
    ['a publisher beside one that is covered', { publishers: [POLICE, HOSPITAL] }, asha, 'no-agreement'],
    ['an agency that is no party', {}, mo, 'not-a-party'],
    ['no party, whatever the purpose', { purpose: 'evaluation' }, mo, 'not-a-party'],
    ['another purpose', { purpose: 'evaluation' }, asha, 'purpose-not-granted'],
    ['a purpose of the agreement, not of the grant', { purpose: 'sv-strategy' }, asha, 'purpose-not-granted'],
    ['a purpose that is none', { purpose: 'immigration' }, asha, 'purpose-not-granted'],
    ['a party that is not the consumer', { roles: ['publisher'] }, piotr, 'purpose-not-granted'],
    ['another mode', { mode: 'record' }, asha, 'mode-not-granted'],
    ['a mode that is none', { mode: 'all' as Request['mode'] }, asha, 'mode-not-granted'],
    ['a field outside', { fields: ['category', 'weapon'] }, asha, 'field-not-granted'],
    ['a finer place', { place: 'lsoa' }, asha, 'place-too-fine'],
    ['a place that is none', { place: 'street' as Request['place'] }, asha, 'place-too-fine'],
    ['a time in the place of a place', { place: 'month' as Request['place'] }, asha, 'place-too-fine'],
    ['a place in the place of a time', { time: 'force' as Request['time'] }, asha, 'time-too-fine'],
    ['a time that is none', { time: 'day' as Request['time'] }, asha, 'time-too-fine'],
  ])('refuses %s', (_, changes, who, rule) => {
    expect(ask(policy, changes, who)).toBe(rule);
  });

  it('refuses a finer time and permits a coarser one', () => {
    const quarterly = withGrant({ time: 'quarter' });
    expect(ask(quarterly)).toBe('time-too-fine');
    expect(ask(quarterly, { time: 'year', place: 'force', fields: [] })).toBe('permit');
  });

  it('refuses a consumer whom a grant names although it is no party', () => {
    const asked = { roles: ['practitioner' as const] };
    expect(ask(withGrant({ consumer: CHARITY }), asked, mo)).toBe('not-a-party');
  });

  it('shows nothing of a publisher whom a grant names although it is no party', () => {
    expect(ask(withGrant({ publishers: [HOSPITAL] }))).toBe('capacity-not-served');
    expect(admit(withGrant({ publishers: [HOSPITAL] }), HOSPITAL, INCIDENT, NOW)).toMatchObject({ kind: 'refuse' });
  });

  it('says what is missing and repeats nothing that was sent', () => {
    expect(decide(policy, asha, request({ fields: ['weapon'] }), NOW)).toMatchObject({
      missing: ['field:weapon'],
      alternatives: ['anonymous', 'confidence-consent'],
      conceal: false,
    });
    expect(decide(policy, asha, request({ purpose: 'immigration' }), NOW)).toMatchObject({ missing: ['purpose'] });
  });

  it('holds on the days of validity in London, both inclusive', () => {
    const summer = policyWith(agreement({ validity: { from: '2026-06-01', to: '2026-08-31' }, review: '2026-08-31' }));
    expect(ask(summer, {}, asha, at('2026-05-31T22:59:59.999Z'))).toBe('no-agreement');
    expect(ask(summer, {}, asha, at('2026-05-31T23:00:00.000Z'))).toBe('permit');
    expect(ask(summer, {}, asha, at('2026-08-31T22:59:59.999Z'))).toBe('permit');
    expect(ask(summer, {}, asha, at('2026-08-31T23:00:00.000Z'))).toBe('no-agreement');
  });

  it('rests on an anonymisation test that is not overdue', () => {
    expect(ask(policy, {}, asha, at('2027-01-10T23:59:59.000Z'))).toBe('permit');
    expect(ask(policy, {}, asha, at('2027-01-11T00:00:00.000Z'))).toBe('anonymisation-test-expired');
    expect(ask(policy, {}, asha, at('2026-01-09T12:00:00.000Z'))).toBe('anonymisation-test-missing');
    // the gateway speaks before the grant
    expect(ask(policy, { mode: 'record' }, asha, at('2027-01-11T00:00:00.000Z'))).toBe('anonymisation-test-expired');
    const coarse = withGrant({ place: 'lsoa' }, { anonymisationTests: [tested(ANALYSTS, { place: 'district' })] });
    expect(ask(coarse)).toBe('anonymisation-test-too-coarse');
  });

  it('refuses what a gateway does not know or does not carry, even in force', () => {
    expect(ask(withGrant({ gateway: 'goodwill' }))).toBe('gateway-unknown');
    expect(ask(withGrant({ mode: 'subject' }), { mode: 'subject', subject: someone })).toBe('mode-not-available');
    const consented = agreement().grants[0]?.types[0]?.replace('incident', 'involvement') as unknown as typeof INCIDENT;
    expect(ask(withGrant({ types: [consented] }), { types: [consented] })).toBe('type-not-carried');
  });

  it('follows the dates of the gateway and the rules of the law adopted last', () => {
    const law = JSON.parse(new TextDecoder().decode(LAW_BYTES)) as LawPack;
    const [anonymous] = law.gateways;
    const under = (changes: object) => {
      const pack = bytesOf({ ...law, version: 'x', gateways: [{ ...anonymous, ...changes }] });
      return ask(History.begun().inForce(agreement()).adopt(pack, 'x').compiled());
    };
    const [rule] = anonymous?.requires ?? [];
    expect(under({})).toBe('permit');
    expect(under({ inForceFrom: null })).toBe('gateway-not-in-force');
    expect(under({ inForceFrom: '2026-11-24' })).toBe('gateway-not-in-force');
    expect(under({ inForceTo: '2026-11-22' })).toBe('gateway-not-in-force');
    expect(under({ inForceFrom: '2026-11-23', inForceTo: '2026-11-23' })).toBe('permit');
    expect(under({ from: ['health-provider'] })).toBe('capacity-not-served');
    expect(under({ to: ['host'] })).toBe('capacity-not-served');
    expect(under({ requires: [{ ...rule, rule: 'necessity-note' }] })).toBe('gateway-rule-unknown');
  });

  it('lapses with the capacity of either side', () => {
    const lapsed = (who: typeof POLICE) => {
      const history = History.begun().inForce(agreement());
      const enrolled = history.facts.find((fact) => (fact.data as { agency?: string }).agency === who) ?? raise();
      const data = enrolled.data as { capacities: readonly object[] };
      const ended = data.capacities.map((held) => ({ ...held, to: '2026-11-22' }));
      history.facts.push({ ...enrolled, data: { ...data, capacities: ended } });
      return history.compiled();
    };
    expect(ask(lapsed(POLICE))).toBe('capacity-not-held');
    expect(ask(lapsed(ANALYSTS))).toBe('capacity-not-held');
    expect(admit(lapsed(POLICE), POLICE, INCIDENT, NOW)).toEqual({ kind: 'refuse', rule: 'agreement-required' });
  });

  it('makes one view of the grants of one agreement that show alike, with what they have in common', () => {
    const both = agreement({
      parties: [...agreement().parties, { agency: HOSPITAL, capacity: 'health-provider' }],
      grants: [
        grant({ id: 'g2', publishers: [HOSPITAL], place: 'district', fields: ['category', 'weapon'] }),
        grant({ id: 'g1' }),
        grant({ id: 'g3', time: 'year' }),
      ],
    });
    expect(decide(policyWith(both), asha, request(), NOW)).toMatchObject({
      views: [
        {
          agreement: { clauses: ['7.1', '7.2'] },
          publishers: new Set([POLICE, HOSPITAL]),
          fields: new Set(['category']),
          place: 'district',
          openness: 'protected',
        },
      ],
    });
  });

  it('rests a publisher on the grant that guards its rows least, and carries the licence of an open one', () => {
    const open = grant({ id: 'g2', openness: 'open', licence: 'OGL v3.0', address: 'https://data.police.uk' });
    const views = [
      {
        agreement: { id: 'open-counts', clauses: [expect.stringMatching(/^7\.[12]$/)] },
        publishers: new Set([POLICE]),
        openness: 'open',
        licence: 'OGL v3.0',
        address: 'https://data.police.uk',
      },
    ];
    const apart = policyWith(agreement(), agreement({ id: 'open-counts', grants: [open] }));
    const within = policyWith(agreement({ id: 'open-counts', grants: [grant({ id: 'g1', threshold: 12 }), open] }));
    for (const policy of [apart, within]) {
      const decision = decide(policy, asha, request({ publishers: [POLICE] }), NOW);
      expect(decision).toMatchObject({ views });
      expect(decision).toHaveProperty('obligations.2', { obligation: 'cite-licence', agreement: 'open-counts' });
      expect(decision).toHaveProperty('views.length', 1);
    }
  });

  it('keeps nothing in memory of a purpose that nobody granted', () => {
    const policy = policyWith(agreement());
    const use = (purpose: string) =>
      candidatesFor(policy, NOW.slice(0, 10), { consumer: ANALYSTS, purpose, type: INCIDENT });
    expect(use('made-up')).toBe(use('made-up-anew'));
    expect(use('sv-needs-assessment').all).toHaveLength(1);
  });

  it('keeps what it has prepared for the day while drafts are held against other days', () => {
    const text = agreement({ grants: [grant({ gateway: 'pcsc-16' })] });
    const policy = policyWith(agreement());
    const use = { consumer: ANALYSTS, purpose: 'sv-needs-assessment', type: INCIDENT };
    const prepared = candidatesFor(policy, NOW.slice(0, 10), use);
    expect(checkAgreement(text, policy)).not.toEqual([]);
    expect(candidatesFor(policy, NOW.slice(0, 10), use)).toBe(prepared);
  });

  it('refuses before anything is enrolled, adopted or agreed', () => {
    expect(ask(new History().compiled())).toBe('agency-not-enrolled');
    expect(ask(History.begun().compiled())).toBe('no-agreement');
    const lawless = History.begun().inForce(agreement());
    lawless.facts.splice(
      lawless.facts.findIndex((fact) => fact.type.includes('pack-adopted')),
      1,
    );
    expect(ask(lawless.compiled())).toBe('gateway-unknown');
  });
});

describe('admission', () => {
  const policy = policyWith(agreement());
  it.each([
    [POLICE, INCIDENT, 'admit'],
    [POLICE, ATTENDANCE, 'agreement-required'],
    [HOSPITAL, ATTENDANCE, 'agreement-required'],
    [ANALYSTS, INCIDENT, 'agreement-required'],
    [CHARITY, INCIDENT, 'agreement-required'],
    [agency('no-such-agency'), INCIDENT, 'agency-not-enrolled'],
  ])('%s publishing %s: %s', (who, type, expected) => {
    const admission = admit(policy, who, type, NOW);
    expect(admission.kind === 'admit' ? 'admit' : admission.rule).toBe(expected);
  });

  it('ends with the agreement', () => {
    expect(admit(policy, POLICE, INCIDENT, at('2028-01-01T00:00:00.000Z'))).toMatchObject({ kind: 'refuse' });
    expect(admit(policy, POLICE, INCIDENT, at('2025-12-31T23:59:59.000Z'))).toMatchObject({ kind: 'refuse' });
  });
});

function raise(): never {
  throw new Error('the personas have it');
}
