import { RULE_MEANINGS } from './rules.ts';

/** What `checkAgreement` finds beside what a gateway refuses, for people. */
export const GAP_MEANINGS: ReadonlyMap<string, string> = new Map([
  ['validity-reversed', 'Its last day lies before its first.'],
  ['review-outside-validity', 'The review does not lie after its first day and on its last or before.'],
  ['party-outside-validity', 'The party takes part on days on which the agreement is not valid, or on none.'],
  ['controller-not-a-party', 'A joint controller is no party.'],
  ['contact-not-a-party', 'A contact is of no party.'],
  ['contact-missing', 'It names nobody to turn to.'],
  ['publisher-not-a-party', 'The publisher is no party.'],
  ['consumer-not-a-party', 'The recipient is no party.'],
  ['dpia-missing', 'It names no data protection impact assessment.'],
  ['dpo-advice-missing', 'It records no advice of a data protection officer.'],
  ['article-6-missing', 'It states no basis under Article 6 of the UK GDPR.'],
  ['privacy-notice-missing', 'It gives no address of a privacy notice.'],
  ['handling-missing', 'It does not say how this is handled.'],
  ['article-9-missing', 'It states no condition for special categories of data, which the publishers process for it.'],
  ['schedule-1-missing', 'It states no condition for data about offences, which the publishers process for it.'],
  ['equality-assessment-missing', 'People are pointed out, and it names no assessment of equality.'],
  [
    'anonymisation-test-review-too-late',
    'The review of the test lies before the test, or more than twelve months after.',
  ],
  ['caldicott-sign-off-missing', 'It concerns health, and no Caldicott Guardian has signed it off.'],
  ['grants-missing', 'It grants nothing.'],
  ['purpose-not-of-agreement', 'The purpose is not one of the agreement’s.'],
  ['type-unknown', 'There is no such type of event.'],
  ['field-unknown', 'None of the types has such a field.'],
  [
    'records-of-several-types',
    'A grant of records names several types, whose halves of an occurrence might be put side by side.',
  ],
  ['k-missing', 'A grant of records does not say how many rows share each combination, or another grant does.'],
  ['licence-missing', 'It is open, and names no licence under which it is published already.'],
  ['address-missing', 'It is open, and does not say where it is published already.'],
  ['openness-contradicted', 'It is open and not of counts, or has a licence or an address and is not open.'],
  ['law-not-adopted', 'No law pack is adopted, so that no power can be relied on.'],
]);

/** What a gap means, for people; undefined for a rule that has no words. */
export const gapMeaning = (rule: string): string | undefined => GAP_MEANINGS.get(rule) ?? RULE_MEANINGS.get(rule);
