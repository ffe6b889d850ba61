export {
  AGREEMENT_LIMITS,
  readAgreement,
  type Agreement,
  type AgreementRead,
  type AnonymisationTest,
  type Grant,
} from './agreement.ts';
export { AGREEMENT_SCHEMA } from './agreement-schema.ts';
export { brokenCase } from './law-cases.ts';
export type { DutyRequestState } from './duty-requests.ts';
export { checkAgreement, type Gap } from './check-agreement.ts';
export {
  lawRuleOf,
  LAW_PACK_LIMITS,
  LAW_PACK_SCHEMA,
  readLawPack,
  type Gateway,
  type LawPack,
  type LawPackRead,
} from './law-pack.ts';
export { artefactsNamedBy, compile } from './compile.ts';
export {
  AGREEMENT_STATUSES,
  daysOf,
  isPartyOn,
  standingOn,
  statusOn,
  type AgreementState,
  type AgreementStatus,
  type AgreementVersion,
} from './agreement-state.ts';
export { dayBefore, isEmpty, within, type Window } from './calendar.ts';
export type { AdoptedPack, CompiledPolicy, EnrolledAgency } from './policy.ts';
export { holdsCapacity } from './policy.ts';
export { decide } from './decide.ts';
export { explain, type Explanation, type Weighed } from './explain.ts';
export type { Obstacle } from './gateway-rules.ts';
export { RULE_MEANINGS, RULES } from './rules.ts';
export { admit, type Admission } from './admit.ts';
export { draft, type Decided, type NewPolicyFact } from './draft.ts';
export { sign } from './sign.ts';
export { Rehearsal, type Showings } from './rehearsal.ts';
export { asKnownTo, standAlike } from './rehearsed-policy.ts';
export { changesBetween, CHANGES, reaches, type Change, type Grains } from './rehearsal-changes.ts';
export {
  rehearseGrants,
  rowsToRehearse,
  type Done,
  type GrantChange,
  type GrantsRehearsed,
  type Shown,
} from './rehearse-grants.ts';
export { suspend } from './suspend.ts';
export { resume } from './resume.ts';
export { end, ENDING_SCOPES, type Ending } from './end.ts';
export { isReviewOverdue, noteReview } from './note-review.ts';
export { agreementText } from './agreement-text.ts';
export { knownPurposes, type KnownPurpose } from './purposes.ts';
export { registerOf, type Register } from './register.ts';
export { registerText } from './register-text.ts';
