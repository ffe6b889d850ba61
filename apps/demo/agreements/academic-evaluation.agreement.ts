import { ALDERMOUTH_GENERAL, POLICE, ST_BRIDE, UNIVERSITY } from '../src/agencies.ts';
import { ATTENDANCES, INCIDENTS, records } from './grants.ts';
import { type AgreementDraft, caldicott, contact, party, term, tested } from './terms.ts';

const HOSPITALS = [ALDERMOUTH_GENERAL, ST_BRIDE];
/** At least this many records share each combination of where, when and what. */
const K = 10;

/**
 * Anonymous records for the evaluation of the navigators and of hot-spot policing: where, when and what, never who. Signed
 * by all; nothing is served under it before the hub freezes record releases.
 */
export const academicEvaluation = (day: string): AgreementDraft => ({
  id: 'academic-evaluation',
  title: 'Anonymous records for the evaluation of the county’s violence reduction programme',
  ...term(day),
  retention: 'P3Y',
  parties: [party(POLICE), ...HOSPITALS.map((hospital) => party(hospital)), party(UNIVERSITY)],
  purposes: ['evaluation'],
  contacts: [
    contact(UNIVERSITY, 'Principal investigator', 'evaluation'),
    contact(POLICE, 'Information management', 'information'),
    ...HOSPITALS.map((hospital) => contact(hospital, 'Caldicott Guardian', 'caldicott')),
  ],
  lawful: {
    dpia: 'UOE-DPIA-2026-019',
    dpoAdvice:
      'Officers of the four parties, 21 October: anonymous in the researchers’ hands; ethics approval UOE/2026/88.',
    article6: 'For making it anonymous: Article 6(1)(e), public task.',
    article9: 'For making it anonymous: Article 9(2)(j) with DPA 2018 Schedule 1 paragraph 4, research.',
    lawEnforcement: true,
    privacyNotice: 'https://university-of-elmhaven.example/violence-research/privacy',
  },
  anonymisationTests: tested(
    day,
    {
      method:
        'Records of two years, each combination held by ten or more; then a motivated-intruder test, three readers.',
      assessor: 'Joint information governance board of the two trusts, with Merrowshire Police',
      place: 'district',
      mode: 'record',
    },
    [UNIVERSITY, 'Open street crime, press archives, a survey of 400 young people held under their own names.'],
  ),
  caldicott: caldicott(day, 'Medical director, Aldermouth General Hospital', {
    justifyPurpose: 'Whether navigators and hot-spot policing lower injury: nobody knows it yet.',
    onlyWhenNecessary: 'Models of time and place need records; counts by quarter cannot tell the two programmes apart.',
    minimumNecessary: 'District, month, method, kind of place. No age, no sex, no day.',
    needToKnow: 'Three named researchers, in the university’s secure environment.',
    awareOfResponsibilities: 'Accredited researchers; each signs the data access agreement of the university.',
    complyWithLaw: 'Anonymous by the test of clause 5, which looked at records; reviewed within a year.',
    dutyToShare: 'A programme that does not work costs lives, and one that does should be kept.',
    informPatients: 'The notice of clause 4, the trusts’ research pages and the waiting-room posters.',
  }),
  grants: [
    records('attendances', K, {
      publishers: HOSPITALS,
      consumer: UNIVERSITY,
      types: [ATTENDANCES],
      purposes: ['evaluation'],
      gateway: 'anonymous',
      fields: ['method', 'locationType'],
      place: 'district',
      time: 'month',
    }),
    records('incidents', K, {
      publishers: [POLICE],
      consumer: UNIVERSITY,
      types: [INCIDENTS],
      purposes: ['evaluation'],
      gateway: 'anonymous',
      fields: ['category', 'knifeOrSharp', 'locationType'],
      place: 'district',
      time: 'month',
    }),
  ],
});
