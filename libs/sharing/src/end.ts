import { hubFactType, type LifecycleReason, type Principal } from '#contracts';
import { londonDay, type Instant } from '#kernel';
import { governsOn, type AgreementState } from './agreement-state.ts';
import { isDay } from './calendar.ts';
import { actorOf, type Decided } from './draft.ts';
import type { CompiledPolicy } from './policy.ts';

/** `agreement`: over for every party and for good · `own`: the signatory's agency leaves, the others carry on. */
export const ENDING_SCOPES = ['agreement', 'own'] as const;
export interface Ending {
  /** First day without it, or outside; today when absent, which is at once. */
  readonly on?: string | undefined;
  readonly reason: LifecycleReason;
  readonly scope: (typeof ENDING_SCOPES)[number];
}

/**
 * Ends an agreement, or one party's part in it, by a signatory of any party of what stands; of a draft that never came into
 * force too, which then waits no longer. The day may be ahead, and brought forward later, never back and never put off.
 * Codes: `agreement-unknown`, `role-not-held`, `agency-not-enrolled`, `not-a-party`, `agreement-over`, `day-invalid`,
 * `day-past`, `ending-fixed` (it ends, or leaves, on that day or before it already).
 */
export function end(
  state: AgreementState | undefined,
  who: Principal,
  { on, reason, scope }: Ending,
  policy: CompiledPolicy,
  at: Instant,
): Decided {
  if (state === undefined) return { ok: false, code: 'agreement-unknown' };
  const day = londonDay(at);
  const refused = enderFault(state, who, policy, day);
  if (refused !== undefined) return { ok: false, code: refused };
  const first = on ?? day;
  if (!isDay(first)) return { ok: false, code: 'day-invalid', field: 'on' };
  if (first < day) return { ok: false, code: 'day-past', field: 'on' };
  const { id, ended, left, version } = state;
  const fixed = [
    ...(ended === undefined ? [] : [ended.on]),
    ...(scope === 'own' ? left.filter((one) => one.agency === who.agency && one.version >= version) : []).map(
      (one) => one.on,
    ),
  ];
  if (fixed.some((already) => already <= first)) return { ok: false, code: 'ending-fixed', field: 'on' };
  const data = { agreement: id, on: first, reason, by: actorOf(who) };
  return {
    ok: true,
    events: [
      scope === 'agreement'
        ? { type: hubFactType('uk.svd.hub.agreement-ended.v1'), data }
        : { type: hubFactType('uk.svd.hub.agreement-left.v1'), data: { ...data, agency: who.agency } },
    ],
  };
}

/** Why this person may end nothing of it, on whatever day. */
function enderFault(state: AgreementState, who: Principal, policy: CompiledPolicy, day: string): string | undefined {
  if (!who.roles.has('signatory')) return 'role-not-held';
  if (policy.agencies.get(who.agency)?.issuers.includes(who.issuer) !== true) return 'agency-not-enrolled';
  if (!governsOn(state, who.agency, day)) return 'not-a-party';
  return state.ended !== undefined && day >= state.ended.on ? 'agreement-over' : undefined;
}
