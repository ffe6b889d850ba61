import { hubFactType } from '#contracts';
import { londonDay, type Instant } from '#kernel';
import { statusOn, type AgreementState, type AgreementVersion } from './agreement-state.ts';
import type { Decided, NewPolicyFact } from './draft.ts';

/** The day by which its parties were to review it has passed, while it is in force or suspended. It stops no disclosure. */
export function isReviewOverdue(state: AgreementState, version: AgreementVersion, day: string): boolean {
  const status = statusOn(state, version, day);
  return (
    (status === 'in-force' || status === 'suspended') &&
    version.agreement !== undefined &&
    day > version.agreement.review
  );
}

/** Notes each version whose review is overdue, once. Nothing to note is no fault: no events. */
export function noteReview(state: AgreementState, at: Instant): Decided & { readonly ok: true } {
  const day = londonDay(at);
  const events = state.versions
    .filter((one) => isReviewOverdue(state, one, day) && !state.reviewsNoted.includes(one.version))
    .map(({ version, agreement }): NewPolicyFact => ({
      type: hubFactType('uk.svd.hub.agreement-review-overdue.v1'),
      data: { agreement: state.id, version, review: agreement?.review ?? '' },
    }));
  return { ok: true, events };
}
