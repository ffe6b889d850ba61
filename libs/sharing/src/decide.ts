import {
  joined,
  PURPOSES,
  type Decision,
  type LegalLabel,
  type Principal,
  type Refusal,
  type Request,
  type View,
} from '#contracts';
import { londonDay, type AgencyId, type EventType, type Instant } from '#kernel';
import { alternativesTo } from './alternatives.ts';
import { candidatesFor, type Candidate } from './candidates.ts';
import { conditionObstacle } from './conditions.ts';
import type { Obstacle } from './gateway-rules.ts';
import { admits, isLegalLabel, labelsShown } from './grant-labels.ts';
import { coarsest, finerThan } from './grains.ts';
import { gatewayOf, type LawPack } from './law-pack.ts';
import { obligationsOf } from './obligations.ts';
import { placeOf } from './rules.ts';
import { feedKey, standsOn, type CompiledPolicy, type LiveGrant } from './policy.ts';

/**
 * May this person's agency have this answer? Denies by default: a permit needs a grant, of an agreement in force on
 * the day (Europe/London), that fits the request whole. Each publisher's rows rest on one grant, the one that guards
 * them least (open before protected, then the lower threshold), so that views share no publisher; an agreement that
 * adds nothing is not named. A publisher that the request names and no grant covers refuses all of it.
 * Guaranteed: pure; an agreement more never narrows and one less never widens what each publisher's rows may show.
 * Not guaranteed: that a sum over publishers is shown more finely for it, since one that is guarded guards the sum.
 */
export function decide(policy: CompiledPolicy, who: Principal, request: Request, at: Instant): Decision {
  const question: Question = { policy, who, request, day: londonDay(at) };
  const unfit = askerObstacle(question);
  if (unfit !== undefined) return refusal(question, unfit);
  const fitting: Candidate[] = [];
  for (const publisher of request.publishers === 'all' ? [undefined] : request.publishers) {
    const judged = judge(question, publisher);
    if ('rule' in judged) return refusal(question, judged, publisher);
    fitting.push(...judged);
  }
  if (fitting.length === 0) return refusal(question, { rule: 'no-agreement', missing: ['agreement'] });
  // told to those alone who would be shown the case were it not limited
  if (request.subject !== 'none' && request.subject.limitedAccess === 'not-listed')
    return refusal(question, { rule: 'limited-access', missing: ['listing'] });
  const views = viewsOf(fitting, request, policy.law);
  const agreements = new Map(fitting.map(({ live: { agreement } }) => [agreement.id, agreement]));
  const obligations = [...agreements.values()].flatMap((agreement) =>
    obligationsOf(
      agreement,
      views.filter((view) => view.agreement.id === agreement.id),
      question.day,
    ),
  );
  return { kind: 'permit', views, obligations };
}

export interface Question {
  readonly policy: CompiledPolicy;
  readonly who: Principal;
  readonly request: Request;
  /** `YYYY-MM-DD`, Europe/London. */
  readonly day: string;
}

function refusal({ policy, who, request, day }: Question, found: Obstacle, publisher?: AgencyId): Refusal {
  const { rule, section, missing } = found;
  const capacityOf = (agency: AgencyId | undefined) =>
    agency === undefined ? undefined : policy.agencies.get(agency)?.capacities[0]?.capacity;
  const between = { day, mode: request.mode, from: capacityOf(publisher), to: capacityOf(who.agency) };
  return {
    kind: 'refuse',
    rule,
    ...(section === undefined ? {} : { section }),
    missing,
    alternatives: alternativesTo(policy.law, between),
    // it says something of this subject, and nothing that holds for any other
    conceal: rule === 'consent-missing',
  };
}

/** What stands in the way of this asker and question, whatever is agreed. */
export function askerObstacle({ policy, who, request }: Question): Obstacle | undefined {
  if (request.purpose === undefined || request.purpose === '') return { rule: 'purpose-missing', missing: ['purpose'] };
  const agency = policy.agencies.get(who.agency);
  if (agency?.issuers.includes(who.issuer) !== true) return { rule: 'agency-not-enrolled', missing: ['agency'] };
  if (!request.roles.some((role) => who.roles.has(role)))
    return { rule: 'role-not-held', missing: request.roles.map((role) => `role:${role}`) };
  if ((request.mode === 'subject') !== (request.subject !== 'none'))
    return { rule: 'subject-unnamed', missing: ['subject'] };
  return undefined;
}

/** What fits for this publisher (for any, when none is named), or what stands in the way. */
function judge(question: Question, publisher: AgencyId | undefined): readonly Candidate[] | Obstacle {
  const { request } = question;
  const candidates = candidatesOf(question).filter(
    ({ live, publisher: one }) => (publisher === undefined || one === publisher) && coversTypes(live, request.types),
  );
  if (candidates.length === 0) return uncovered(question, publisher);
  const fitting = new Map<AgencyId, Candidate>();
  let furthest: Obstacle | undefined;
  for (const candidate of candidates) {
    // those that guard least come first
    if (fitting.has(candidate.publisher)) continue;
    const found = candidate.obstacle ?? obstacleFor(question, candidate);
    if (found === undefined) fitting.set(candidate.publisher, candidate);
    else if (furthest === undefined || placeOf(found.rule) > placeOf(furthest.rule)) furthest = found;
  }
  return fitting.size === 0 && furthest !== undefined ? furthest : [...fitting.values()];
}

/** Every grant in force on the day for the asker's agency, this purpose and the first type, with each of its publishers. */
export function candidatesOf({ policy, who, request, day }: Question): readonly Candidate[] {
  const [type] = request.types;
  if (type === undefined) return [];
  return candidatesFor(policy, day, { consumer: who.agency, purpose: request.purpose ?? '', type });
}

const coversTypes = ({ grant }: LiveGrant, [, ...others]: readonly EventType[]): boolean =>
  others.every((type) => grant.types.includes(type));

/** Why no grant that covers the question, for whomever, is for this asker and purpose. */
function uncovered({ policy, who, request, day }: Question, publisher: AgencyId | undefined): Obstacle {
  const [type] = request.types;
  const none: Obstacle = { rule: 'no-agreement', missing: ['agreement'] };
  if (type === undefined) return none;
  const named =
    (publisher === undefined ? policy.grantsByType.get(type) : policy.grantsByFeed.get(feedKey(publisher, type))) ?? [];
  const covers = (live: LiveGrant) => coversTypes(live, request.types) && standsOn(live, day);
  const own = named.filter((live) => live.parties.has(who.agency) && covers(live));
  // a party whose agreement grants the purpose to others lacks a grant, not a purpose
  if (own.some((live) => live.grant.purposes.some((purpose) => purpose === request.purpose)))
    return { rule: 'purpose-not-granted', missing: [`grant:${who.agency}`] };
  if (own.length > 0) return { rule: 'purpose-not-granted', missing: [purposeMissing(request.purpose)] };
  return named.some(covers) ? { rule: 'not-a-party', missing: [`party:${who.agency}`] } : none;
}

/** A purpose that is none of ours is not repeated to whoever sent it. */
const purposeMissing = (purpose: string | undefined) =>
  PURPOSES.some((known) => known === purpose) ? `purpose:${purpose}` : 'purpose';

/** What the subject's consents, the grant's own terms and its conditions hold against the question. */
export function obstacleFor(question: Question, { live, consentBy }: Candidate): Obstacle | undefined {
  const { who, request, day } = question;
  if (consentBy !== undefined && !(request.subject !== 'none' && request.subject.consented))
    return { rule: 'consent-missing', section: consentBy, missing: ['consent'] };
  const found = termsObstacle(live, request);
  if (found !== undefined) return found;
  for (const condition of live.grant.conditions) {
    const unmet = conditionObstacle(condition, { who, request, day });
    if (unmet !== undefined) return unmet;
  }
  return undefined;
}

function termsObstacle({ grant }: LiveGrant, request: Request): Obstacle | undefined {
  if (grant.mode !== request.mode) return { rule: 'mode-not-granted', missing: [`mode:${request.mode}`] };
  const granted = (field: string) => grant.fields.includes(field) && request.types.some((type) => admits(type, field));
  const fields = request.fields.filter((field) => !granted(field));
  if (fields.length > 0) return { rule: 'field-not-granted', missing: fields.map((field) => `field:${field}`) };
  if (finerThan(request.place, grant.place)) return { rule: 'place-too-fine', missing: [`place:${request.place}`] };
  if (finerThan(request.time, grant.time)) return { rule: 'time-too-fine', missing: [`time:${request.time}`] };
  return undefined;
}

/** What one agreement contributes rests on one gateway and is shown in one way: a second one makes a second view. */
function viewsOf(fitting: readonly Candidate[], request: Request, law: LawPack | undefined): [View, ...View[]] {
  const groups = Map.groupBy(fitting, ({ live: { agreement, grant } }) =>
    [agreement.id, grant.gateway, grant.openness, grant.threshold, grant.k, grant.licence, grant.address].join(' '),
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const lives = [...new Set(group.map(({ live }) => live))] as [LiveGrant, ...LiveGrant[]];
      return viewOf(lives, new Set(group.map(({ publisher }) => publisher)), request, law);
    }) as [View, ...View[]];
}

/** Several grants of one agreement show what they have in common: the strictest of each. */
function viewOf(
  lives: readonly [LiveGrant, ...LiveGrant[]],
  publishers: ReadonlySet<AgencyId>,
  { types, mode }: Request,
  law: LawPack | undefined,
): View {
  const [{ agreement, version, grant: first }] = lives;
  const grants = lives.map((live) => live.grant);
  const shared = first.fields.filter(
    (field) => grants.every((grant) => grant.fields.includes(field)) && types.some((type) => admits(type, field)),
  );
  const { openness } = first;
  const labels = joined(labelsShown(types, shared, { mode, openness }), addedBy(law, first.gateway));
  return {
    agreement: { id: agreement.id, version, clauses: lives.map(clauseOf).sort(byNumber) },
    gateway: first.gateway,
    publishers,
    types: new Set(types),
    fields: new Set(shared),
    place: coarsest(grants.map((grant) => grant.place) as [View['place'], ...View['place'][]]),
    time: coarsest(grants.map((grant) => grant.time) as [View['time'], ...View['time'][]]),
    threshold: Math.max(...grants.map((grant) => grant.threshold)) as View['threshold'],
    openness,
    ...(openness === 'open' && first.licence !== undefined ? { licence: first.licence } : {}),
    ...(openness === 'open' && first.address !== undefined ? { address: first.address } : {}),
    ...(first.k === undefined ? {} : { k: first.k }),
    labels,
  };
}

const addedBy = (law: LawPack | undefined, gateway: string): ReadonlySet<LegalLabel> =>
  new Set((gatewayOf(law, gateway)?.adds ?? []).filter(isLegalLabel));

/** Number of the clause that grants it, in the agreement's text: `7.2` for its second grant. */
export const clauseOf = ({ agreement, grant }: LiveGrant): string =>
  `7.${agreement.grants.findIndex(({ id }) => id === grant.id) + 1}`;
const byNumber = (a: string, b: string): number => Number(a.slice(2)) - Number(b.slice(2));
