import { eventType } from '#kernel';
import { COUNTY_COUNCIL, MENTORS, PRISON, PROBATION } from '../src/agencies.ts';
import { type AgreementDraft, term, tested } from './terms.ts';

const RELEASED = [eventType('uk.svd.prison.release-profiled.v1')];

/** How many people come home from prison, where to and when: to plan supervision, housing and mentors. */
export const prisonReleases = (day: string): AgreementDraft => ({
  id: 'prison-releases',
  title: 'Counts of releases from HMP Eastfleet into the county',
  parties: [
    { agency: PRISON.agency, capacity: PRISON.capacity },
    { agency: PROBATION.agency, capacity: PROBATION.capacity },
    { agency: COUNTY_COUNCIL.agency, capacity: COUNTY_COUNCIL.capacity },
    { agency: MENTORS.agency, capacity: MENTORS.capacity },
  ],
  purposes: ['sv-strategy', 'violence-reduction-pathway'],
  ...term(day),
  contacts: [{ agency: PRISON.agency, role: 'Resettlement', mailbox: 'resettlement@hmp-eastfleet.example' }],
  lawful: {
    dpia: 'HMPE-DPIA-2026-003',
    dpoAdvice: 'Quarterly counts by district; nobody can be told apart.',
    article6: 'For making it anonymous: Article 6(1)(e), public task.',
    schedule1: 'For making it anonymous: DPA 2018 Schedule 1 paragraph 10, preventing unlawful acts.',
    lawEnforcement: true,
    privacyNotice: 'https://hmp-eastfleet.example/privacy',
  },
  anonymisationTests: tested(day, [PROBATION, COUNTY_COUNCIL, MENTORS], {
    method: 'Motivated-intruder test by a former resettlement officer, eight quarters.',
    assessor: 'HMP Eastfleet, information assurance',
    recipientKnowledge: 'Probation and the charity know the people whom they work with themselves.',
    place: 'district',
  }),
  grants: [
    {
      id: 'probation',
      publishers: [PRISON.agency],
      types: RELEASED,
      consumer: PROBATION.agency,
      purposes: ['sv-strategy', 'violence-reduction-pathway'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['releaseType', 'offenceGroup', 'timeServed', 'ageBand', 'mentor'],
      place: 'district',
      time: 'quarter',
      ageBands: 'standard',
      threshold: 7,
      openness: 'protected',
      conditions: [],
    },
    {
      id: 'council',
      publishers: [PRISON.agency],
      types: RELEASED,
      consumer: COUNTY_COUNCIL.agency,
      purposes: ['sv-strategy'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['releaseType', 'ageBand'],
      place: 'district',
      time: 'quarter',
      ageBands: 'standard',
      threshold: 7,
      openness: 'protected',
      conditions: [],
    },
    {
      id: 'mentors',
      publishers: [PRISON.agency],
      types: RELEASED,
      consumer: MENTORS.agency,
      purposes: ['violence-reduction-pathway'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['mentor', 'ageBand'],
      place: 'csp',
      time: 'year',
      ageBands: 'standard',
      threshold: 12,
      openness: 'protected',
      conditions: [],
    },
  ],
});
