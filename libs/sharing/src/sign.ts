import { hubFactType, type Principal } from '#contracts';
import { londonDay, type Instant, type Sha256 } from '#kernel';
import { checkAgreement } from './check-agreement.ts';
import { hasSigned } from './compile.ts';
import { actorOf, type Decided, type NewPolicyFact } from './draft.ts';
import { holdsCapacity, type AgreementState, type CompiledPolicy } from './policy.ts';

/**
 * Signs the current draft for the signatory's agency; the last party's signature also brings it into force. One
 * signature an agency and one a person, so that it takes two people of two agencies at least.
 * Codes: `agreement-unknown`, `role-not-held`, `agency-not-enrolled`, `not-a-party`, `draft-changed` (the digest is not
 * the current draft's), `already-signed`, `person-signed-already`, `party-not-enrolled`, `law-not-adopted`,
 * `agreement-over`, `agreement-incomplete` with its gaps.
 */
export function sign(
  state: AgreementState | undefined,
  who: Principal,
  digest: Sha256,
  policy: CompiledPolicy,
  at: Instant,
): Decided {
  if (state?.agreement === undefined) return { ok: false, code: 'agreement-unknown' };
  const { agreement } = state;
  const refused = signatoryFault(state, who, digest, policy);
  if (refused !== undefined) return { ok: false, code: refused };
  const day = londonDay(at);
  const lapsed = agreement.parties.findIndex((party) => !holdsCapacity(policy, party.agency, party.capacity, day));
  if (lapsed >= 0) return { ok: false, code: 'party-not-enrolled', field: `parties.${lapsed}` };
  if (day > agreement.validity.to) return { ok: false, code: 'agreement-over', field: 'validity.to' };
  if (policy.law === undefined) return { ok: false, code: 'law-not-adopted' };
  const gaps = checkAgreement(agreement, policy);
  if (gaps.length > 0) return { ok: false, code: 'agreement-incomplete', gaps };
  const named = { agreement: state.id, version: state.version, digest };
  const signed: NewPolicyFact = {
    type: hubFactType('uk.svd.hub.agreement-signed.v1'),
    data: { ...named, by: actorOf(who) },
  };
  const waiting = state.parties.filter((party) => !state.signatures.some((by) => by.agency === party));
  if (waiting.length > 1) return { ok: true, events: [signed] };
  const { from, to } = agreement.validity;
  const inForce: NewPolicyFact = {
    type: hubFactType('uk.svd.hub.agreement-in-force.v1'),
    data: { ...named, from, to },
  };
  return { ok: true, events: [signed, inForce] };
}

/** Why this person may not put this signature, whatever the agreement says. */
function signatoryFault(
  state: AgreementState,
  who: Principal,
  digest: Sha256,
  policy: CompiledPolicy,
): string | undefined {
  if (!who.roles.has('signatory')) return 'role-not-held';
  if (policy.agencies.get(who.agency)?.issuers.includes(who.issuer) !== true) return 'agency-not-enrolled';
  if (!state.parties.includes(who.agency)) return 'not-a-party';
  if (digest !== state.digest) return 'draft-changed';
  if (state.signatures.some((by) => by.agency === who.agency)) return 'already-signed';
  if (hasSigned(state.signatures, who)) return 'person-signed-already';
  return undefined;
}
