import { hubFactType, type DutyRequest } from '#contracts';
import { eventType, type Instant } from '#kernel';
import type { Grant } from './agreement.ts';
import { checkAgreement } from './check-agreement.ts';
import { decide } from './decide.ts';
import {
  agency,
  agreement,
  enrolled,
  grant,
  History,
  INCIDENT,
  ISSUER,
  NOW,
  person,
  POLICE,
  request,
} from './testing/personas.ts';

const COMMISSIONER = agency('county-commissioner');
const COUNCIL = agency('county-council');
const MONITORING = 's17-monitoring';
const REQUEST = '0123456789abcdef0123456789abcdef';
const monitor = person('monitor', COMMISSIONER, 'analyst');

const made = (
  changes: Partial<Pick<DutyRequest, 'under' | 'to' | 'types' | 'fields' | 'period' | 'asked'>> = {},
  by = COMMISSIONER,
) =>
  ({
    type: hubFactType('uk.svd.hub.duty-request-made.v1'),
    data: {
      request: REQUEST,
      under: 's17',
      by: { issuer: ISSUER, person: 'steward', agency: by },
      to: POLICE,
      types: [INCIDENT],
      fields: ['category', 'weapon'],
      period: { from: '2026-01-01', to: '2026-09-30' },
      use: 'monitoring',
      asked: '2026-11-20',
      due: '2026-12-31',
      ...changes,
    },
  }) as const;

const text = (changes: Partial<Grant> = {}) =>
  agreement({
    parties: [
      { agency: POLICE, capacity: 'specified-authority' },
      { agency: COMMISSIONER, capacity: 'local-policing-body' },
      { agency: COUNCIL, capacity: 'local-authority' },
    ],
    purposes: [MONITORING, 'sv-strategy'],
    grants: [
      grant({ consumer: COMMISSIONER, gateway: 'pcsc-17', purposes: [MONITORING], dutyRequest: REQUEST, ...changes }),
    ],
  });
const begun = () =>
  History.begun().add(enrolled(COMMISSIONER, 'local-policing-body'), enrolled(COUNCIL, 'local-authority'));
const asked = request({ purpose: MONITORING });
const told = (history: History, at: Instant = NOW) => {
  const decision = decide(history.inForce(text()).compiled(), monitor, asked, at);
  return decision.kind === 'permit' ? 'permit' : decision.rule;
};

describe('what a policing body is shown under s.17', () => {
  it('rests on its own dated request to this publisher, for these types and fields', () => {
    expect(told(begun().add(made()))).toBe('permit');
    expect(told(begun())).toBe('dated-request-missing');
    expect(told(begun().add(made({ under: 's15' })))).toBe('dated-request-missing');
    expect(told(begun().add(made({ to: COUNCIL })))).toBe('dated-request-missing');
    expect(told(begun().add(made({}, COUNCIL)))).toBe('dated-request-missing');
    expect(told(begun().add(made({ fields: ['weapon'] })))).toBe('dated-request-missing');
    expect(told(begun().add(made({ types: [eventType('uk.svd.police.incident-profiled.v1')] })))).toBe(
      'dated-request-missing',
    );
    expect(told(begun().add(made({ asked: '2026-11-24' })))).toBe('dated-request-missing');
  });

  it('reaches back no further than what was requested', () => {
    const history = begun()
      .add(made({ period: { from: '2026-04-01', to: '2026-09-30' } }))
      .inForce(text());
    const said = (oldest: string) => {
      const decision = decide(history.compiled(), monitor, { ...asked, oldest }, NOW);
      return decision.kind === 'permit' ? 'permit' : [decision.rule, decision.section, ...decision.missing];
    };
    const refused = ['dated-request-missing', expect.stringContaining('s.17'), 'duty-request'];
    expect(said('2026-04-01')).toBe('permit');
    expect(said('2026-03-31')).toEqual(refused);
    expect(said('any')).toEqual(refused);
  });

  it('ends when the request is withdrawn or refused, and stands once it is answered', () => {
    const by = { issuer: ISSUER, person: 'steward', agency: COMMISSIONER };
    const withdrawn = {
      type: hubFactType('uk.svd.hub.duty-request-withdrawn.v1'),
      data: { request: REQUEST, by },
    } as const;
    expect(told(begun().add(made(), withdrawn))).toBe('dated-request-missing');
    const refused = {
      type: hubFactType('uk.svd.hub.duty-request-refused.v1'),
      data: { request: REQUEST, reasons: ['barred-by-s16-4'], by: { ...by, agency: POLICE } },
    } as const;
    expect(told(begun().add(made(), refused))).toBe('dated-request-missing');
    const answered = {
      type: hubFactType('uk.svd.hub.duty-request-answered.v1'),
      data: { request: REQUEST, how: 'under-agreement', by: { ...by, agency: POLICE } },
    } as const;
    expect(told(begun().add(made(), answered))).toBe('permit');
  });

  it('is refused with the powers that are left: not the one that refused, whatever else the two parties are', () => {
    const also = { ...enrolled(COMMISSIONER, 'local-policing-body') };
    const capacities = [
      { capacity: 'host' as const, from: '2023-01-31' },
      { capacity: 'voluntary-sector' as const, from: '2023-01-31', to: '2024-01-31' },
      ...also.data.capacities,
    ];
    const history = begun().add({ ...also, data: { ...also.data, capacities } });
    const decision = decide(history.inForce(text()).compiled(), monitor, asked, NOW);
    expect(decision).toMatchObject({
      rule: 'dated-request-missing',
      alternatives: ['anonymous', 'confidence-consent', 'pcsc-16'],
    });
    const finer = decide(history.add(made()).compiled(), monitor, { ...asked, place: 'lsoa' }, NOW);
    expect(finer).toMatchObject({
      rule: 'place-too-fine',
      alternatives: ['anonymous', 'confidence-consent', 'pcsc-16', 'pcsc-17'],
    });
  });

  it('waits for the basis under data protection law, as under s.16', () => {
    const bare = text();
    const without = { ...bare, lawful: { ...bare.lawful, article6: '' } };
    const decision = decide(begun().add(made()).inForce(without).compiled(), monitor, asked, NOW);
    expect(decision).toMatchObject({ kind: 'refuse', rule: 'data-protection-basis-missing' });
  });

  it('is labelled for monitoring only, however coarse the counts, and owes that', () => {
    const decision = decide(begun().add(made()).inForce(text()).compiled(), monitor, asked, NOW);
    if (decision.kind === 'refuse') throw new Error(decision.rule);
    expect(decision.views[0].labels).toEqual(new Set(['s17-only']));
    expect(decision.obligations).toContainEqual({ obligation: 'use-for-monitoring-only', agreement: 'police-counts' });
  });

  it('is put to no other use, by a draft that can be signed', () => {
    const policy = begun().add(made()).compiled();
    expect(checkAgreement(text(), policy)).toEqual([]);
    expect(checkAgreement(text({ purposes: ['sv-strategy'] }), policy)).toMatchObject([
      {
        rule: 'purpose-not-a-function',
        section: expect.stringContaining('s.17') as string,
        field: 'grants.0.purposes.0',
        alternatives: ['anonymous', 'confidence-consent', 'pcsc-16'],
      },
    ]);
    expect(checkAgreement(text(), begun().compiled())).toMatchObject([{ rule: 'dated-request-missing' }]);
  });
});
