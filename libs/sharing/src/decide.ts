import { PURPOSES, type Decision, type Principal, type Refusal, type Request, type View } from '#contracts';
import { londonDay, type AgencyId, type EventType, type Instant } from '#kernel';
import { gatewayObstacle, type Obstacle } from './gateway-rules.ts';
import { coarsest, finerThan } from './grains.ts';
import { rankedGateways } from './law-pack.ts';
import { RULES } from './rules.ts';
import { feedKey, standsOn, useKey, type CompiledPolicy, type LiveGrant } from './policy.ts';

/**
 * May this person's agency have this answer? Denies by default: a permit needs a grant, of an agreement in force on
 * the day (Europe/London), that fits the request whole. Each publisher's rows rest on one grant, the one that guards
 * them least (open before protected, then the lower threshold), so that views share no publisher; an agreement that
 * adds nothing is not named. A publisher that the request names and no grant covers refuses all of it.
 * Guaranteed: pure; an agreement more never narrows and one less never widens what each publisher's rows may show.
 * Not guaranteed: that a sum over publishers is shown more finely for it, since one that is guarded guards the sum.
 */
export function decide(policy: CompiledPolicy, who: Principal, request: Request, at: Instant): Decision {
  const day = londonDay(at);
  const refuse = ({ rule, section, missing }: Obstacle): Refusal => ({
    kind: 'refuse',
    rule,
    ...(section === undefined ? {} : { section }),
    missing,
    alternatives: rankedGateways(policy.law, day, request.mode, request.types),
    conceal: false,
  });
  const unfit = askerObstacle(policy, who, request);
  if (unfit !== undefined) return refuse(unfit);
  const fitting: Fitting[] = [];
  for (const publisher of request.publishers === 'all' ? [undefined] : request.publishers) {
    const judged = judge({ policy, who, request, day }, publisher);
    if ('rule' in judged) return refuse(judged);
    fitting.push(...judged);
  }
  const [first, ...others] = viewsOf(bestForEach(fitting), request.types);
  if (first === undefined) return refuse({ rule: 'no-agreement', missing: ['agreement'] });
  const views: [View, ...View[]] = [first, ...others];
  const obligations = views.some((view) => view.openness === 'open') ? ['cite-licence'] : [];
  return { kind: 'permit', views, obligations };
}

/** A grant that fits the request whole, and a publisher whose rows it shows. */
interface Fitting {
  readonly live: LiveGrant;
  readonly publisher: AgencyId;
}
interface Question {
  readonly policy: CompiledPolicy;
  readonly who: Principal;
  readonly request: Request;
  readonly day: string;
}

function askerObstacle(policy: CompiledPolicy, who: Principal, request: Request): Obstacle | undefined {
  if (request.purpose === undefined || request.purpose === '') return { rule: 'purpose-missing', missing: ['purpose'] };
  const agency = policy.agencies.get(who.agency);
  if (agency?.issuers.includes(who.issuer) !== true) return { rule: 'agency-not-enrolled', missing: ['agency'] };
  if (!request.roles.some((role) => who.roles.has(role)))
    return { rule: 'role-not-held', missing: request.roles.map((role) => `role:${role}`) };
  return undefined;
}

/** What fits for this publisher (for any, when none is named), or what stands in the way. */
function judge(question: Question, publisher: AgencyId | undefined): readonly Fitting[] | Obstacle {
  const { policy, who, request, day } = question;
  const [type, ...otherTypes] = request.types;
  if (type === undefined) return { rule: 'no-agreement', missing: ['agreement'] };
  const covers = (live: LiveGrant) =>
    otherTypes.every((other) => live.grant.types.includes(other)) &&
    (publisher === undefined || live.grant.publishers.includes(publisher)) &&
    standsOn(live, day);
  const use = policy.grantsByUse.get(useKey(who.agency, request.purpose ?? '', type)) ?? [];
  const forPurpose = use.filter((live) => live.parties.has(who.agency) && covers(live));
  if (forPurpose.length === 0) {
    const named =
      publisher === undefined ? policy.grantsByType.get(type) : policy.grantsByFeed.get(feedKey(publisher, type));
    return uncovered(named ?? [], covers, who, request);
  }
  const pairs = forPurpose.flatMap((live) =>
    (publisher === undefined ? live.grant.publishers : [publisher]).map((one): Fitting => ({ live, publisher: one })),
  );
  const fitting: Fitting[] = [];
  let furthest: Obstacle | undefined;
  for (const pair of pairs) {
    const found = gatewayObstacle({ policy, consumer: who.agency, day, ...pair }) ?? grantObstacle(pair.live, request);
    if (found === undefined) fitting.push(pair);
    else if (furthest === undefined || RULES.indexOf(found.rule) > RULES.indexOf(furthest.rule)) furthest = found;
  }
  return fitting.length === 0 && furthest !== undefined ? furthest : fitting;
}

/** Why no grant that covers the question, for whomever, is for this asker and purpose. */
function uncovered(
  named: readonly LiveGrant[],
  covers: (live: LiveGrant) => boolean,
  who: Principal,
  request: Request,
): Obstacle {
  const own = named.filter((live) => live.parties.has(who.agency) && covers(live));
  // a party whose agreement grants the purpose to others lacks a grant, not a purpose
  if (own.some((live) => live.grant.purposes.some((purpose) => purpose === request.purpose)))
    return { rule: 'purpose-not-granted', missing: [`grant:${who.agency}`] };
  if (own.length > 0) return { rule: 'purpose-not-granted', missing: [purposeMissing(request.purpose)] };
  return named.some(covers)
    ? { rule: 'not-a-party', missing: [`party:${who.agency}`] }
    : { rule: 'no-agreement', missing: ['agreement'] };
}

/** A purpose that is none of ours is not repeated to whoever sent it. */
const purposeMissing = (purpose: string | undefined) =>
  PURPOSES.some((known) => known === purpose) ? `purpose:${purpose}` : 'purpose';

function grantObstacle({ grant }: LiveGrant, request: Request): Obstacle | undefined {
  if (grant.mode !== request.mode) return { rule: 'mode-not-granted', missing: [`mode:${request.mode}`] };
  const fields = request.fields.filter((field) => !grant.fields.includes(field));
  if (fields.length > 0) return { rule: 'field-not-granted', missing: fields.map((field) => `field:${field}`) };
  if (finerThan(request.place, grant.place)) return { rule: 'place-too-fine', missing: [`place:${request.place}`] };
  if (finerThan(request.time, grant.time)) return { rule: 'time-too-fine', missing: [`time:${request.time}`] };
  return undefined;
}

/** For each publisher the grant that guards its rows least; of two alike, the agreement and grant first by name. */
function bestForEach(fitting: readonly Fitting[]): readonly Fitting[] {
  const best = new Map<AgencyId, Fitting>();
  for (const one of fitting) {
    const known = best.get(one.publisher);
    if (known === undefined || guards(one, known) < 0) best.set(one.publisher, one);
  }
  return [...best.values()];
}
function guards({ live: a }: Fitting, { live: b }: Fitting): number {
  const openness = Number(b.grant.openness === 'open') - Number(a.grant.openness === 'open');
  const named = ({ agreement, grant }: LiveGrant) => `${agreement.id} ${grant.id}`;
  return openness || a.grant.threshold - b.grant.threshold || (named(a) < named(b) ? -1 : 1);
}

/** What one agreement contributes rests on one gateway and is shown in one way: a second one makes a second view. */
function viewsOf(fitting: readonly Fitting[], types: readonly EventType[]): readonly View[] {
  const groups = Map.groupBy(fitting, ({ live: { agreement, grant } }) =>
    [agreement.id, grant.gateway, grant.openness, grant.threshold, grant.licence, grant.address].join(' '),
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const lives = [...new Set(group.map(({ live }) => live))] as [LiveGrant, ...LiveGrant[]];
      return viewOf(lives, new Set(group.map(({ publisher }) => publisher)), types);
    });
}

/** Several grants of one agreement show what they have in common: the strictest of each. */
function viewOf(
  lives: readonly [LiveGrant, ...LiveGrant[]],
  publishers: ReadonlySet<AgencyId>,
  types: readonly EventType[],
): View {
  const [{ agreement, version, grant: first }] = lives;
  const grants = lives.map((live) => live.grant).sort((a, b) => (a.id < b.id ? -1 : 1));
  const open = grants.every((grant) => grant.openness === 'open');
  return {
    agreement: { id: agreement.id, version, clauses: grants.map((grant) => `grants/${grant.id}`) },
    gateway: first.gateway,
    publishers,
    types: new Set(types),
    fields: new Set(first.fields.filter((field) => grants.every((grant) => grant.fields.includes(field)))),
    place: coarsest(grants.map((grant) => grant.place) as [View['place'], ...View['place'][]]),
    time: coarsest(grants.map((grant) => grant.time) as [View['time'], ...View['time'][]]),
    threshold: Math.max(...grants.map((grant) => grant.threshold)) as View['threshold'],
    openness: open ? 'open' : 'protected',
    ...(open && first.licence !== undefined ? { licence: first.licence } : {}),
    ...(open && first.address !== undefined ? { address: first.address } : {}),
  };
}
