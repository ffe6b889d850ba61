import { londonDay, type AgencyId, type EventType, type Instant } from '#kernel';
import { feedKey, holdsCapacity, standsOn, type CompiledPolicy } from './policy.ts';

export type Admission =
  { readonly kind: 'admit' } | { readonly kind: 'refuse'; readonly rule: 'agency-not-enrolled' | 'agreement-required' };

/**
 * May this publisher's events of this type be taken in? Only under an agreement in force on the day (Europe/London)
 * that covers them, while the publisher holds the capacity in which it is a party: the operator is its processor and
 * has no purpose of its own (law.md, The operator).
 */
export function admit(policy: CompiledPolicy, publisher: AgencyId, type: EventType, at: Instant): Admission {
  if (!policy.agencies.has(publisher)) return { kind: 'refuse', rule: 'agency-not-enrolled' };
  const day = londonDay(at);
  const covered = policy.grantsByFeed
    .get(feedKey(publisher, type))
    ?.some(
      (live) => standsOn(live, day) && holdsCapacity(policy, publisher, live.parties.get(publisher) ?? 'none', day),
    );
  return covered === true ? { kind: 'admit' } : { kind: 'refuse', rule: 'agreement-required' };
}
