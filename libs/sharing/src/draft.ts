import { hubFactType, type HubFacts, type HubFactType, type Principal } from '#contracts';
import { londonDay, type EventType, type Instant, type Sha256 } from '#kernel';
import type { Agreement } from './agreement.ts';
import type { Gap } from './check-agreement.ts';
import { editsOn, governsOn, standingOn, type AgreementState } from './agreement-state.ts';
import { holdsCapacity, type CompiledPolicy } from './policy.ts';

/** A fact to append, typed by its name. */
export type NewPolicyFact = {
  readonly [T in HubFactType]: { readonly type: EventType & T; readonly data: HubFacts[T] };
}[HubFactType];
export type Decided =
  | { readonly ok: true; readonly events: readonly NewPolicyFact[] }
  /** `gaps` says what is missing where the code is `agreement-incomplete`. */
  | { readonly ok: false; readonly code: string; readonly field?: string; readonly gaps?: readonly Gap[] };

/**
 * Agreements that an agency may have begun that never came into force and were not ended: the text of each is held in
 * memory.
 */
export const DRAFTS_PER_AGENCY = 50;

/**
 * Drafts an agreement, or edits it: version + 1, which voids the signatures of the draft before it. What is in force stays
 * in force until every party of the new version has signed (ADR 0007). The drafter is a steward of a party; every party is
 * enrolled in its capacity on the day. A party may be left out of an edit, but somebody of what stands stays in.
 * Codes: `role-not-held`, `agency-not-enrolled`, `not-a-party`, `party-not-enrolled`, `agreement-id-differs`,
 * `agreement-unchanged`, `agreement-over`, `drafts-full`.
 */
export function draft(
  state: AgreementState | undefined,
  text: { readonly agreement: Agreement; readonly digest: Sha256 },
  who: Principal,
  policy: CompiledPolicy,
  at: Instant,
): Decided {
  const { agreement, digest } = text;
  const day = londonDay(at);
  const refused = drafterFault(state, text, who, policy, day);
  if (refused !== undefined) return { ok: false, ...refused };
  const stranger = agreement.parties.findIndex((party) => !holdsCapacity(policy, party.agency, party.capacity, day));
  if (stranger >= 0) return { ok: false, code: 'party-not-enrolled', field: `parties.${stranger}` };
  const drafted = {
    agreement: agreement.id,
    version: (state?.version ?? 0) + 1,
    digest,
    parties: agreement.parties.map((party) => party.agency),
    by: actorOf(who),
  };
  return { ok: true, events: [{ type: hubFactType('uk.svd.hub.agreement-drafted.v1'), data: drafted }] };
}

/** Why this person may not draft this text, whoever its parties are. */
function drafterFault(
  state: AgreementState | undefined,
  { agreement, digest }: { readonly agreement: Agreement; readonly digest: Sha256 },
  who: Principal,
  policy: CompiledPolicy,
  day: string,
): { readonly code: string; readonly field?: string } | undefined {
  if (!who.roles.has('steward')) return { code: 'role-not-held' };
  if (policy.agencies.get(who.agency)?.issuers.includes(who.issuer) !== true) return { code: 'agency-not-enrolled' };
  if (!agreement.parties.some((party) => party.agency === who.agency)) return { code: 'not-a-party' };
  if (state === undefined) return begunBy(policy, who) >= DRAFTS_PER_AGENCY ? { code: 'drafts-full' } : undefined;
  // an edit can't be made by someone who was no party before it
  if (!editsOn(state, who.agency, day)) return { code: 'not-a-party' };
  if (state.ended !== undefined) return { code: 'agreement-over' };
  if (state.id !== agreement.id) return { code: 'agreement-id-differs', field: 'id' };
  if (state.digest === digest) return { code: 'agreement-unchanged' };
  // those whom a draft alone names can't take the place of those in force
  const staying = agreement.parties.some((party) => governsOn(state, party.agency, day));
  return standingOn(state, day).length > 0 && !staying ? { code: 'not-a-party', field: 'parties' } : undefined;
}

const begunBy = ({ agreements }: CompiledPolicy, { agency }: Principal): number =>
  [...agreements.values()].filter((one) => one.begunBy === agency && isUnborn(one)).length;
const isUnborn = ({ versions, ended }: AgreementState): boolean =>
  ended === undefined && versions.every(({ window }) => window === undefined);

export const actorOf = ({ issuer, person, agency }: Principal) => ({ issuer, person, agency });
