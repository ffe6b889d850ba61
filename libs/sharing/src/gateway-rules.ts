import type { AgencyId } from '#kernel';
import { gatewayInForce, gatewayOf, type Gateway } from './law-pack.ts';
import { finerThan } from './grains.ts';
import { holdsCapacity, type CompiledPolicy, type LiveGrant } from './policy.ts';

/** Why a grant can't carry a request: a rule, and what would have to exist. */
export interface Obstacle {
  readonly rule: string;
  readonly section?: string;
  readonly missing: readonly string[];
}
interface Case {
  readonly policy: CompiledPolicy;
  readonly live: LiveGrant;
  readonly publisher: AgencyId;
  readonly consumer: AgencyId;
  readonly day: string;
}

/** What the gateway's own rules, which no agreement can grant away, hold against one publisher's rows (law.md, Gateways). */
export function gatewayObstacle(facts: Case): Obstacle | undefined {
  const { grant, parties } = facts.live;
  const gateway = gatewayOf(facts.policy.law, grant.gateway);
  if (gateway === undefined) return { rule: 'gateway-unknown', missing: [`gateway:${grant.gateway}`] };
  const refuse = (rule: string, ...missing: string[]): Obstacle => ({ rule, section: gateway.source, missing });
  if (!gatewayInForce(gateway, facts.day)) return refuse('gateway-not-in-force', `gateway:${gateway.id}`);
  if (!serves(gateway.to, parties.get(facts.consumer))) return refuse('capacity-not-served', `party:${facts.consumer}`);
  if (!serves(gateway.from, parties.get(facts.publisher)))
    return refuse('capacity-not-served', `party:${facts.publisher}`);
  if (!gateway.carries.includes(grant.mode)) return refuse('mode-not-available', `mode:${grant.mode}`);
  const type = grant.types.find((one) => !gateway.types.includes(one));
  if (type !== undefined) return refuse('type-not-carried', `type:${type}`);
  for (const { rule, source } of gateway.requires) {
    const check = Object.hasOwn(REQUIREMENTS, rule) ? REQUIREMENTS[rule] : undefined;
    const found = check === undefined ? { rule: 'gateway-rule-unknown', missing: [`rule:${rule}`] } : check(facts);
    if (found !== undefined) return { ...found, section: source };
  }
  return undefined;
}

const serves = (capacities: Gateway['from'], held: string | undefined): boolean =>
  held !== undefined && (capacities === 'any' || capacities.some((capacity) => capacity === held));

const REQUIREMENTS: Readonly<Record<string, (facts: Case) => Obstacle | undefined>> = {
  capacity: ({ policy, live, publisher, consumer, day }) => {
    const lapsed = [consumer, publisher].find(
      (agency) => !holdsCapacity(policy, agency, live.parties.get(agency) ?? 'none', day),
    );
    return lapsed === undefined ? undefined : { rule: 'capacity-not-held', missing: [`capacity:${lapsed}`] };
  },
  'anonymisation-test': ({ live, day }) => {
    const test = live.agreement.anonymisationTest;
    const missing = ['anonymisation-test'];
    if (test === undefined || day < test.date) return { rule: 'anonymisation-test-missing', missing };
    if (day > test.review) return { rule: 'anonymisation-test-expired', missing };
    if (finerThan(live.grant.place, test.place)) return { rule: 'anonymisation-test-too-coarse', missing };
    return undefined;
  },
};

/** Requirements that this build can check; one outside this list refuses whatever rests on it. */
export const KNOWN_REQUIREMENTS: readonly string[] = Object.keys(REQUIREMENTS);
