import { CAPACITIES, eventDefinition, type LegalLabel } from '#contracts';
import type { AgencyId, EventType } from '#kernel';
import { testFor, type Agreement, type Grant } from './agreement.ts';
import type { DutyRequestState } from './duty-requests.ts';
import { holdsLabels, isLegalLabel, labelsShown } from './grant-labels.ts';
import { finerThan } from './grains.ts';
import {
  gatewayInForce,
  gatewayOf,
  lawRuleOf,
  serves,
  type Gateway,
  type LawPack,
  type Requirement,
} from './law-pack.ts';

/** Why a grant can't carry a request: a rule, and what would have to exist. */
export interface Obstacle {
  readonly rule: string;
  readonly section?: string;
  readonly missing: readonly string[];
  /** Where a drafter mends it: a path of the document, `$` standing for the grant's own. */
  readonly at?: string;
}

/** One publisher's rows going to one consumer under one grant, on a day. */
export interface Transfer {
  readonly law: LawPack | undefined;
  readonly agreement: Agreement;
  readonly grant: Grant;
  readonly publisher: AgencyId;
  readonly consumer: AgencyId;
  /** `YYYY-MM-DD`, Europe/London. */
  readonly day: string;
  /** Every capacity that the agency holds on the day. */
  readonly held: (agency: AgencyId) => ReadonlySet<string>;
  readonly dutyRequest: (id: string) => DutyRequestState | undefined;
  /** A live consent covers it; `unasked` while an agreement is drafted and there is nobody to ask. */
  readonly consent: 'given' | 'none' | 'unasked';
}

/** The first thing that the gateway's own rules, which no agreement can grant away, hold against it (law.md, Gateways). */
export function gatewayObstacle(transfer: Transfer): Obstacle | undefined {
  return gatewayObstacles(transfer).next().value;
}

/** All of them, in the order in which they are asked. */
export function* gatewayObstacles(transfer: Transfer): Generator<Obstacle, undefined> {
  const { grant, law } = transfer;
  const gateway = gatewayOf(law, grant.gateway);
  if (gateway === undefined) {
    yield { rule: 'gateway-unknown', missing: [`gateway:${grant.gateway}`], at: '$.gateway' };
    return undefined;
  }
  yield* carriageObstacles(transfer, gateway);
  for (const requirement of gateway.requires) {
    const check = Object.hasOwn(CHECKS, requirement.rule) ? CHECKS[requirement.rule] : undefined;
    const found =
      check === undefined || !understood(requirement)
        ? { rule: 'gateway-rule-unknown', missing: [`rule:${requirement.rule}`], at: '$.gateway' }
        : check(transfer, requirement);
    if (found !== undefined) yield { section: requirement.source, ...found };
  }
  const optOut = optOutObstacle(transfer, gateway);
  if (optOut !== undefined) yield optOut;
  return undefined;
}

/** Whether it is in force, for these two, for this kind of answer and these types. */
function* carriageObstacles(transfer: Transfer, gateway: Gateway): Generator<Obstacle, undefined> {
  const { agreement, grant, publisher, consumer, day } = transfer;
  const stop = (rule: string, missing: string, at: string): Obstacle => ({
    rule,
    section: gateway.source,
    missing: [missing],
    at,
  });
  const as = (agency: AgencyId) => agreement.parties.find((party) => party.agency === agency)?.capacity;
  if (!gatewayInForce(gateway, day)) yield stop('gateway-not-in-force', `gateway:${gateway.id}`, '$.gateway');
  if (!serves(gateway.to, as(consumer))) yield stop('capacity-not-served', `party:${consumer}`, '$.consumer');
  if (!serves(gateway.from, as(publisher)))
    yield stop('capacity-not-served', `party:${publisher}`, `$.publishers.${grant.publishers.indexOf(publisher)}`);
  if (!gateway.carries.includes(grant.mode)) yield stop('mode-not-available', `mode:${grant.mode}`, '$.mode');
  for (const [i, type] of grant.types.entries()) {
    if (!gateway.types.includes(type)) yield stop('type-not-carried', `type:${type}`, `$.types.${i}`);
    else if (!shownAs(grant.mode, type)) yield stop('mode-not-of-type', `mode:${grant.mode}`, `$.types.${i}`);
  }
  yield* fieldObstacles(transfer, as(consumer));
  if (gateway.adds.some((label) => !isLegalLabel(label))) yield stop('label-unknown', 'label', '$.gateway');
  return undefined;
}

/** Fields that the registry keeps for some recipients, or for grants that admit them by name (`events.md`). */
function* fieldObstacles({ grant }: Transfer, as: string | undefined): Generator<Obstacle, undefined> {
  for (const [i, field] of grant.fields.entries()) {
    const uses = grant.types.flatMap((type) => eventDefinition(type)?.fields.get(field)?.use ?? []);
    const told = { missing: [`field:${field}`], at: `$.fields.${i}` };
    if (uses.some(({ recipients }) => recipients !== undefined && !recipients.some((one) => one === as)))
      yield { rule: 'field-not-for-recipient', ...told };
    if (uses.some(({ admittedAs }) => admittedAs !== undefined && grant.admits?.includes(admittedAs) !== true))
      yield { rule: 'field-not-admitted', ...told };
  }
  return undefined;
}

/** Consented events are never counted nor put into record releases; anonymised ones know no subject (`hub.md` §4). */
const shownAs = (mode: Grant['mode'], type: EventType): boolean =>
  eventDefinition(type)?.basis === (mode === 'subject' ? 'consented' : 'anonymised');

/** What a rule that bars must say: one that says nothing of it would bar nothing. */
const NEEDED: Readonly<Record<string, readonly ('labels' | 'capacities')[]>> = {
  'anonymisation-test-of-records': ['labels', 'capacities'],
  'bars-labels': ['labels'],
  'bars-labels-from': ['labels', 'capacities'],
};
const understood = (requirement: Requirement): boolean => {
  const { rule, labels = [], capacities = [] } = requirement;
  return (
    labels.every(isLegalLabel) &&
    capacities.every((name) => CAPACITIES.some((known) => known === name)) &&
    (NEEDED[rule] ?? []).every((name) => (requirement[name] ?? []).length > 0)
  );
};

const labelsOfGrant = ({ grant }: Transfer): ReadonlySet<LegalLabel> => labelsShown(grant.types, grant.fields, grant);
const bears = (transfer: Transfer, labels: readonly string[] = []): boolean => {
  const all = labelsOfGrant(transfer);
  return labels.some((label) => isLegalLabel(label) && all.has(label));
};
/** Fields of the grant that bring one of the labels: what a drafter takes out. */
function bearing({ grant }: Transfer, labels: readonly string[] = []): string {
  const at = grant.fields.findIndex((field) => {
    const shown = labelsShown(grant.types, [field], grant);
    return labels.some((label) => isLegalLabel(label) && shown.has(label));
  });
  return at < 0 ? '$.types.0' : `$.fields.${at}`;
}

type Found = Omit<Obstacle, 'section'> | undefined;
type Check = (transfer: Transfer, requirement: Requirement) => Found;

const holdsOneOf = ({ held, publisher }: Transfer, capacities: readonly string[] = []): boolean => {
  const all = held(publisher);
  return capacities.some((capacity) => all.has(capacity));
};

function testObstacle({ agreement, grant, consumer, day }: Transfer): Found {
  const test = testFor(agreement, consumer);
  const missing = ['anonymisation-test'];
  const found = (rule: string, at: string) => ({ rule, missing, at });
  if (test === undefined) return found('anonymisation-test-missing', 'anonymisationTests');
  if (grant.mode === 'record' && test.mode !== 'record') return found('anonymisation-test-of-counts-only', '$.mode');
  if (finerThan(grant.place, test.place)) return found('anonymisation-test-too-coarse', '$.place');
  if (day < test.date) return found('anonymisation-test-missing', 'anonymisationTests');
  return day > test.review ? found('anonymisation-test-expired', 'anonymisationTests') : undefined;
}

const CHECKS: Readonly<Record<string, Check>> = {
  capacity: ({ agreement, publisher, consumer, held }) => {
    const lapsed = [consumer, publisher].find((agency) => {
      const party = agreement.parties.find((one) => one.agency === agency);
      return party === undefined || !held(agency).has(party.capacity);
    });
    return lapsed === undefined
      ? undefined
      : { rule: 'capacity-not-held', missing: [`capacity:${lapsed}`], at: 'parties' };
  },
  'anonymisation-test': testObstacle,
  // split at the source, a row has no labels of its own: that it is no longer about a patient is what the test says
  'anonymisation-test-of-records': (transfer, { labels = [], capacities }) =>
    transfer.grant.mode === 'record' && (holdsLabels(transfer.grant, labels) || holdsOneOf(transfer, capacities))
      ? testObstacle(transfer)
      : undefined,
  'purpose-is-function': ({ grant }, { purposes = [] }) => {
    const at = grant.purposes.findIndex((purpose) => !purposes.includes(purpose));
    return at < 0
      ? undefined
      : { rule: 'purpose-not-a-function', missing: [`purpose:${grant.purposes[at] ?? ''}`], at: `$.purposes.${at}` };
  },
  'held-for-functions': ({ grant }) =>
    grant.heldForFunctions === true
      ? undefined
      : { rule: 'not-held-for-functions', missing: ['held-for-functions'], at: '$.heldForFunctions' },
  'bars-labels': (transfer, { labels }) =>
    bears(transfer, labels)
      ? { rule: 'patient-information-barred', missing: ['anonymised-data'], at: bearing(transfer, labels) }
      : undefined,
  'bars-labels-from': (transfer, { labels, capacities }) =>
    holdsOneOf(transfer, capacities) && bears(transfer, labels)
      ? { rule: 'health-personal-barred', missing: ['anonymised-data'], at: bearing(transfer, labels) }
      : undefined,
  'data-protection-basis': ({ agreement }) =>
    agreement.lawful.article6.trim() === ''
      ? { rule: 'data-protection-basis-missing', missing: ['article-6'], at: 'lawful.article6' }
      : undefined,
  'dated-request': ({ grant, publisher, consumer, day, dutyRequest }) => {
    const request = grant.dutyRequest === undefined ? undefined : dutyRequest(grant.dutyRequest);
    const covers =
      request !== undefined &&
      request.under === 's17' &&
      request.by === consumer &&
      request.to === publisher &&
      request.asked <= day &&
      (request.status === 'open' || request.status === 'answered') &&
      grant.types.every((type) => request.types.includes(type)) &&
      grant.fields.every((field) => request.fields.includes(field));
    return covers ? undefined : { rule: 'dated-request-missing', missing: ['duty-request'], at: '$.dutyRequest' };
  },
  consent: ({ consent }) =>
    consent === 'none' ? { rule: 'consent-missing', missing: ['consent'], at: '$.gateway' } : undefined,
  'provision-and-necessity': ({ grant }) => {
    if (grant.provision === undefined) return { rule: 'provision-missing', missing: ['provision'], at: '$.provision' };
    return grant.necessity === undefined
      ? { rule: 'necessity-missing', missing: ['necessity'], at: '$.necessity' }
      : undefined;
  },
  'one-side-is': ({ agreement, publisher, consumer }, { capacities = [] }) => {
    const sides = agreement.parties.filter(({ agency }) => agency === publisher || agency === consumer);
    return sides.some(({ capacity }) => capacities.includes(capacity))
      ? undefined
      : { rule: 'capacity-not-served', missing: [`party:${publisher}`], at: '$.consumer' };
  },
  'case-exchange-only': () => ({ rule: 'case-exchange-only', missing: ['case'], at: '$.gateway' }),
  'emergency-only': () => ({ rule: 'emergency-only', missing: ['emergency'], at: '$.gateway' }),
};

/** Identifiable health data without consent waits for the national data opt-out to have been looked up. */
function optOutObstacle(transfer: Transfer, gateway: Gateway): Obstacle | undefined {
  const rule = lawRuleOf(transfer.law, 'national-data-opt-out', transfer.day);
  if (rule === undefined || transfer.agreement.optOutCheck !== undefined) return undefined;
  if (rule.items.some(({ id }) => id === gateway.id)) return undefined;
  const { labels = [] } = rule;
  if (labels.length === 0 || !labels.every(isLegalLabel))
    return { rule: 'label-unknown', missing: ['label'], at: '$.gateway' };
  if (!bears(transfer, labels)) return undefined;
  return { rule: 'opt-out-check-required', section: rule.source, missing: ['opt-out-check'], at: 'optOutCheck' };
}
