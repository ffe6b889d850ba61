import { type AskedSubject, type Capacity, type Request } from '#contracts';
import { eventType } from '#kernel';
import type { Grant } from './agreement.ts';
import { checkAgreement } from './check-agreement.ts';
import { decide } from './decide.ts';
import {
  agency,
  agreement,
  CHARITY,
  enrolled,
  grant,
  History,
  mo,
  NOW,
  person,
  POLICE,
  request,
} from './testing/personas.ts';

const INVOLVED = eventType('uk.svd.police.involvement-recorded.v1');
const COUNCIL = agency('county-council');
const worker = person('worker', COUNCIL, 'practitioner');

const people = (changes: Partial<Grant>) =>
  grant({ types: [INVOLVED], mode: 'subject', purposes: ['violence-reduction-pathway'], ...changes });
/** The charity under consent, the council under s.16. */
const policy = History.begun()
  .add(enrolled(COUNCIL, 'local-authority'))
  .inForce(
    agreement({
      parties: [
        { agency: POLICE, capacity: 'specified-authority' },
        { agency: CHARITY, capacity: 'voluntary-sector' },
        { agency: COUNCIL, capacity: 'local-authority' },
      ],
      purposes: ['violence-reduction-pathway'],
      grants: [
        people({ consumer: CHARITY, gateway: 'confidence-consent' }),
        people({
          id: 'g2',
          consumer: COUNCIL,
          gateway: 'pcsc-16',
          heldForFunctions: true,
          conditions: [{ condition: 'justification' }, { condition: 'case-reference' }],
        }),
      ],
    }),
  )
  .compiled();

const about = (subject: Partial<AskedSubject> | 'none', changes: Partial<Request> = {}) =>
  request({
    roles: ['practitioner'],
    mode: 'subject',
    purpose: 'violence-reduction-pathway',
    types: [INVOLVED],
    subject: subject === 'none' ? 'none' : { consented: false, limitedAccess: 'none', ...subject },
    ...changes,
  });
const told = (who: typeof mo, asked: Request) => {
  const decision = decide(policy, who, asked, NOW);
  return decision.kind === 'permit' ? 'permit' : `${decision.rule}${decision.conceal ? ', concealed' : ''}`;
};

describe('a field that the registry keeps', () => {
  const gaps = (changes: Partial<Grant>, to: Capacity, types = [INVOLVED]) =>
    checkAgreement(
      agreement({
        parties: [
          { agency: POLICE, capacity: 'prison-authority' },
          { agency: COUNCIL, capacity: to },
        ],
        purposes: ['violence-reduction-pathway'],
        lawful: { ...agreement().lawful, schedule1: 'Paragraph 10', equalityAssessment: 'EA-1' },
        grants: [people({ consumer: COUNCIL, gateway: 'pcsc-16', heldForFunctions: true, types, ...changes })],
      }),
      policy,
    ).map(({ rule, field }) => `${rule} ${field}`);
  const RELEASE = eventType('uk.svd.prison.release-planned.v1');

  it('for some recipients is shown to them alone (events.md: the offence to probation and police)', () => {
    const offence = { fields: ['releaseType', 'offenceGroup'] };
    expect(gaps(offence, 'probation-provider', [RELEASE])).toEqual([]);
    expect(gaps(offence, 'chief-officer-of-police', [RELEASE])).toEqual([]);
    expect(gaps(offence, 'local-authority', [RELEASE])).toEqual(['field-not-for-recipient grants.0.fields.1']);
  });

  it('for grants that admit its label by name is shown by no other (events.md: domestic)', () => {
    expect(gaps({ fields: ['domestic'] }, 'local-authority')).toEqual(['field-not-admitted grants.0.fields.0']);
    expect(gaps({ fields: ['domestic'], admits: ['sexual'] }, 'local-authority')).toHaveLength(1);
    expect(gaps({ fields: ['domestic'], admits: ['da'] }, 'local-authority')).toEqual([]);
  });
});

describe('a question about a subject', () => {
  it('is answered under a live consent, and told to nobody whether there is anyone without one', () => {
    expect(told(mo, about({ consented: true }))).toBe('permit');
    expect(told(mo, about({ consented: false }))).toBe('consent-missing, concealed');
  });

  it('says of whom it is, and no other question does', () => {
    expect(told(mo, about('none'))).toBe('subject-unnamed');
    expect(told(mo, request({ subject: { consented: true, limitedAccess: 'none' } }))).toMatch(/^(role|subject)/);
  });

  it('tells that access is limited to those alone who would be shown the case (R17)', () => {
    expect(told(mo, about({ consented: true, limitedAccess: 'listed' }))).toBe('permit');
    expect(told(mo, about({ consented: true, limitedAccess: 'not-listed' }))).toBe('limited-access');
    expect(told(mo, about({ consented: false, limitedAccess: 'not-listed' }))).toBe('consent-missing, concealed');
  });

  it('tells whoever is granted no subject at all the same of each, limited or not', () => {
    const stranger = person('x', POLICE, 'practitioner');
    for (const subject of [{ consented: true }, { consented: false }, { limitedAccess: 'not-listed' } as const])
      expect(told(stranger, about(subject))).toBe('purpose-not-granted');
  });

  it('tells one whom the grant’s own terms refuse the same of each, consenting or not', () => {
    const role = [{ condition: 'role', value: 'supervisor' }];
    const text = agreement({
      parties: [
        { agency: POLICE, capacity: 'specified-authority' },
        { agency: CHARITY, capacity: 'voluntary-sector' },
      ],
      purposes: ['violence-reduction-pathway'],
      grants: [people({ consumer: CHARITY, gateway: 'confidence-consent', conditions: role })],
    });
    const narrow = History.begun().inForce(text).compiled();
    for (const consented of [true, false]) {
      expect(decide(narrow, mo, about({ consented }), NOW)).toMatchObject({ rule: 'role-not-granted', conceal: false });
      expect(told(mo, about({ consented }, { fields: ['weapon'] }))).toBe('field-not-granted');
    }
  });

  it('conceals a missing consent where another clause is in the way as well', () => {
    const role = [{ condition: 'role', value: 'supervisor' }];
    const text = agreement({
      parties: [
        { agency: POLICE, capacity: 'specified-authority' },
        { agency: CHARITY, capacity: 'voluntary-sector' },
      ],
      purposes: ['violence-reduction-pathway'],
      grants: [
        people({ consumer: CHARITY, gateway: 'confidence-consent', conditions: role }),
        people({ id: 'g2', consumer: CHARITY, gateway: 'confidence-consent' }),
      ],
    });
    const both = History.begun().inForce(text).compiled();
    expect(decide(both, mo, about({ consented: true }), NOW).kind).toBe('permit');
    expect(decide(both, mo, about({ consented: false }), NOW)).toMatchObject({
      rule: 'consent-missing',
      conceal: true,
    });
  });

  it('carries a justification and a case where the grant asks for both (R14)', () => {
    const both = { justification: true, caseReference: true };
    expect(told(worker, about({}, both))).toBe('permit');
    expect(told(worker, about({}, { ...both, justification: false }))).toBe('justification-missing');
    expect(told(worker, about({}, { ...both, caseReference: false }))).toBe('case-reference-missing');
  });

  it('owes what the agreement asks, and says what law attaches to the answer', () => {
    const decision = decide(policy, mo, about({ consented: true }), NOW);
    if (decision.kind === 'refuse') throw new Error(decision.rule);
    expect(decision.obligations.map(({ obligation }) => obligation)).toEqual(['destroy-by', 'no-onward-sharing']);
    expect(decision.views[0].labels.has('personal')).toBe(true);
  });
});
