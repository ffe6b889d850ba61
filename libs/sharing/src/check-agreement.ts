import { eventDefinition, type LegalLabel } from '#contracts';
import type { AgencyId } from '#kernel';
import type { Agreement, Grant, Handling } from './agreement.ts';
import { alternativesTo } from './alternatives.ts';
import { addMonths } from './calendar.ts';
import { heldBy } from './candidates.ts';
import { isKnownCondition } from './conditions.ts';
import { gatewayObstacles } from './gateway-rules.ts';
import { admits, holdsLabels } from './grant-labels.ts';
import type { CompiledPolicy } from './policy.ts';

/** One thing that still stands between a draft and force. */
export interface Gap {
  readonly rule: string;
  /** Where law asks for it. */
  readonly section?: string;
  /** A path of the document, never a value. */
  readonly field: string;
  /** Where a gateway refuses: lawful ways that are left, best first. */
  readonly alternatives?: readonly string[];
}

/**
 * What stands between the draft and force under this policy (law.md, The operator and Gateways); empty when nothing
 * does. Each grant is held against its gateway on the first day and on the last. Whether the drafter may draft, and
 * the day, are for those who draft and sign it.
 */
export function checkAgreement(agreement: Agreement, policy: CompiledPolicy): readonly Gap[] {
  const gaps = [
    ...dayGaps(agreement),
    ...partyGaps(agreement),
    ...lawfulGaps(agreement),
    ...healthGaps(agreement),
    ...(agreement.grants.length === 0 ? [{ rule: 'grants-missing', field: 'grants' }] : []),
    ...agreement.grants.flatMap((grant, i) => [
      ...grantGaps(agreement, grant, `grants.${i}`),
      ...gatewayGaps(agreement, grant, policy, `grants.${i}`),
    ]),
  ];
  const told = new Set<string>();
  return gaps.filter(({ rule, field }) => !told.has(`${rule} ${field}`) && told.add(`${rule} ${field}`));
}

function dayGaps({ validity, review }: Agreement): readonly Gap[] {
  const gaps: Gap[] = [];
  if (validity.from > validity.to) gaps.push({ rule: 'validity-reversed', field: 'validity.to' });
  if (review <= validity.from || review > validity.to) gaps.push({ rule: 'review-outside-validity', field: 'review' });
  return gaps;
}

function partyGaps({ parties, validity, jointControllers, contacts, returns }: Agreement): readonly Gap[] {
  const gaps: Gap[] = [];
  const strangers = (rule: string, list: string, agencies: readonly AgencyId[]): void => {
    for (const [i, agency] of agencies.entries())
      if (!parties.some((party) => party.agency === agency)) gaps.push({ rule, field: `${list}.${i}` });
  };
  for (const [i, { from = validity.from, to = validity.to }] of parties.entries())
    if (from > to || from < validity.from || to > validity.to)
      gaps.push({ rule: 'party-outside-validity', field: `parties.${i}` });
  strangers('controller-not-a-party', 'jointControllers', jointControllers);
  strangers(
    'contact-not-a-party',
    'contacts',
    contacts.map(({ agency }) => agency),
  );
  strangers(
    'publisher-not-a-party',
    'returns',
    returns.map(({ publisher }) => publisher),
  );
  if (contacts.length === 0) gaps.push({ rule: 'contact-missing', field: 'contacts' });
  return gaps;
}

const LAWFUL_RULES = { dpia: 'dpia', dpoAdvice: 'dpo-advice', article6: 'article-6', privacyNotice: 'privacy-notice' };
const HANDLING: readonly (keyof Handling)[] = [
  'rights',
  'accuracy',
  'deletion',
  'security',
  'breach',
  'training',
  'termination',
];
/** Labels that make the processing that of special categories, or of offences, even where its outcome is anonymous. */
const ARTICLE_9: readonly LegalLabel[] = ['patient', 'special-category'];
const SCHEDULE_1: readonly LegalLabel[] = ['criminal-offence'];

function lawfulGaps({ lawful, handling, grants, anonymisationTests }: Agreement): readonly Gap[] {
  const gaps: Gap[] = [];
  for (const name of ['dpia', 'dpoAdvice', 'article6', 'privacyNotice'] as const)
    if (lawful[name].trim() === '') gaps.push({ rule: `${LAWFUL_RULES[name]}-missing`, field: `lawful.${name}` });
  const ICO = 'ICO data sharing code of practice';
  for (const name of HANDLING)
    if (handling[name].trim() === '') gaps.push({ rule: 'handling-missing', section: ICO, field: `handling.${name}` });
  const processes = (labels: readonly LegalLabel[]) => grants.some((grant) => holdsLabels(grant, labels));
  if (lawful.article9 === undefined && processes(ARTICLE_9))
    gaps.push({ rule: 'article-9-missing', section: 'UK GDPR Article 9(2)', field: 'lawful.article9' });
  if (lawful.schedule1 === undefined && processes(SCHEDULE_1))
    gaps.push({ rule: 'schedule-1-missing', section: 'DPA 2018 Schedule 1', field: 'lawful.schedule1' });
  if (lawful.equalityAssessment === undefined && grants.some(({ mode }) => mode === 'subject'))
    gaps.push({
      rule: 'equality-assessment-missing',
      section: 'Equality Act 2010 s.149',
      field: 'lawful.equalityAssessment',
    });
  for (const [i, { date, review }] of anonymisationTests.entries())
    if (review < date || review > addMonths(date, 12))
      gaps.push({ rule: 'anonymisation-test-review-too-late', field: `anonymisationTests.${i}.review` });
  return gaps;
}

function healthGaps({ grants, caldicott }: Agreement): readonly Gap[] {
  const health = grants.some((grant) => grant.types.some((type) => type.startsWith('uk.svd.health.')));
  return health && caldicott === undefined
    ? [{ rule: 'caldicott-sign-off-missing', section: 'Caldicott principles', field: 'caldicott' }]
    : [];
}

function grantGaps({ parties, purposes }: Agreement, grant: Grant, at: string): readonly Gap[] {
  const gaps: Gap[] = [];
  const isParty = (agency: string) => parties.some((party) => party.agency === agency);
  for (const [i, publisher] of grant.publishers.entries())
    if (!isParty(publisher)) gaps.push({ rule: 'publisher-not-a-party', field: `${at}.publishers.${i}` });
  if (!isParty(grant.consumer)) gaps.push({ rule: 'consumer-not-a-party', field: `${at}.consumer` });
  for (const [i, purpose] of grant.purposes.entries())
    if (!purposes.includes(purpose)) gaps.push({ rule: 'purpose-not-of-agreement', field: `${at}.purposes.${i}` });
  for (const [i, type] of grant.types.entries())
    if (eventDefinition(type) === undefined) gaps.push({ rule: 'type-unknown', field: `${at}.types.${i}` });
  for (const [i, field] of grant.fields.entries())
    if (!grant.types.some((type) => admits(type, field)))
      gaps.push({ rule: 'field-unknown', field: `${at}.fields.${i}` });
  for (const [i, condition] of grant.conditions.entries())
    if (!isKnownCondition(condition)) gaps.push({ rule: 'condition-unknown', field: `${at}.conditions.${i}` });
  return [...gaps, ...modeGaps(grant, at)];
}

function modeGaps(grant: Grant, at: string): readonly Gap[] {
  const gaps: Gap[] = [];
  if ((grant.mode === 'record') !== (grant.k !== undefined)) gaps.push({ rule: 'k-missing', field: `${at}.k` });
  // the halves of an occurrence are never put side by side (`hub.md` §2)
  if (grant.mode === 'record' && grant.types.length > 1)
    gaps.push({ rule: 'records-of-several-types', field: `${at}.types` });
  if (grant.openness === 'open') {
    if (grant.licence === undefined) gaps.push({ rule: 'licence-missing', field: `${at}.licence` });
    if (grant.address === undefined) gaps.push({ rule: 'address-missing', field: `${at}.address` });
    if (grant.mode !== 'count') gaps.push({ rule: 'openness-contradicted', field: `${at}.openness` });
  } else if (grant.licence !== undefined || grant.address !== undefined)
    gaps.push({ rule: 'openness-contradicted', field: `${at}.openness` });
  return gaps;
}

/** What the gateway holds against the grant: for each publisher that is a party, on the first day and on the last; once. */
function gatewayGaps(agreement: Agreement, grant: Grant, policy: CompiledPolicy, at: string): readonly Gap[] {
  if (policy.law === undefined) return [{ rule: 'law-not-adopted', field: `${at}.gateway` }];
  const { law, dutyRequests } = policy;
  const { from, to } = agreement.validity;
  const consumer = grant.consumer;
  const capacities = new Map(agreement.parties.map((party) => [party.agency, party.capacity]));
  const gaps = new Map<string, Gap>();
  // one that is no party is a gap already; a draft may name hundreds
  for (const publisher of grant.publishers.filter((one) => capacities.has(one)))
    for (const day of [from, to]) {
      const found = gatewayObstacles({
        law,
        agreement,
        grant,
        publisher,
        consumer,
        day,
        held: (agency) => new Set([...heldBy(policy, day, agency), capacities.get(agency) ?? 'none']),
        dutyRequest: (id) => dutyRequests.get(id),
        consent: 'unasked',
      });
      const as = (agency: AgencyId) => new Set([capacities.get(agency) ?? 'none']);
      const between = { day, mode: grant.mode, from: as(publisher), to: as(consumer) };
      for (const { rule, section, at: where = '$' } of found) {
        const field = where.replace('$', at);
        if (gaps.has(`${rule} ${field}`)) continue;
        if (isOfDay(rule, agreement, consumer) && !(rule === 'dated-request-missing' && day === to)) continue;
        gaps.set(`${rule} ${field}`, {
          rule,
          ...(section === undefined ? {} : { section }),
          field,
          alternatives: alternativesTo(law, { ...between, not: grant.gateway }),
        });
      }
    }
  return [...gaps.values()];
}

/**
 * A test lapses before a term ends and is made again by an edit, and a request may be dated within the term: `decide` looks
 * at their dates on the day of a question.
 */
function isOfDay(rule: string, { anonymisationTests, validity }: Agreement, recipient: AgencyId): boolean {
  if (rule === 'dated-request-missing') return true;
  const test = anonymisationTests.find((one) => one.recipient === recipient);
  if (rule === 'anonymisation-test-missing') return test !== undefined;
  return rule === 'anonymisation-test-expired' && test !== undefined && test.review >= validity.from;
}
