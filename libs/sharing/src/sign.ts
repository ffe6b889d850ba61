import { hubFactType, type Principal } from '#contracts';
import { londonDay, type Instant, type Sha256 } from '#kernel';
import { checkAgreement } from './check-agreement.ts';
import type { AgreementState, Leaving } from './agreement-state.ts';
import { actorOf, type Decided, type NewPolicyFact } from './draft.ts';
import { hasSigned } from './fold.ts';
import { holdsCapacity, type CompiledPolicy } from './policy.ts';

/**
 * Signs the newest version for the signatory's agency; the last party's signature also brings it into force, in place of
 * those before it from its own first day on. One signature an agency and one a person, so that it takes two people of two
 * agencies at least; every signature is held against the law, the day and the parties as they are then.
 * Codes: `agreement-unknown`, `role-not-held`, `agency-not-enrolled`, `not-a-party`, `draft-changed` (the digest is not
 * the newest version's), `already-signed`, `person-signed-already`, `party-left`, `party-not-enrolled`, `law-not-adopted`,
 * `agreement-over`, `agreement-incomplete` with its gaps.
 */
export function sign(
  state: AgreementState | undefined,
  who: Principal,
  digest: Sha256,
  policy: CompiledPolicy,
  at: Instant,
): Decided {
  if (state === undefined) return { ok: false, code: 'agreement-unknown' };
  const refused = signatoryFault(state, who, digest, policy);
  if (refused !== undefined) return { ok: false, code: refused };
  const { agreement } = state;
  if (agreement === undefined) return { ok: false, code: 'agreement-unknown' };
  const day = londonDay(at);
  // it has left since this was drafted: its name can't stand under it
  const left = agreement.parties.findIndex((party) => state.left.some((one) => leaves(one, state, party.agency)));
  if (left >= 0) return { ok: false, code: 'party-left', field: `parties.${left}` };
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

const leaves = (leaving: Leaving, { version }: AgreementState, agency: string): boolean =>
  leaving.agency === agency && leaving.version >= version;

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
  if (state.ended !== undefined) return 'agreement-over';
  if (digest !== state.digest) return 'draft-changed';
  if (state.signatures.some((by) => by.agency === who.agency)) return 'already-signed';
  if (hasSigned(state.signatures, who)) return 'person-signed-already';
  return undefined;
}
