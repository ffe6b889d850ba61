import type { AgencyId } from '#kernel';
import { ALDERMOUTH_GENERAL, CITY_COUNCIL, COUNTY_COUNCIL, POLICE, PRISON, ST_BRIDE } from '../agencies.ts';
import type { County } from '../county/county.ts';
import { MONTHS, type Month } from './calendar.ts';
import { emergencyAttendances, type Hospital } from './emergency.ts';
import type { AnonymisedEvent } from './envelope.ts';
import { type EducationAuthority, exclusions } from './exclusions.ts';
import { policeProfiles } from './police-profiles.ts';
import { type Prison, prisonReleases } from './prison-releases.ts';
import { STREET_HEADER, streetCrimes } from './street-crime.ts';

export const HOSPITALS: readonly Hospital[] = [
  {
    agency: ALDERMOUTH_GENERAL.agency,
    site: 'ZAG01',
    trust: 'ZAG',
    district: 'E06990001',
    mean: 88,
    navigatorsFrom: '2025-03',
  },
  { agency: ST_BRIDE.agency, site: 'ZSB01', trust: 'ZSB', district: 'E07990004', mean: 56, navigatorsFrom: '2026-01' },
];
const AUTHORITIES: readonly EducationAuthority[] = [
  { agency: CITY_COUNCIL.agency, districts: { E06990001: 1 }, mean: 44 },
  {
    agency: COUNTY_COUNCIL.agency,
    districts: { E07990001: 20, E07990002: 15, E07990003: 28, E07990004: 25, E07990005: 12 },
    mean: 78,
  },
];
const PRISON_FEED: Prison = {
  agency: PRISON.agency,
  mean: 46,
  areas: { E06990001: 45, E07990001: 12, E07990002: 6, E07990003: 18, E07990004: 15, E07990005: 4 },
};

/** Events that an unscaled run of all months comes to, about. */
export const USUAL_TOTAL = 80_000;
export const DEFAULT_SEED = 'merrowshire-1';

/** A file that a publisher's connector reads, with the rows of one month. */
export interface StreetFile {
  readonly kind: 'street-file';
  readonly agency: AgencyId;
  readonly month: Month;
  readonly name: string;
  readonly rows: number;
  readonly text: string;
}
/** Events of one month that a publisher's system writes itself. */
export interface EventBatch {
  readonly kind: 'events';
  readonly agency: AgencyId;
  readonly month: Month;
  readonly name: string;
  readonly events: readonly AnonymisedEvent[];
}
export type Push = StreetFile | EventBatch;

export interface GeneratorOptions {
  readonly seed: string;
  /** About how many events over all months. */
  readonly events: number;
  readonly months: readonly Month[];
}
export const USUAL: GeneratorOptions = { seed: DEFAULT_SEED, events: USUAL_TOTAL, months: MONTHS };

/**
 * Everything that the county's agencies publish, month by month, one month in memory. The same options give the same
 * bytes. A month depends on no other month, so that a part of the months is a part of the whole.
 */
export function* pushes(county: County, { seed, events, months }: GeneratorOptions): Generator<Push> {
  const scale = events / USUAL_TOTAL;
  for (const month of months) {
    const crimes = streetCrimes(county, month, seed, scale);
    const text = `${[STREET_HEADER, ...crimes.map((crime) => crime.line)].join('\r\n')}\r\n`;
    const police = { agency: POLICE.agency, month };
    yield { ...police, kind: 'street-file', name: `${month}-merrowshire-street.csv`, rows: crimes.length, text };
    yield {
      ...police,
      kind: 'events',
      name: 'police profiles',
      events: policeProfiles(POLICE.agency, crimes, month, seed),
    };
    for (const hospital of HOSPITALS) {
      const { places, profiles } = emergencyAttendances(county, hospital, month, seed, scale);
      const own = { agency: hospital.agency, month, kind: 'events' } as const;
      yield { ...own, name: 'emergency department places', events: places };
      yield { ...own, name: 'emergency department profiles', events: profiles };
    }
    for (const authority of AUTHORITIES)
      yield {
        agency: authority.agency,
        month,
        kind: 'events',
        name: 'exclusions',
        events: exclusions(authority, month, seed, scale),
      };
    yield {
      agency: PRISON.agency,
      month,
      kind: 'events',
      name: 'releases',
      events: prisonReleases(PRISON_FEED, month, seed, scale),
    };
  }
}
