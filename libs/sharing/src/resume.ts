import { hubFactType, type Principal } from '#contracts';
import type { AgreementState } from './agreement-state.ts';
import { actorOf, type Decided } from './draft.ts';
import type { CompiledPolicy } from './policy.ts';
import { suspenderFault } from './suspend.ts';

/**
 * Lifts the suspension of the signatory's or guardian's own agency; those of other parties stand. An agency that has left
 * meanwhile may still lift its own, since nobody else can.
 * Codes: `agreement-unknown`, `role-not-held`, `agency-not-enrolled`, `not-suspended`.
 */
export function resume(state: AgreementState | undefined, who: Principal, policy: CompiledPolicy): Decided {
  if (state === undefined) return { ok: false, code: 'agreement-unknown' };
  const refused = suspenderFault(who, policy);
  if (refused !== undefined) return { ok: false, code: refused };
  if (!state.suspensions.some(({ agency }) => agency === who.agency)) return { ok: false, code: 'not-suspended' };
  const data = { agreement: state.id, by: actorOf(who) };
  return { ok: true, events: [{ type: hubFactType('uk.svd.hub.agreement-resumed.v1'), data }] };
}
