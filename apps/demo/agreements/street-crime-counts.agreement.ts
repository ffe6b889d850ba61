import { eventType } from '#kernel';
import { ANALYSIS, MENTORS, POLICE } from '../src/agencies.ts';
import { type AgreementDraft, term, tested } from './terms.ts';

/** Recorded street crime, which the force publishes openly at the same detail: shown exact. */
export const streetCrimeCounts = (day: string): AgreementDraft => ({
  id: 'street-crime-counts',
  title: 'Counts of recorded street crime for the needs assessment',
  parties: [
    { agency: POLICE.agency, capacity: POLICE.capacity },
    { agency: ANALYSIS.agency, capacity: ANALYSIS.capacity },
    { agency: MENTORS.agency, capacity: MENTORS.capacity },
  ],
  purposes: ['sv-needs-assessment', 'sv-strategy', 'violence-reduction-pathway'],
  ...term(day),
  contacts: [
    { agency: POLICE.agency, role: 'Information management', mailbox: 'information@merrowshire-police.example' },
  ],
  lawful: {
    dpia: 'MP-DPIA-2026-014',
    dpoAdvice: 'No personal data is disclosed; advice of 2 October on the force file.',
    article6: 'Not personal data in the recipients’ hands; for making it so: Article 6(1)(e), public task.',
    lawEnforcement: true,
    privacyNotice: 'https://merrowshire-police.example/privacy',
  },
  anonymisationTests: tested(day, [ANALYSIS, MENTORS], {
    method: 'Motivated-intruder test of the open street files; snap points and months only.',
    assessor: 'Merrowshire Police, data protection officer',
    recipientKnowledge: 'Local press and the open data of the force itself.',
    place: 'lsoa',
  }),
  grants: [
    {
      id: 'analysts',
      publishers: [POLICE.agency],
      types: [eventType('uk.svd.police.incident-recorded.v1')],
      consumer: ANALYSIS.agency,
      purposes: ['sv-needs-assessment', 'sv-strategy'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['category', 'outcome'],
      place: 'lsoa',
      time: 'month',
      ageBands: 'standard',
      threshold: 7,
      openness: 'open',
      licence: 'Open Government Licence v3.0',
      address: 'https://merrowshire-police.example/open-data/street-crime',
      conditions: [],
    },
    {
      id: 'mentors',
      publishers: [POLICE.agency],
      types: [eventType('uk.svd.police.incident-recorded.v1')],
      consumer: MENTORS.agency,
      purposes: ['violence-reduction-pathway'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['category'],
      place: 'ward',
      time: 'month',
      ageBands: 'standard',
      threshold: 12,
      openness: 'protected',
      conditions: [],
    },
  ],
});
