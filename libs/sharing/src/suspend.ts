import { hubFactType, type LifecycleReason, type Principal } from '#contracts';
import { londonDay, type Instant } from '#kernel';
import { governsOn, standingOn, type AgreementState } from './agreement-state.ts';
import { actorOf, type Decided } from './draft.ts';
import type { CompiledPolicy } from './policy.ts';

/**
 * Suspends an agreement for the signatory's or guardian's agency, at once: nothing of it is disclosed or taken in until that
 * agency lifts it. Any party of what stands may, whatever the others say.
 * Codes: `agreement-unknown`, `role-not-held`, `agency-not-enrolled`, `not-a-party`, `agreement-over`,
 * `agreement-not-in-force`, `already-suspended`.
 */
export function suspend(
  state: AgreementState | undefined,
  who: Principal,
  reason: LifecycleReason,
  policy: CompiledPolicy,
  at: Instant,
): Decided {
  if (state === undefined) return { ok: false, code: 'agreement-unknown' };
  const day = londonDay(at);
  const refused = suspenderFault(who, policy) ?? suspensionFault(state, who, day);
  if (refused !== undefined) return { ok: false, code: refused };
  const data = { agreement: state.id, reason, by: actorOf(who) };
  return { ok: true, events: [{ type: hubFactType('uk.svd.hub.agreement-suspended.v1'), data }] };
}

/** Why this person may neither suspend nor resume, whatever the agreement. */
export function suspenderFault(who: Principal, policy: CompiledPolicy): string | undefined {
  if (!who.roles.has('signatory') && !who.roles.has('guardian')) return 'role-not-held';
  if (policy.agencies.get(who.agency)?.issuers.includes(who.issuer) !== true) return 'agency-not-enrolled';
  return undefined;
}

function suspensionFault(state: AgreementState, { agency }: Principal, day: string): string | undefined {
  if (!governsOn(state, agency, day)) return 'not-a-party';
  if (state.ended !== undefined && day >= state.ended.on) return 'agreement-over';
  if (standingOn(state, day).length === 0) return 'agreement-not-in-force';
  return state.suspensions.some((one) => one.agency === agency) ? 'already-suspended' : undefined;
}
