import {
  CITY_COUNCIL,
  COUNTY_COUNCIL,
  type DemoAgency,
  ICB,
  POLICE,
  PROBATION,
  SOCIAL_CARE,
  YOUTH_JUSTICE,
} from '../src/agencies.ts';
import { EXCLUSIONS, INVOLVEMENTS, noOlderThan, people } from './grants.ts';
import { type AgreementDraft, caldicott, contact, party, term } from './terms.ts';

const SCHOOLS = [COUNTY_COUNCIL, CITY_COUNCIL];

/** What the force recorded of a child or an adult, under s.16: nothing of an injury, of ethnicity or of a home. */
const involvements = (id: string, consumer: DemoAgency, age: string) =>
  people(id, {
    publishers: [POLICE],
    consumer,
    types: [INVOLVEMENTS],
    purposes: ['violence-reduction-pathway'],
    gateway: 'pcsc-16',
    heldForFunctions: true,
    fields: ['category', 'knifeOrSharp', 'weapon', 'locationType', 'subjectRole', 'ageBand'],
    place: 'district',
    time: 'month',
    conditions: [noOlderThan(age)],
  });
/** What schools recorded of a pupil, under s.16: nothing of a need, which is about health. */
const exclusions = (id: string, consumer: DemoAgency) =>
  people(id, {
    publishers: SCHOOLS,
    consumer,
    types: [EXCLUSIONS],
    purposes: ['violence-reduction-pathway'],
    gateway: 'pcsc-16',
    heldForFunctions: true,
    fields: ['kind', 'reasons', 'weaponKind', 'weaponAct', 'setting', 'ageBand'],
    place: 'district',
    time: 'month',
    conditions: [noOlderThan('P2Y')],
  });

/**
 * What stands in the multi-agency safeguarding hub: who was hurt, who carried a weapon, who was excluded for one, each
 * question about one person and one case. An enquiry about a child is a case exchange: asked and answered case by case,
 * never standing, so that no grant names it.
 */
export const mashCore = (day: string): AgreementDraft => ({
  id: 'mash-core',
  title: 'Merrowshire multi-agency safeguarding hub: what stands between its agencies',
  ...term(day),
  retention: 'P1Y',
  parties: [
    party(SOCIAL_CARE),
    party(POLICE),
    ...SCHOOLS.map((council) => party(council, 'educational-authority')),
    party(ICB),
    party(PROBATION),
    party(YOUTH_JUSTICE),
  ],
  jointControllers: [SOCIAL_CARE, POLICE, ICB, PROBATION, YOUTH_JUSTICE].map(({ agency }) => agency),
  purposes: ['violence-reduction-pathway'],
  contacts: [
    contact(SOCIAL_CARE, 'MASH manager', 'mash'),
    contact(POLICE, 'Detective inspector, protecting vulnerable people', 'pvp'),
    contact(ICB, 'Designated nurse for safeguarding children', 'safeguarding'),
  ],
  lawful: {
    dpia: 'MASH-DPIA-2026-001',
    dpoAdvice:
      'Six officers, 16 October: sound while enquiries under the Children Acts go case by case, outside section 7.',
    article6: 'Article 6(1)(e), public task: PCSC Act 2022 s.16; for what rests on consent in confidence, the same.',
    article9:
      'Article 9(2)(g) with DPA 2018 Schedule 1 paragraph 18, safeguarding of children and individuals at risk.',
    schedule1: 'DPA 2018 Schedule 1 paragraph 18, safeguarding of children and individuals at risk.',
    lawEnforcement: true,
    privacyNotice: 'https://merrowshire-social-care.example/mash/privacy',
    equalityAssessment:
      'MASH-EQIA-2026-002: referrals and pathways by ethnicity, sex and district, read every quarter.',
  },
  caldicott: caldicott(day, 'Chief nurse, NHS Merrowshire Integrated Care Board', {
    justifyPurpose: 'To offer help to people who were hurt before they are hurt again.',
    onlyWhenNecessary: 'Injury and need are shown with consent alone; for an enquiry, case by case.',
    minimumNecessary: 'Degree of injury and primary need: no diagnosis, no treatment, no free text.',
    needToKnow: 'Practitioners with a case, each question with its reference and a justification on record.',
    awareOfResponsibilities: 'Joint MASH induction, and yearly training in each party.',
    complyWithLaw: 'Section 16 carries no patient information: what does rests on consent in confidence.',
    dutyToShare: 'Where a child may be at risk nobody waits for this agreement: they ask for a case exchange.',
    informPatients: 'The navigator says who will be told, and gives a copy of the consent.',
  }),
  grants: [
    involvements('involvements-to-social-care', SOCIAL_CARE, 'P3Y'),
    exclusions('exclusions-to-social-care', SOCIAL_CARE),
    involvements('involvements-to-youth-justice', YOUTH_JUSTICE, 'P3Y'),
    exclusions('exclusions-to-youth-justice', YOUTH_JUSTICE),
    involvements('involvements-to-probation', PROBATION, 'P5Y'),
    people('consented-injuries', {
      publishers: [POLICE],
      consumer: ICB,
      types: [INVOLVEMENTS],
      purposes: ['violence-reduction-pathway'],
      gateway: 'confidence-consent',
      fields: ['injury', 'weapon', 'subjectRole', 'ageBand'],
      place: 'district',
      time: 'month',
      conditions: [noOlderThan('P1Y')],
    }),
    people('consented-needs', {
      publishers: SCHOOLS,
      consumer: SOCIAL_CARE,
      types: [EXCLUSIONS],
      purposes: ['violence-reduction-pathway'],
      gateway: 'confidence-consent',
      fields: ['kind', 'reasons', 'senProvision', 'senNeed', 'careStatus', 'ageBand'],
      place: 'district',
      time: 'month',
      conditions: [noOlderThan('P2Y')],
    }),
  ],
});
