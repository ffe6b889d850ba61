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
  ['mode-not-of-type', 'Consented events are shown as subjects only, anonymised ones as counts or records only.'],
  ['field-not-for-recipient', 'A field of the grant is kept for agencies in other capacities.'],
  ['field-not-admitted', 'A field of the grant is shown only by a grant that admits its label by name.'],
  ['label-unknown', 'The law pack names a legal label that this build does not know, so it is refused.'],
  ['gateway-rule-unknown', 'The gateway asks for something that this build does not know, so it is refused.'],
  ['capacity-not-held', 'A party no longer holds the capacity that it signed in.'],
  ['anonymisation-test-missing', 'The agreement records no anonymisation test of this recipient.'],
  ['anonymisation-test-expired', 'The anonymisation test is past its review.'],
  ['anonymisation-test-of-counts-only', 'The anonymisation test covers counts, not records.'],
  ['anonymisation-test-too-coarse', 'The anonymisation test covers coarser places than the grant.'],
  ['purpose-not-a-function', 'The gateway serves other purposes only.'],
  ['not-held-for-functions', 'The publisher does not hold it for the purposes of its functions.'],
  ['patient-information-barred', 'The gateway carries no patient information, whoever holds it.'],
  ['health-personal-barred', 'The gateway carries no personal information of a health or social care authority.'],
  ['data-protection-basis-missing', 'The agreement records no basis under Article 6.'],
  ['dated-request-missing', 'No dated request of the recipient to this publisher covers it, or not so far back.'],
  ['provision-missing', 'The grant does not say for which provision of the Act.'],
  ['necessity-missing', 'The grant does not say why it is necessary or expedient.'],
  ['case-exchange-only', 'The gateway carries one case between named agencies, and nothing standing.'],
  ['emergency-only', 'The gateway carries emergency access, and nothing standing.'],
  ['opt-out-check-required', 'Identifiable health data without consent: the national data opt-out was not looked up.'],
  ['mode-not-granted', 'The grant is for answers of another kind.'],
  ['field-not-granted', 'A field of the question is not in the grant, or no field of these types.'],
  ['place-too-fine', 'The grant covers coarser places only.'],
  ['time-too-fine', 'The grant covers longer periods only.'],
  ['condition-unknown', 'The grant has a condition that this build does not know, so it is refused.'],
  ['outside-granted-days', 'The grant does not begin before, or ends before, this day.'],
  ['older-than-granted', 'The question reaches back further than the grant does.'],
  ['role-not-granted', 'The grant is for people in another role.'],
  ['justification-missing', 'The question carries no justification.'],
  ['case-reference-missing', 'The question carries no reference of a case.'],
  ['subject-unnamed', 'A question about a subject says nothing of the subject.'],
  ['consent-missing', 'No live consent covers it.'],
  ['limited-access', 'Access to the case is limited to people who are listed, and the asker is not.'],
];

/** Of several obstacles the one furthest along is reported. */
export const RULES: readonly string[] = MEANINGS.map(([rule]) => rule);
const PLACES: ReadonlyMap<string, number> = new Map(RULES.map((rule, at) => [rule, at]));
/** How far along a rule is asked; before all others where it is none of ours. */
export const placeOf = (rule: string): number => PLACES.get(rule) ?? -1;
/** For people, by rule. */
export const RULE_MEANINGS: ReadonlyMap<string, string> = new Map(MEANINGS);
