import { eventType } from '#kernel';
import { CITY_COUNCIL, COUNTY_COUNCIL, YOUTH_JUSTICE } from '../src/agencies.ts';
import { type AgreementDraft, term, tested } from './terms.ts';

/** Exclusions for violence and weapons, so that prevention begins at the school gate: counts, never a child. */
export const exclusionsToYouthJustice = (day: string): AgreementDraft => ({
  id: 'exclusions-to-youth-justice',
  title: 'Counts of school exclusions for violence and weapons',
  parties: [
    { agency: COUNTY_COUNCIL.agency, capacity: COUNTY_COUNCIL.capacity },
    { agency: CITY_COUNCIL.agency, capacity: CITY_COUNCIL.capacity },
    { agency: YOUTH_JUSTICE.agency, capacity: YOUTH_JUSTICE.capacity },
  ],
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  ...term(day),
  contacts: [
    { agency: COUNTY_COUNCIL.agency, role: 'Inclusion service', mailbox: 'inclusion@merrowshire-council.example' },
    { agency: CITY_COUNCIL.agency, role: 'Inclusion service', mailbox: 'inclusion@aldermouth-council.example' },
  ],
  lawful: {
    dpia: 'MCC-DPIA-2026-107',
    dpoAdvice: 'Termly counts by district; advice of both councils’ officers attached to the assessment.',
    article6: 'For making it anonymous: Article 6(1)(e), public task.',
    lawEnforcement: false,
    privacyNotice: 'https://merrowshire-council.example/privacy/schools',
  },
  anonymisationTests: tested(day, [YOUTH_JUSTICE], {
    method: 'Comparison with the department’s open tables by local authority, treated as known.',
    assessor: 'Merrowshire County Council, data protection officer',
    recipientKnowledge: 'The service knows some of the children by name, but not who stands behind a count.',
    place: 'district',
  }),
  grants: [
    {
      id: 'counts',
      publishers: [COUNTY_COUNCIL.agency, CITY_COUNCIL.agency],
      types: [eventType('uk.svd.education.exclusion-profiled.v1')],
      consumer: YOUTH_JUSTICE.agency,
      purposes: ['sv-needs-assessment', 'sv-strategy'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['kind', 'reasons', 'weaponKind', 'weaponAct', 'ageBand', 'sex'],
      place: 'district',
      time: 'quarter',
      ageBands: 'standard',
      threshold: 7,
      openness: 'protected',
      conditions: [],
    },
  ],
});
