import { eventType } from '#kernel';
import { ALDERMOUTH_GENERAL, ANALYSIS, ST_BRIDE } from '../src/agencies.ts';
import { type AgreementDraft, caldicott, term, tested } from './terms.ts';

const HOSPITALS = [ALDERMOUTH_GENERAL.agency, ST_BRIDE.agency];

/** Assaults seen by the emergency departments, by district and month: small numbers never shown. */
export const edSurveillance = (day: string): AgreementDraft => ({
  id: 'ed-surveillance',
  title: 'Assault attendances at emergency departments, for surveillance',
  parties: [
    { agency: ALDERMOUTH_GENERAL.agency, capacity: ALDERMOUTH_GENERAL.capacity },
    { agency: ST_BRIDE.agency, capacity: ST_BRIDE.capacity },
    { agency: ANALYSIS.agency, capacity: ANALYSIS.capacity },
  ],
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  ...term(day),
  contacts: HOSPITALS.map((agency) => ({ agency, role: 'Caldicott Guardian', mailbox: `caldicott@${agency}.example` })),
  lawful: {
    dpia: 'AG-DPIA-2026-031',
    dpoAdvice: 'Split at source and counted by district: anonymous in the recipient’s hands.',
    article6: 'For making it anonymous: Article 6(1)(e), public task.',
    article9: 'For making it anonymous: Article 9(2)(h), management of health services.',
    lawEnforcement: false,
    privacyNotice: 'https://aldermouth-general.example/privacy',
  },
  anonymisationTests: tested(day, [ANALYSIS], {
    method: 'Motivated-intruder test on six months of attendances of both departments.',
    assessor: 'Joint information governance board of the two trusts',
    recipientKnowledge: 'Open street crime by LSOA and month; local press; no access to patient records.',
    place: 'district',
  }),
  caldicott: caldicott(day, 'Medical director, Aldermouth General Hospital'),
  grants: [
    {
      id: 'places',
      publishers: HOSPITALS,
      types: [eventType('uk.svd.health.ed-attendance-recorded.v1')],
      consumer: ANALYSIS.agency,
      purposes: ['sv-needs-assessment', 'sv-strategy'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['method', 'locationType', 'arrivalDelay'],
      place: 'district',
      time: 'month',
      ageBands: 'standard',
      threshold: 7,
      openness: 'protected',
      conditions: [],
    },
    {
      id: 'profiles',
      publishers: HOSPITALS,
      types: [eventType('uk.svd.health.ed-attendance-profiled.v1')],
      consumer: ANALYSIS.agency,
      purposes: ['sv-needs-assessment', 'sv-strategy'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['method', 'ageBand', 'sex', 'disposal', 'severity', 'navigator', 'policeNotified'],
      place: 'district',
      time: 'month',
      ageBands: 'standard',
      threshold: 7,
      openness: 'protected',
      conditions: [],
    },
  ],
});
