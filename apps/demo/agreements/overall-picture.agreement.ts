import { eventType } from '#kernel';
import {
  ALDERMOUTH_GENERAL,
  ANALYSIS,
  CITY_COUNCIL,
  COUNTY_COUNCIL,
  type DemoAgency,
  POLICE,
  PRISON,
  PUBLISHERS,
  ST_BRIDE,
} from '../src/agencies.ts';
import { type AgreementDraft, caldicott, type GrantDraft, term, tested } from './terms.ts';

const POLICE_FORCE = [POLICE];
const HOSPITALS = [ALDERMOUTH_GENERAL, ST_BRIDE];
const AUTHORITIES = [COUNTY_COUNCIL, CITY_COUNCIL];
const PRISONS = [PRISON];

/** Counts of one kind of event, by its own publishers only, each quarter and district. */
const grant = (
  id: string,
  publishers: readonly DemoAgency[],
  type: string,
  ...fields: readonly string[]
): GrantDraft => ({
  id,
  publishers: publishers.map(({ agency }) => agency),
  types: [eventType(type)],
  consumer: ANALYSIS.agency,
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  mode: 'count',
  gateway: 'anonymous',
  fields,
  place: 'district',
  time: 'quarter',
  ageBands: 'standard',
  threshold: 7,
  openness: 'protected',
  conditions: [],
});

/** All publishers to the county's analysts, coarsely: the roll-up behind the needs assessment and the strategy. */
export const overallPicture = (day: string): AgreementDraft => ({
  id: 'overall-picture',
  title: 'The shared picture of serious violence, by district and quarter',
  parties: [...PUBLISHERS, ANALYSIS].map(({ agency, capacity }) => ({ agency, capacity })),
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  ...term(day),
  contacts: [{ agency: ANALYSIS.agency, role: 'Partnership analyst', mailbox: 'picture@merrowshire-analysis.example' }],
  lawful: {
    dpia: 'SVD-DPIA-2026-001',
    dpoAdvice: 'Joint advice of the parties’ officers: coarse counts under disclosure control.',
    article6: 'For making it anonymous: Article 6(1)(e), public task.',
    article9: 'For making it anonymous: Article 9(2)(g) with DPA 2018 Schedule 1 paragraph 6.',
    lawEnforcement: true,
    privacyNotice: 'https://merrowshire-analysis.example/privacy',
  },
  anonymisationTests: tested(day, [ANALYSIS], {
    method: 'Linear audit of the published relations with the open tables as known.',
    assessor: 'Merrowshire county analysis unit, disclosure control lead',
    recipientKnowledge: 'Open street crime and exclusion tables; the unit holds no case files.',
    place: 'district',
  }),
  caldicott: caldicott(day, 'Medical director, Aldermouth General Hospital'),
  grants: [
    {
      ...grant('serious-violence-profiles', POLICE_FORCE, 'uk.svd.police.incident-profiled.v1'),
      fields: ['subjectRole', 'offenceCode', 'knifeOrSharp', 'weapon', 'injury', 'ageBand', 'sex'],
      time: 'month',
    },
    grant('incident-places', POLICE_FORCE, 'uk.svd.police.incident-recorded.v1', 'locationType'),
    grant('attendance-places', HOSPITALS, 'uk.svd.health.ed-attendance-recorded.v1', 'locationType'),
    grant('attendance-profiles', HOSPITALS, 'uk.svd.health.ed-attendance-profiled.v1', 'ageBand', 'sex'),
    grant('exclusion-profiles', AUTHORITIES, 'uk.svd.education.exclusion-profiled.v1', 'ageBand', 'sex'),
    grant('release-profiles', PRISONS, 'uk.svd.prison.release-profiled.v1', 'ageBand', 'sex'),
  ],
});
