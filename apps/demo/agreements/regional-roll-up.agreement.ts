import { ANALYSIS, CITY_COUNCIL, COMMISSIONER, COUNTY_COUNCIL, POLICE, PRISON } from '../src/agencies.ts';
import { counts, EXCLUSION_PROFILES, INCIDENT_PROFILES, INCIDENTS, RELEASE_PROFILES } from './grants.ts';
import { monitoring } from './regional-monitoring.ts';
import { type AgreementDraft, contact, owed, party, term, tested } from './terms.ts';

const COUNCILS = [COUNTY_COUNCIL, CITY_COUNCIL];
/** To the policing body, from bodies that s.16 lists. Hospitals aren't: theirs goes as anonymous, by another agreement. */
const LISTED = {
  consumer: COMMISSIONER,
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  gateway: 'pcsc-16',
  heldForFunctions: true,
  place: 'district',
  time: 'quarter',
} as const;
/** To the county's analysts, who are no body of the duty. */
const ANALYSED = {
  consumer: ANALYSIS,
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  gateway: 'anonymous',
  place: 'district',
  time: 'quarter',
} as const;
const WHO = ['ageBand', 'sex'];
const VIOLENCE = ['subjectRole', 'offenceCode', 'knifeOrSharp', 'weapon', 'injury', ...WHO];

/**
 * The county's picture, coarsely, for the needs assessment and the strategy.
 * @param dutyRequest the commissioner's dated request to the force under s.17, on which the monitoring grant rests
 */
export const regionalRollUp = (day: string, dutyRequest: string): AgreementDraft => ({
  id: 'regional-roll-up',
  title: 'The county’s picture of serious violence, by district',
  ...term(day),
  parties: [
    party(COMMISSIONER),
    party(POLICE),
    ...COUNCILS.map((council) => party(council, 'educational-authority')),
    party(PRISON),
    party(ANALYSIS),
  ],
  purposes: ['sv-needs-assessment', 'sv-strategy', 's17-monitoring'],
  contacts: [
    contact(COMMISSIONER, 'Head of policy and assurance', 'assurance'),
    contact(ANALYSIS, 'Partnership analyst', 'picture'),
  ],
  lawful: {
    dpia: 'SVD-DPIA-2026-001',
    dpoAdvice: 'Joint advice of the parties’ officers, 12 October: coarse counts under disclosure control.',
    article6: 'For making it anonymous: Article 6(1)(e), public task; PCSC Act 2022 ss.8, 14 and 16.',
    article9: 'For making it anonymous: Article 9(2)(g) with DPA 2018 Schedule 1 paragraph 6.',
    schedule1: 'For making it anonymous: DPA 2018 Schedule 1 paragraph 10, preventing unlawful acts.',
    lawEnforcement: true,
    privacyNotice: 'https://merrowshire-pcc.example/privacy',
  },
  anonymisationTests: tested(
    day,
    {
      method: 'Linear audit of the published relations with the open tables as known.',
      assessor: 'Merrowshire county analysis unit, disclosure control lead',
      place: 'district',
    },
    [ANALYSIS, 'Open street crime and exclusion tables; the unit holds no case files.'],
  ),
  returns: [
    owed('cda-17a-quarterly', POLICE, [INCIDENTS], 'Head of performance', 'performance'),
    ...COUNCILS.map((council) =>
      owed('cda-17a-quarterly', council, [EXCLUSION_PROFILES], 'Education data manager', 'education-data'),
    ),
  ],
  grants: [
    counts('incidents', { ...LISTED, publishers: [POLICE], types: [INCIDENTS], fields: ['category', 'locationType'] }),
    counts('violence', { ...LISTED, publishers: [POLICE], types: [INCIDENT_PROFILES], fields: VIOLENCE }),
    counts('exclusions', {
      ...LISTED,
      publishers: COUNCILS,
      types: [EXCLUSION_PROFILES],
      fields: ['kind', 'weaponKind', ...WHO],
    }),
    counts('releases', {
      ...LISTED,
      publishers: [PRISON],
      types: [RELEASE_PROFILES],
      fields: ['releaseType', 'offenceGroup', ...WHO],
    }),
    counts('incidents-analysed', { ...ANALYSED, publishers: [POLICE], types: [INCIDENTS], fields: ['locationType'] }),
    counts('violence-analysed', {
      ...ANALYSED,
      publishers: [POLICE],
      types: [INCIDENT_PROFILES],
      fields: VIOLENCE,
      time: 'month',
    }),
    counts('exclusions-analysed', { ...ANALYSED, publishers: COUNCILS, types: [EXCLUSION_PROFILES], fields: WHO }),
    counts('releases-analysed', { ...ANALYSED, publishers: [PRISON], types: [RELEASE_PROFILES], fields: WHO }),
    monitoring(dutyRequest),
  ],
});
