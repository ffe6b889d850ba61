import { ALDERMOUTH_GENERAL, ANALYSIS, COUNTY_COUNCIL, ST_BRIDE } from '../src/agencies.ts';
import { ATTENDANCE_PROFILES, ATTENDANCES, counts } from './grants.ts';
import { type AgreementDraft, caldicott, contact, owed, party, term, tested } from './terms.ts';

const HOSPITALS = [ALDERMOUTH_GENERAL, ST_BRIDE];

/** Assaults seen by the emergency departments, by district: small numbers never shown, and nobody's record. */
export const edInjurySurveillance = (day: string): AgreementDraft => ({
  id: 'ed-injury-surveillance',
  title: 'Assaults seen by emergency departments: anonymous surveillance of injury',
  ...term(day),
  parties: [...HOSPITALS.map((hospital) => party(hospital)), party(ANALYSIS), party(COUNTY_COUNCIL)],
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  contacts: HOSPITALS.map((hospital) => contact(hospital, 'Caldicott Guardian', 'caldicott')),
  lawful: {
    dpia: 'AG-DPIA-2026-031',
    dpoAdvice:
      'Split at source and counted by district, it is anonymous in each recipient’s hands; advice of 9 October.',
    article6: 'For making it anonymous: Article 6(1)(e), public task.',
    article9: 'For making it anonymous: Article 9(2)(h), management of health services.',
    lawEnforcement: false,
    privacyNotice: 'https://aldermouth-general.example/privacy',
  },
  anonymisationTests: tested(
    day,
    {
      method: 'Motivated-intruder test on six months of attendances of both departments, two readers.',
      assessor: 'Joint information governance board of the two trusts',
      place: 'district',
    },
    [ANALYSIS, 'Open street crime by LSOA and month; local press; no access to patient records.'],
    [COUNTY_COUNCIL, 'Knows families from social care and schools, by name; cannot tell who stands behind a count.'],
  ),
  caldicott: caldicott(day, 'Medical director, Aldermouth General Hospital', {
    justifyPurpose: 'To know where and when people are hurt, so that the strategy acts there: clause 2.',
    onlyWhenNecessary:
      'No record of a patient leaves. Many of these assaults are in no police figure, so counts are needed.',
    minimumNecessary: 'The fields of section 7 and no others; where and when is split from who, at source.',
    needToKnow: 'Analysts of the two recipients, each signed in by name and on record.',
    awareOfResponsibilities: 'Yearly training; analysts sign the code of practice for statistics.',
    complyWithLaw: 'Section 7 rests on anonymity, tested for each recipient in clause 5; reviewed within a year.',
    dutyToShare: 'Keeping it back leaves people in danger in places that nobody looks at.',
    informPatients: 'Posters in both waiting rooms, in five languages, and the notice of clause 4.',
  }),
  returns: HOSPITALS.map((hospital) => ({
    ...owed('istv-monthly', hospital, [ATTENDANCES], 'Emergency department data manager', 'ed-data'),
    department: '01',
  })),
  grants: [
    counts('places', {
      publishers: HOSPITALS,
      consumer: ANALYSIS,
      types: [ATTENDANCES],
      purposes: ['sv-needs-assessment', 'sv-strategy'],
      gateway: 'anonymous',
      fields: ['method', 'locationType', 'arrivalDelay'],
      place: 'district',
      time: 'month',
    }),
    counts('profiles', {
      publishers: HOSPITALS,
      consumer: ANALYSIS,
      types: [ATTENDANCE_PROFILES],
      purposes: ['sv-needs-assessment', 'sv-strategy'],
      gateway: 'anonymous',
      fields: ['method', 'ageBand', 'sex', 'disposal', 'severity', 'navigator', 'policeNotified'],
      place: 'district',
      time: 'month',
    }),
    counts('public-health', {
      publishers: HOSPITALS,
      consumer: COUNTY_COUNCIL,
      types: [ATTENDANCES],
      purposes: ['sv-needs-assessment'],
      gateway: 'anonymous',
      fields: ['locationType'],
      place: 'csp',
      time: 'quarter',
      threshold: 12,
    }),
  ],
});
