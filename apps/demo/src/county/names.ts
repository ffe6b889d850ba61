/**
 * Every name and code of the county is invented. The codes have the form of ONS GSS codes and lie in ranges that the ONS
 * has not used (E…990001 upwards); the places do not exist.
 */
export const COUNTY = 'Merrowshire';
export const FORCE = { code: 'E23990001', name: 'Merrowshire' } as const;

export interface DistrictPlan {
  readonly code: string;
  readonly name: string;
  readonly csp: string;
  /** Where its town stands on the lattice, and how far its borders reach beside the others'. */
  readonly town: { readonly column: number; readonly row: number };
  readonly reach: number;
  /** 0 (least) to 1 (most deprived), before the differences inside the district. */
  readonly deprivation: number;
}

/** Six districts: a city with an education department of its own (E06), and five under the county council (E07). */
export const DISTRICTS: readonly DistrictPlan[] = [
  {
    code: 'E06990001',
    name: 'Aldermouth',
    csp: 'E22990001',
    town: { column: 21, row: 10 },
    reach: 1.25,
    deprivation: 0.62,
  },
  { code: 'E07990001', name: 'Bexholme', csp: 'E22990002', town: { column: 9, row: 4 }, reach: 1, deprivation: 0.48 },
  {
    code: 'E07990002',
    name: 'Carrowdale',
    csp: 'E22990002',
    town: { column: 8, row: 13 },
    reach: 0.95,
    deprivation: 0.3,
  },
  { code: 'E07990003', name: 'Dunfleet', csp: 'E22990003', town: { column: 35, row: 5 }, reach: 1, deprivation: 0.55 },
  { code: 'E07990004', name: 'Elmhaven', csp: 'E22990004', town: { column: 36, row: 13 }, reach: 1, deprivation: 0.4 },
  {
    code: 'E07990005',
    name: 'Fernwick',
    csp: 'E22990004',
    town: { column: 23, row: 2 },
    reach: 0.9,
    deprivation: 0.22,
  },
];

/** Four partnerships over six districts: two of them are shared, so that a partnership is not a district. */
export const CSPS = [
  { code: 'E22990001', name: 'Aldermouth' },
  { code: 'E22990002', name: 'West Merrowshire' },
  { code: 'E22990003', name: 'Dunfleet' },
  { code: 'E22990004', name: 'East Merrowshire' },
] as const;

/** Areas of another, equally invented county: rows from outside the force area occur in every real file. */
export const ELSEWHERE = ['E01995001', 'E01995002', 'E01995003', 'E01995004'] as const;

const FIRST = [
  'Alder',
  'Barrow',
  'Copper',
  'Drift',
  'Ember',
  'Fallow',
  'Garnet',
  'Heron',
  'Inkle',
  'Juniper',
  'Kestrel',
  'Linnet',
];
const LAST = ['Street', 'Road', 'Lane', 'Close', 'Avenue', 'Way', 'Crescent', 'Terrace'];
export const STREETS: readonly string[] = FIRST.flatMap((first) => LAST.map((last) => `${first} ${last}`));

const WARD_FIRST = [
  'Abbot',
  'Brook',
  'Castle',
  'Dyer',
  'Eastgate',
  'Foundry',
  'Grange',
  'Harbour',
  'Ivy',
  'Kingsmead',
  'Lock',
  'Millfield',
];
/** Name of the n-th ward of a district. */
export const wardName = (n: number): string =>
  `${WARD_FIRST[n % WARD_FIRST.length] ?? ''}${n < WARD_FIRST.length ? '' : ' and Marsh'}`;
