import { COUNTY_COUNCIL, MENTORS, POLICE, PRISON, PROBATION } from '../src/agencies.ts';
import { counts, noOlderThan, people, RELEASE_PROFILES, RELEASES_PLANNED, RELEASES_RECORDED } from './grants.ts';
import { type AgreementDraft, contact, party, term, tested } from './terms.ts';

/** What every grant of one person's release has in common. Whether health care is handed over is in none of them. */
const RELEASE = {
  publishers: [PRISON],
  types: [RELEASES_PLANNED, RELEASES_RECORDED],
  purposes: ['violence-reduction-pathway'],
  place: 'district',
  time: 'month',
} as const;
const COUNTED = { publishers: [PRISON], types: [RELEASE_PROFILES], gateway: 'anonymous' } as const;

/**
 * Who comes home from prison, when and to which district: to those who supervise and house them under the Offender
 * Management Act, to a mentor with their consent; and how many, to plan for.
 */
export const prisonRelease = (day: string): AgreementDraft => ({
  id: 'prison-release',
  title: 'Releases from HMP Eastfleet into the county',
  ...term(day),
  retention: 'P1Y',
  parties: [party(PRISON), party(PROBATION), party(POLICE), party(COUNTY_COUNCIL, 'local-authority'), party(MENTORS)],
  purposes: ['sv-strategy', 'violence-reduction-pathway'],
  contacts: [
    contact(PRISON, 'Head of resettlement', 'resettlement'),
    contact(PROBATION, 'Head of public protection', 'public-protection'),
  ],
  lawful: {
    dpia: 'HMPE-DPIA-2026-003',
    dpoAdvice:
      'Necessary for supervision and housing; a mentor learns no offence. Counts tell nobody apart. 14 October.',
    article6: 'Article 6(1)(e), public task: Offender Management Act 2007 s.14; for mentors too, beside the consent.',
    schedule1: 'DPA 2018 Schedule 1 paragraph 6, statutory purposes, with paragraph 10, preventing unlawful acts.',
    lawEnforcement: true,
    privacyNotice: 'https://hmp-eastfleet.example/privacy',
    equalityAssessment:
      'HMPE-EQIA-2026-011: releases by ethnicity, sex and age; offers of mentors compared each quarter.',
  },
  anonymisationTests: tested(
    day,
    {
      method: 'Motivated-intruder test by a former resettlement officer, eight quarters.',
      assessor: 'HMP Eastfleet, information assurance',
      place: 'district',
    },
    [PROBATION, 'Knows those it supervises, and from when; not who else stands in a count.'],
    [COUNTY_COUNCIL, 'Knows who asked it for housing; not who stands in a count.'],
    [MENTORS, 'Knows the people it works with, by what they tell it.'],
  ),
  grants: [
    people('supervision', {
      ...RELEASE,
      consumer: PROBATION,
      gateway: 'oma2007-14',
      fields: [
        'status',
        'date',
        'releaseType',
        'establishment',
        'offenceGroup',
        'timeServed',
        'ageBand',
        'sex',
        'mentor',
      ],
      conditions: [noOlderThan('P5Y')],
    }),
    people('police', {
      ...RELEASE,
      consumer: POLICE,
      gateway: 'oma2007-14',
      fields: ['status', 'date', 'releaseType', 'offenceGroup'],
      conditions: [noOlderThan('P6M')],
    }),
    people('housing', {
      ...RELEASE,
      consumer: COUNTY_COUNCIL,
      gateway: 'oma2007-14',
      fields: ['status', 'date', 'releaseType', 'ageBand', 'sex'],
      conditions: [noOlderThan('P6M')],
    }),
    people('mentoring', {
      ...RELEASE,
      consumer: MENTORS,
      gateway: 'confidence-consent',
      fields: ['status', 'date', 'ageBand', 'mentor'],
    }),
    counts('probation-counts', {
      ...COUNTED,
      consumer: PROBATION,
      purposes: ['sv-strategy', 'violence-reduction-pathway'],
      fields: ['releaseType', 'offenceGroup', 'timeServed', 'ageBand', 'mentor'],
      place: 'district',
      time: 'quarter',
    }),
    counts('council-counts', {
      ...COUNTED,
      consumer: COUNTY_COUNCIL,
      purposes: ['sv-strategy'],
      fields: ['releaseType', 'ageBand'],
      place: 'district',
      time: 'quarter',
    }),
    counts('mentor-counts', {
      ...COUNTED,
      consumer: MENTORS,
      purposes: ['violence-reduction-pathway'],
      fields: ['mentor', 'ageBand'],
      place: 'csp',
      time: 'year',
      threshold: 12,
    }),
  ],
});
