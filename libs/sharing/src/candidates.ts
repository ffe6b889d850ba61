import type { AgencyId, EventType } from '#kernel';
import { within } from './calendar.ts';
import { gatewayObstacle, type Obstacle } from './gateway-rules.ts';
import { gatewayOf } from './law-pack.ts';
import { standsOn, useKey, type CompiledPolicy, type LiveGrant } from './policy.ts';

/** A grant that stands on the day, and one publisher whose rows it may show. */
export interface Candidate {
  readonly live: LiveGrant;
  readonly publisher: AgencyId;
  /** What its gateway holds against it, whatever is asked. */
  readonly obstacle: Obstacle | undefined;
  /** Section that asks for a consent of each subject; absent where none is asked for. */
  readonly consentBy: string | undefined;
  /** The first day that the dated request asks about, with the section that it rests on; absent where none is needed. */
  readonly requested: { readonly from: string; readonly by: string } | undefined;
  /** Equal for those that one agreement shows in one way; ascending by agreement. */
  readonly group: number;
}
export interface Candidates {
  /** Those that guard a publisher's rows least come first. */
  readonly all: readonly Candidate[];
  readonly byPublisher: ReadonlyMap<AgencyId, readonly Candidate[]>;
}

const NONE: Candidates = { all: [], byPublisher: new Map() };

interface Prepared {
  readonly day: string;
  readonly byUse: Map<string, Candidates>;
  readonly held: Map<AgencyId, ReadonlySet<string>>;
}
/** What a policy says on the day last asked for: a policy is a value, so nothing in here can be stale. */
const prepared = new WeakMap<CompiledPolicy, Prepared>();

function preparedFor(policy: CompiledPolicy, day: string): Prepared {
  const known = prepared.get(policy);
  if (known?.day === day) return known;
  const fresh = { day, byUse: new Map(), held: new Map() };
  prepared.set(policy, fresh);
  return fresh;
}

/** Grants of agreements in force on the day for this consumer, purpose and type, each with each of its publishers. */
export function candidatesFor(
  policy: CompiledPolicy,
  day: string,
  use: { readonly consumer: AgencyId; readonly purpose: string; readonly type: EventType },
): Candidates {
  const key = useKey(use.consumer, use.purpose, use.type);
  const granted = policy.grantsByUse.get(key);
  // kept for no use that nobody granted: whoever asks may name a purpose of their own each time
  if (granted === undefined) return NONE;
  const { byUse } = preparedFor(policy, day);
  const known = byUse.get(key);
  if (known !== undefined) return known;
  const standing = granted.filter((live) => live.parties.has(use.consumer) && standsOn(live, day));
  const groups = [...new Set(standing.map(wayOf))].sort(byName);
  const groupOf = new Map(groups.map((way, at) => [way, at]));
  const all = standing
    .flatMap((live) =>
      live.grant.publishers.map((publisher): Candidate => ({
        live,
        publisher,
        ...lawfulness(policy, day, live, publisher),
        group: groupOf.get(wayOf(live)) ?? -1,
      })),
    )
    .sort(byGuard);
  const candidates = { all, byPublisher: Map.groupBy(all, ({ publisher }) => publisher) };
  byUse.set(key, candidates);
  return candidates;
}

/** What one agreement contributes rests on one gateway and is shown in one way. */
const wayOf = ({ agreement, grant }: LiveGrant): string =>
  [agreement.id, grant.gateway, grant.openness, grant.threshold, grant.k, grant.licence, grant.address].join(' ');

function lawfulness(
  policy: CompiledPolicy,
  day: string,
  { agreement, grant }: LiveGrant,
  publisher: AgencyId,
): Pick<Candidate, 'obstacle' | 'consentBy' | 'requested'> {
  const { law, dutyRequests } = policy;
  const obstacle = gatewayObstacle({
    law,
    agreement,
    grant,
    publisher,
    consumer: grant.consumer,
    day,
    held: (agency) => keptHeldBy(policy, day, agency),
    dutyRequest: (id) => dutyRequests.get(id),
    consent: 'unasked',
  });
  const asks = (name: string) => gatewayOf(law, grant.gateway)?.requires.find(({ rule }) => rule === name)?.source;
  const by = asks('dated-request');
  // one that is not on record is an obstacle whatever is asked
  const request = grant.dutyRequest === undefined ? undefined : dutyRequests.get(grant.dutyRequest);
  const requested = by === undefined || request === undefined ? undefined : { from: request.period.from, by };
  return { obstacle, consentBy: asks('consent'), requested };
}

/** Every capacity that an agency holds on the day. */
export function heldBy({ agencies }: CompiledPolicy, day: string, agency: AgencyId): ReadonlySet<string> {
  const capacities = agencies.get(agency)?.capacities ?? [];
  return new Set(capacities.filter(({ from, to }) => within(day, from, to)).map(({ capacity }) => capacity));
}

/** The same, kept with what is prepared for the day. */
function keptHeldBy(policy: CompiledPolicy, day: string, agency: AgencyId): ReadonlySet<string> {
  const { held } = preparedFor(policy, day);
  const set = held.get(agency) ?? heldBy(policy, day, agency);
  held.set(agency, set);
  return set;
}

/** Open before protected, then the lower threshold; of two alike, the agreement and grant first by name. */
function byGuard({ live: a }: Candidate, { live: b }: Candidate): number {
  const openness = Number(b.grant.openness === 'open') - Number(a.grant.openness === 'open');
  const guards = openness || a.grant.threshold - b.grant.threshold || (a.grant.k ?? 0) - (b.grant.k ?? 0);
  return guards || byName(a.agreement.id, b.agreement.id) || byName(a.grant.id, b.grant.id);
}
const byName = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
