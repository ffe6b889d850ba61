import { PURPOSES, type Decision, type Principal, type Refusal, type Request } from '#contracts';
import { londonDay, type AgencyId, type EventType, type Instant } from '#kernel';
import { alternativesTo } from './alternatives.ts';
import { candidatesFor, heldBy, type Candidate, type Candidates } from './candidates.ts';
import { conditionObstacle } from './conditions.ts';
import type { Obstacle } from './gateway-rules.ts';
import { admits } from './grant-labels.ts';
import { finerThan } from './grains.ts';
import { placeOf } from './rules.ts';
import { feedKey, standsOn, takesPartOn, type CompiledPolicy, type LiveGrant } from './policy.ts';
import { contributions } from './views.ts';

/**
 * May this person's agency have this answer? Denies by default: a permit needs a grant, of an agreement in force on
 * the day (Europe/London), that fits the request whole. Each publisher's rows rest on one grant, the one that guards
 * them least (open before protected, then the lower threshold), so that views share no publisher; an agreement that
 * adds nothing is not named. A publisher that the request names and no grant covers refuses all of it.
 * Guaranteed: pure; an agreement more never narrows and one less never widens what each publisher's rows may show.
 * Not guaranteed: that a sum over publishers is shown more finely for it, since one that is guarded guards the sum.
 */
export function decide(policy: CompiledPolicy, who: Principal, request: Request, at: Instant): Decision {
  const question = questionOf(policy, who, request, at);
  const unfit = askerObstacle(question);
  if (unfit !== undefined) return refusal(question, unfit);
  const fitting: Candidate[] = [];
  for (const publisher of request.publishers === 'all' ? [undefined] : request.publishers) {
    const judged = judge(question, publisher);
    if ('rule' in judged) return refusal(question, judged, publisher);
    fitting.push(...judged);
  }
  const [first, ...others] = fitting;
  if (first === undefined) return refusal(question, { rule: 'no-agreement', missing: ['agreement'] });
  // told to those alone who would be shown the case were it not limited
  if (request.subject !== 'none' && request.subject.limitedAccess === 'not-listed')
    return refusal(question, { rule: 'limited-access', missing: ['listing'] });
  return { kind: 'permit', ...contributions([first, ...others], question) };
}

export interface Question {
  readonly policy: CompiledPolicy;
  readonly who: Principal;
  readonly request: Request;
  /** `YYYY-MM-DD`, Europe/London. */
  readonly day: string;
  /** Fields asked for that none of the types has. */
  readonly unknown: readonly string[];
}

export const questionOf = (policy: CompiledPolicy, who: Principal, request: Request, at: Instant): Question => ({
  policy,
  who,
  request,
  day: londonDay(at),
  unknown: request.fields.filter((field) => !request.types.some((type) => admits(type, field))),
});

function refusal({ policy, who, request, day }: Question, found: Barred, publisher?: AgencyId): Refusal {
  const { rule, section, missing, not } = found;
  const between = {
    day,
    mode: request.mode,
    from: publisher === undefined ? undefined : heldBy(policy, day, publisher),
    to: heldBy(policy, day, who.agency),
    ...(not === undefined ? {} : { not }),
  };
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

/** `not`: the gateway that is in the way, where one is. */
type Barred = Obstacle & { readonly not?: string };

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
function judge(question: Question, publisher: AgencyId | undefined): readonly Candidate[] | Barred {
  const { request } = question;
  const { all, byPublisher } = candidatesOf(question);
  const candidates = covering(publisher === undefined ? all : (byPublisher.get(publisher) ?? []), request);
  if (candidates.length === 0) return uncovered(question, publisher);
  const fitting = new Map<AgencyId, Candidate>();
  let furthest: Barred | undefined;
  for (const candidate of candidates) {
    // those that guard least come first
    if (fitting.has(candidate.publisher)) continue;
    const { obstacle, live } = candidate;
    const found: Barred | undefined =
      obstacle === undefined ? obstacleFor(question, candidate) : { ...obstacle, not: live.grant.gateway };
    if (found === undefined) fitting.set(candidate.publisher, candidate);
    else if (furthest === undefined || placeOf(found.rule) > placeOf(furthest.rule)) furthest = found;
  }
  return fitting.size === 0 && furthest !== undefined ? furthest : [...fitting.values()];
}

/** Every grant in force on the day for the asker's agency, this purpose and the first type, with each of its publishers. */
export function candidatesOf({ policy, who, request, day }: Question): Candidates {
  const [type] = request.types;
  if (type === undefined) return { all: [], byPublisher: new Map() };
  return candidatesFor(policy, day, { consumer: who.agency, purpose: request.purpose ?? '', type });
}

/** Those that cover every type of the question. */
export const covering = (candidates: readonly Candidate[], { types }: Request): readonly Candidate[] =>
  types.length === 1 ? candidates : candidates.filter(({ live }) => coversTypes(live, types));

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
  const own = named.filter((live) => takesPartOn(live, who.agency, day) && covers(live));
  // a party whose agreement grants the purpose to others lacks a grant, not a purpose
  if (own.some((live) => live.grant.purposes.some((purpose) => purpose === request.purpose)))
    return { rule: 'purpose-not-granted', missing: [`grant:${who.agency}`] };
  if (own.length > 0) return { rule: 'purpose-not-granted', missing: [purposeMissing(request.purpose)] };
  return named.some(covers) ? { rule: 'not-a-party', missing: [`party:${who.agency}`] } : none;
}

/** A purpose that is none of ours is not repeated to whoever sent it. */
const purposeMissing = (purpose: string | undefined) =>
  PURPOSES.some((known) => known === purpose) ? `purpose:${purpose}` : 'purpose';

/**
 * What a dated request, the grant's own terms, its conditions and the subject's consents hold against the question. The
 * consents last: what refuses whoever is asked about says nothing of anyone.
 */
export function obstacleFor(question: Question, { live, consentBy, requested }: Candidate): Obstacle | undefined {
  const { who, request, day, unknown } = question;
  // `any` sorts after every day, and reaches back for ever
  if (requested !== undefined && (request.oldest === 'any' || request.oldest < requested.from))
    return { rule: 'dated-request-missing', section: requested.by, missing: ['duty-request'] };
  const found = termsObstacle(live, request, unknown);
  if (found !== undefined) return found;
  for (const condition of live.grant.conditions) {
    const unmet = conditionObstacle(condition, { who, request, day });
    if (unmet !== undefined) return unmet;
  }
  if (consentBy !== undefined && !(request.subject !== 'none' && request.subject.consented))
    return { rule: 'consent-missing', section: consentBy, missing: ['consent'] };
  return undefined;
}

function termsObstacle({ grant }: LiveGrant, request: Request, unknown: readonly string[]): Obstacle | undefined {
  if (grant.mode !== request.mode) return { rule: 'mode-not-granted', missing: [`mode:${request.mode}`] };
  const withheld = (field: string) => !grant.fields.includes(field) || unknown.includes(field);
  if (request.fields.some(withheld)) {
    const fields = request.fields.filter(withheld);
    return { rule: 'field-not-granted', missing: fields.map((field) => `field:${field}`) };
  }
  if (finerThan(request.place, grant.place)) return { rule: 'place-too-fine', missing: [`place:${request.place}`] };
  if (finerThan(request.time, grant.time)) return { rule: 'time-too-fine', missing: [`time:${request.time}`] };
  return undefined;
}
