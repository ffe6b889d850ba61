import { ANALYSIS, MENTORS, POLICE } from '../src/agencies.ts';
import { counts, INCIDENTS, openCounts } from './grants.ts';
import { type AgreementDraft, contact, party, term, tested } from './terms.ts';

/** Recorded street crime, which the force publishes openly at the same detail: shown exact. */
export const streetCrimeCounts = (day: string): AgreementDraft => ({
  id: 'street-crime-counts',
  title: 'Counts of recorded street crime for the needs assessment',
  ...term(day),
  parties: [party(POLICE), party(ANALYSIS), party(MENTORS)],
  purposes: ['sv-needs-assessment', 'sv-strategy', 'violence-reduction-pathway'],
  contacts: [contact(POLICE, 'Information management', 'information')],
  lawful: {
    dpia: 'MP-DPIA-2026-014',
    dpoAdvice: 'No personal data is disclosed; advice of 2 October on the force file.',
    article6: 'Not personal data in the recipients’ hands; for making it so: Article 6(1)(e), public task.',
    lawEnforcement: true,
    privacyNotice: 'https://merrowshire-police.example/privacy',
  },
  anonymisationTests: tested(
    day,
    {
      method: 'Motivated-intruder test of the open street files; snap points and months only.',
      assessor: 'Merrowshire Police, data protection officer',
      place: 'lsoa',
    },
    [ANALYSIS, 'Local press and the open data of the force itself.'],
    [MENTORS, 'Local press, the open data, and what the people it mentors tell of themselves.'],
  ),
  grants: [
    openCounts(
      'analysts',
      'Open Government Licence v3.0',
      'https://merrowshire-police.example/open-data/street-crime',
      {
        publishers: [POLICE],
        consumer: ANALYSIS,
        types: [INCIDENTS],
        purposes: ['sv-needs-assessment', 'sv-strategy'],
        gateway: 'anonymous',
        fields: ['category', 'outcome'],
        place: 'lsoa',
        time: 'month',
      },
    ),
    counts('mentors', {
      publishers: [POLICE],
      consumer: MENTORS,
      types: [INCIDENTS],
      purposes: ['violence-reduction-pathway'],
      gateway: 'anonymous',
      fields: ['category'],
      place: 'ward',
      time: 'month',
      threshold: 12,
    }),
  ],
});
