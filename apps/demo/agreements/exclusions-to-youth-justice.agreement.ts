import { CITY_COUNCIL, COUNTY_COUNCIL, YOUTH_JUSTICE } from '../src/agencies.ts';
import { counts, EXCLUSION_PROFILES } from './grants.ts';
import { type AgreementDraft, contact, party, term, tested } from './terms.ts';

const COUNCILS = [COUNTY_COUNCIL, CITY_COUNCIL];

/** Exclusions for violence and weapons, so that prevention begins at the school gate: counts, never a child. */
export const exclusionsToYouthJustice = (day: string): AgreementDraft => ({
  id: 'exclusions-to-youth-justice',
  title: 'Counts of school exclusions for violence and weapons',
  ...term(day),
  parties: [...COUNCILS.map((council) => party(council, 'educational-authority')), party(YOUTH_JUSTICE)],
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  contacts: COUNCILS.map((council) => contact(council, 'Inclusion service', 'inclusion')),
  lawful: {
    dpia: 'MCC-DPIA-2026-107',
    dpoAdvice: 'Termly counts by district; advice of both councils’ officers attached to the assessment.',
    article6: 'For making it anonymous: Article 6(1)(e), public task.',
    lawEnforcement: false,
    privacyNotice: 'https://merrowshire-council.example/privacy/schools',
  },
  anonymisationTests: tested(
    day,
    {
      method: 'Comparison with the department’s open tables by local authority, treated as known.',
      assessor: 'Merrowshire County Council, data protection officer',
      place: 'district',
    },
    [YOUTH_JUSTICE, 'The service knows some of the children by name, but not who stands behind a count.'],
  ),
  grants: [
    counts('counts', {
      publishers: COUNCILS,
      consumer: YOUTH_JUSTICE,
      types: [EXCLUSION_PROFILES],
      purposes: ['sv-needs-assessment', 'sv-strategy'],
      gateway: 'anonymous',
      fields: ['kind', 'reasons', 'weaponKind', 'weaponAct', 'ageBand', 'sex'],
      place: 'district',
      time: 'quarter',
    }),
  ],
});
