import fc from 'fast-check';
import {
  CAPACITIES,
  eventDefinition,
  EVENT_TYPES,
  labelsOf,
  PURPOSES,
  typeLabelsOf,
  type Capacity,
  type Decision,
  type Mode,
} from '#contracts';
import { eventType, type EventType } from '#kernel';
import type { Condition } from './agreement.ts';
import { decide } from './decide.ts';
import { resultOf } from './law-cases.ts';
import { readLawPack, type LawCase, type LawPack } from './law-pack.ts';
import {
  agency,
  agreement,
  ANALYSTS,
  bytesOf,
  enrolled,
  grant,
  History,
  INCIDENT,
  LAW_BYTES,
  NOW,
  person,
  POLICE,
  policyWith,
  request,
} from './testing/personas.ts';

const read = readLawPack(LAW_BYTES);
if (!read.ok) throw new Error(read.field);
const { law } = read;

/** law.md, written down once more and apart from the pack: who is listed for s.16. */
const LISTED: readonly Capacity[] = [
  'specified-authority',
  'chief-officer-of-police',
  'probation-provider',
  'youth-offending-team',
  'integrated-care-board',
  'fire-and-rescue-authority',
  'local-authority',
  'local-policing-body',
  'educational-authority',
  'prison-authority',
  'youth-custody-authority',
];
/** events.md: probation and police; a mentor none. */
const SHOWN_OFFENCES: readonly Capacity[] = ['probation-provider', 'chief-officer-of-police'];
/** What events.md keeps from this recipient; a case of the pack admits no label by name. */
const kept = ({ mode, fields, to }: LawCase): boolean =>
  mode === 'subject' &&
  (fields.includes('domestic') || (fields.includes('offenceGroup') && !SHOWN_OFFENCES.includes(to)));
const HEALTH: readonly Capacity[] = ['integrated-care-board', 'health-provider'];

const fieldsOf = (type: EventType): readonly string[] => [...(eventDefinition(type)?.fields.keys() ?? [])];
const cases: fc.Arbitrary<LawCase> = fc
  .record({
    // half of the pairs are listed, so that both sides of each rule are met
    from: fc.oneof(fc.constantFrom(...CAPACITIES), fc.constantFrom(...LISTED)),
    to: fc.oneof(fc.constantFrom(...CAPACITIES), fc.constantFrom(...LISTED)),
    type: fc.constantFrom(...EVENT_TYPES),
    mode: fc.constantFrom<Mode>('count', 'record', 'subject'),
    purpose: fc.constantFrom(...PURPOSES, 'immigration', 'housing-allocation'),
    heldForFunctions: fc.boolean(),
    picks: fc.array(fc.nat(), { maxLength: 4 }),
  })
  .map(({ picks, ...one }) => {
    const names = fieldsOf(one.type);
    const fields = [...new Set(picks.map((pick) => names[pick % names.length] ?? ''))];
    return { text: '', gateway: 'pcsc-16', section: '', result: '', fields, ...one };
  });

/** Of the fields, of the type, and of where and when, which every answer says. */
const labelled = ({ type, fields }: LawCase): ReadonlySet<string> => {
  const { place = [], time = [] } = eventDefinition(type) ?? {};
  const said = [...fields, ...place.slice(0, 1), ...time.slice(0, 1)];
  return new Set([...typeLabelsOf(type), ...said.flatMap((field) => [...labelsOf(type, field)])]);
};
/** An answer of this kind can be made of such events at all (`hub.md` §4). */
const shown = ({ type, mode }: LawCase): boolean => (eventDefinition(type)?.way === 'C') === (mode === 'subject');

describe('s.16', () => {
  it('permits what law.md permits, and nothing else, whoever discloses whatever to whomever', () => {
    const met = { permit: 0, refuse: 0, patient: 0, health: 0 };
    fc.assert(
      fc.property(cases, (one) => {
        const personal = one.mode === 'subject';
        const patient = personal && labelled(one).has('patient');
        const health = personal && HEALTH.includes(one.from);
        const permitted =
          shown(one) &&
          !kept(one) &&
          LISTED.includes(one.from) &&
          LISTED.includes(one.to) &&
          ['sv-needs-assessment', 'sv-strategy', 'violence-reduction-pathway'].includes(one.purpose) &&
          one.heldForFunctions &&
          !patient &&
          !health;
        met[permitted ? 'permit' : 'refuse']++;
        if (patient) met.patient++;
        if (health) met.health++;
        expect(resultOf(law, one) === 'permit').toBe(permitted);
      }),
      { numRuns: 5_000, seed: 16 },
    );
    for (const count of Object.values(met)) expect(count).toBeGreaterThan(50);
  });
});

describe('a gateway', () => {
  const anyGateway = fc
    .tuple(cases, fc.constantFrom(...law.gateways.map(({ id }) => id)))
    .map(([one, gateway]) => ({ ...one, gateway }));

  it('carries no patient information under ss.16 and 17, and nothing standing where one case is all it carries', () => {
    fc.assert(
      fc.property(anyGateway, (one) => {
        if (resultOf(law, one) !== 'permit') return;
        expect(shown(one)).toBe(true);
        expect(['ca1989-47', 'ca2004-10-11', 'care2014-42-45', 'ca2004-16la', 'vital-interests']).not.toContain(
          one.gateway,
        );
        if (one.gateway.startsWith('pcsc-') && one.mode === 'subject') expect(labelled(one).has('patient')).toBe(false);
        if (one.gateway === 'anonymous') expect(labelled(one).size).toBe(0);
      }),
      { numRuns: 3_000 },
    );
  });

  it('permits less when it asks for more', () => {
    const asks = law.gateways.flatMap(({ requires }) => requires);
    fc.assert(
      fc.property(anyGateway, fc.constantFrom(...asks), (one, more) => {
        const stricter: LawPack = {
          ...law,
          gateways: law.gateways.map((each) =>
            each.id === one.gateway ? { ...each, requires: [...each.requires, more] } : each,
          ),
        };
        if (resultOf(stricter, one) === 'permit') expect(resultOf(law, one)).toBe('permit');
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses whatever rests on a rule or a label that nobody knows', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}-[a-z]{1,12}x$/);
    const [known] = law.gateways[0]?.requires ?? [];
    if (known === undefined) throw new Error('the pack has one');
    const under = (changes: object): Decision => {
      const gateways = law.gateways.map((one) => (one.id === 'anonymous' ? { ...one, ...changes } : one));
      const pack = bytesOf({ ...law, version: 'x', gateways });
      return decide(History.begun().inForce(agreement()).adopt(pack, 'x').compiled(), asker, request(), NOW);
    };
    expect(under({}).kind).toBe('permit');
    fc.assert(
      fc.property(word, (unknown) => {
        expect(under({ requires: [{ ...known, rule: unknown }] })).toMatchObject({ rule: 'gateway-rule-unknown' });
        expect(under({ requires: [{ ...known, labels: [unknown] }] })).toMatchObject({ rule: 'gateway-rule-unknown' });
        expect(under({ adds: [unknown] })).toMatchObject({ rule: 'label-unknown' });
        expect(under({ requires: [{ ...known, capacities: [unknown] }] })).toMatchObject({
          rule: 'gateway-rule-unknown',
        });
      }),
      { numRuns: 25 },
    );
  });

  it('refuses where the rule of the opt-out is about a label that nobody knows, or about none', () => {
    const under = (labels: readonly string[]): Decision => {
      const rules = law.rules.map((one) => (one.id === 'national-data-opt-out' ? { ...one, labels } : one));
      const pack = bytesOf({ ...law, version: 'x', rules });
      return decide(History.begun().inForce(agreement()).adopt(pack, 'x').compiled(), asker, request(), NOW);
    };
    expect(under(['patient']).kind).toBe('permit');
    for (const labels of [[], ['pateint']]) expect(under(labels)).toMatchObject({ rule: 'label-unknown' });
  });

  it('bars nothing by a rule that does not say what: it refuses', () => {
    const gateway = law.gateways.find(({ id }) => id === 'pcsc-16');
    const rules = ['bars-labels', 'bars-labels-from', 'anonymisation-test-of-records'];
    const emptied = rules.flatMap((rule) => {
      const { labels, capacities, ...rest } = gateway?.requires.find((one) => one.rule === rule) ?? {};
      const without = [...(labels ? [{ ...rest, capacities }] : []), ...(capacities ? [{ ...rest, labels }] : [])];
      return without.map((one) => JSON.parse(JSON.stringify({ ...gateway, requires: [one] })) as never);
    });
    expect(emptied).toHaveLength(5);
    for (const gateway of emptied) {
      const [one] = law.cases.filter(({ gateway, mode }) => gateway === 'pcsc-16' && mode === 'count');
      expect(resultOf({ ...law, gateways: [gateway] }, one as LawCase)).toBe('gateway-rule-unknown');
    }
  });
});

const asker = person('asker', ANALYSTS, 'analyst');
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom<Condition>(
    { condition: 'maximum-age', value: 'P1Y' },
    { condition: 'maximum-age', value: 'P3M' },
    { condition: 'not-before', value: '2026-06-01' },
    { condition: 'not-before', value: '2026-12-01' },
    { condition: 'not-after', value: '2026-12-31' },
    { condition: 'not-after', value: '2026-01-31' },
    { condition: 'role', value: 'analyst' },
    { condition: 'role', value: 'supervisor' },
    { condition: 'justification' },
    { condition: 'case-reference' },
  ),
  fc.record({ condition: fc.stringMatching(/^[a-z]{3,12}$/), value: fc.constantFrom('P1Y', 'analyst') }),
);
const asked = fc
  .record({
    oldest: fc.constantFrom('any', '2020-01-01', '2026-01-01', '2026-11-01'),
    justification: fc.boolean(),
    caseReference: fc.boolean(),
  })
  .map((changes) => request(changes));

describe('a condition', () => {
  const grants = fc.array(fc.array(conditions, { maxLength: 2 }), { minLength: 1, maxLength: 3 });
  const policyOf = (lists: readonly (readonly Condition[])[]) =>
    policyWith(agreement({ grants: lists.map((list, i) => grant({ id: `g${i}`, conditions: list })) }));

  it('more never widens, in whichever grant it stands', () => {
    let narrowed = 0;
    fc.assert(
      fc.property(grants, conditions, fc.nat(), asked, (lists, more, at, question) => {
        const before = decide(policyOf(lists), asker, question, NOW);
        const stricter = lists.map((list, i) => (i === at % lists.length ? [...list, more] : list));
        const after = decide(policyOf(stricter), asker, question, NOW);
        if (before.kind === 'refuse') expect(after.kind).toBe('refuse');
        else if (after.kind === 'refuse') narrowed++;
      }),
      { numRuns: 300 },
    );
    expect(narrowed).toBeGreaterThan(0);
  });

  it('that nobody knows, or whose value has another form, refuses', () => {
    const unknown = fc
      .record({ condition: fc.stringMatching(/^[a-z]{3,12}$/), value: fc.stringMatching(/^[A-Za-z0-9-]{1,10}$/) })
      .filter(({ condition }) => condition !== 'role');
    fc.assert(
      fc.property(unknown, (one) => {
        const decision = decide(policyOf([[one]]), asker, request(), NOW);
        expect(decision).toMatchObject({ kind: 'refuse', rule: 'condition-unknown' });
      }),
      { numRuns: 100 },
    );
    const misshapen: readonly Condition[] = [
      { condition: 'maximum-age', value: 'P1W' },
      { condition: 'maximum-age' },
      { condition: 'not-before', value: 'soon' },
      { condition: 'role', value: 'anyone' },
      { condition: 'justification', value: 'none' },
    ];
    for (const one of misshapen)
      expect(decide(policyOf([[one]]), asker, request(), NOW)).toMatchObject({ rule: 'condition-unknown' });
  });
});

describe('what an answer is labelled with', () => {
  const COUNCIL = agency('county-council');
  const INVOLVED = eventType('uk.svd.police.involvement-recorded.v1');
  const worker = person('worker', COUNCIL, 'practitioner');
  const policyOf = (fields: readonly string[]) =>
    History.begun()
      .add(enrolled(COUNCIL, 'local-authority'))
      .inForce(
        agreement({
          parties: [
            { agency: POLICE, capacity: 'specified-authority' },
            { agency: COUNCIL, capacity: 'local-authority' },
          ],
          grants: [
            grant({
              consumer: COUNCIL,
              types: [INVOLVED],
              mode: 'subject',
              gateway: 'pcsc-16',
              fields,
              heldForFunctions: true,
              admits: ['da'],
            }),
          ],
        }),
      )
      .compiled();
  const about = request({
    roles: ['practitioner'],
    mode: 'subject',
    types: [INVOLVED],
    fields: [],
    subject: { consented: false, limitedAccess: 'none' },
  });

  it('is all that its types and fields carry', () => {
    const free = fieldsOf(INVOLVED).filter((field) => !labelsOf(INVOLVED, field).has('patient'));
    fc.assert(
      fc.property(fc.subarray(free), (fields) => {
        const decision = decide(policyOf(fields), worker, about, NOW);
        if (decision.kind === 'refuse') throw new Error(decision.rule);
        const carried = new Set([
          ...typeLabelsOf(INVOLVED),
          ...fields.flatMap((field) => [...labelsOf(INVOLVED, field)]),
        ]);
        expect(carried.has('personal')).toBe(true);
        expect(decision.views[0].labels).toEqual(carried);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses all of a grant that one field makes patient information', () => {
    const patient = fieldsOf(INVOLVED).filter((field) => labelsOf(INVOLVED, field).has('patient'));
    expect(patient).toContain('injury');
    for (const field of patient)
      expect(decide(policyOf(['category', field]), worker, about, NOW)).toMatchObject({
        kind: 'refuse',
        rule: 'patient-information-barred',
        section: expect.stringContaining('16(4)(a)') as string,
        alternatives: expect.arrayContaining(['anonymous', 'confidence-consent']) as string[],
      });
  });

  it('is nothing for anonymised events, exact or rounded', () => {
    fc.assert(
      fc.property(fc.subarray([...fieldsOf(INCIDENT)]), fc.constantFrom('protected', 'open'), (fields, openness) => {
        const named = openness === 'open' ? { openness, licence: 'OGL', address: 'https://a.example' } : { openness };
        const policy = policyWith(agreement({ grants: [grant({ fields, ...named })] }));
        const decision = decide(policy, asker, request({ fields: [] }), NOW);
        if (decision.kind === 'refuse') throw new Error(decision.rule);
        expect(decision.views[0].labels).toEqual(new Set());
      }),
      { numRuns: 50 },
    );
  });
});
