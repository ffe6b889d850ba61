/** Rules in the order they are asked (api.md, Ask), each with what its refusal means to whoever asked. */
const MEANINGS: readonly (readonly [string, string])[] = [
  ['purpose-missing', 'The question names no purpose.'],
  ['agency-not-enrolled', 'The agency is not enrolled, or not under the issuer of the token.'],
  ['role-not-held', 'The asker holds none of the roles that may ask this.'],
  ['no-agreement', 'No agreement in force covers these publishers and types for anyone.'],
  ['not-a-party', 'Agreements cover them, but the asker’s agency is a party to none.'],
  ['purpose-not-granted', 'The asker’s agency is a party, but no grant is for it and for this purpose.'],
  ['gateway-unknown', 'The adopted law pack has no such gateway.'],
  ['gateway-not-in-force', 'The gateway is not in force on the day.'],
  ['capacity-not-served', 'The gateway does not serve an agency in this legal capacity.'],
  ['mode-not-available', 'The gateway does not carry answers of this kind.'],
  ['type-not-carried', 'The gateway does not carry events of this type.'],
  ['gateway-rule-unknown', 'The gateway asks for something that this build does not know, so it is refused.'],
  ['capacity-not-held', 'A party no longer holds the capacity that it signed in.'],
  ['anonymisation-test-missing', 'The agreement records no anonymisation test.'],
  ['anonymisation-test-expired', 'The anonymisation test is past its review.'],
  ['anonymisation-test-too-coarse', 'The anonymisation test covers coarser places than the grant.'],
  ['mode-not-granted', 'The grant is for answers of another kind.'],
  ['field-not-granted', 'A field of the question is not in the grant.'],
  ['place-too-fine', 'The grant covers coarser places only.'],
  ['time-too-fine', 'The grant covers longer periods only.'],
];

/** Of several obstacles the one furthest along is reported. */
export const RULES: readonly string[] = MEANINGS.map(([rule]) => rule);
/** For people, by rule. */
export const RULE_MEANINGS: ReadonlyMap<string, string> = new Map(MEANINGS);
