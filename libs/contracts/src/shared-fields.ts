import { oneOf, pattern } from './values.ts';

/** Bands of every feed: 14 is CIRV's floor, 18 the homicide review's, 25 the strategies'. */
export const AGE_BANDS = ['0-9', '10-13', '14-17', '18-24', '25-30', '31-49', '50+'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];
/** @param age whole years, from 0 */
export function ageBandOf(age: number): AgeBand {
  const at = [10, 14, 18, 25, 31, 50].findIndex((floor) => age < floor);
  return AGE_BANDS[at === -1 ? 6 : at] ?? '50+';
}
export const ageBand = oneOf(...AGE_BANDS);
export const sex = oneOf('female', 'male', 'other', 'unknown');
/** Five groups, for monitoring only: never an input to a signal. */
export const ethnicity5 = oneOf('asian', 'black', 'mixed', 'white', 'other');
export const yesNoUnknown = oneOf('yes', 'no', 'unknown');
export const PLACE_CONFIDENCES = ['point', 'street', 'venue', 'area', 'none'] as const;

export const LOCATION_TYPES = [
  'street',
  'licensed',
  'retail',
  'school',
  'transport',
  'dwelling',
  'custody',
  'other',
  'unknown',
] as const;
/** Which lookup gave the place: `lsoa21`, `lad24`, with a month of issue where it has one (`lsoa21-2024-01`), or `none`. */
export const lookupVersion = pattern(
  '(?:(?:lsoa|lad)(?:11|2[1-9])(?:-20[0-9]{2}-(?:0[1-9]|1[0-2]))?|none)',
  'lookup and its vintage',
);

const DISTRICT_OR_UNKNOWN = /^(?:(?:E0[6-9]|W06)[0-9]{6}|unknown)$/;
export const isDistrictOrUnknown = (code: unknown): boolean =>
  typeof code === 'string' && DISTRICT_OR_UNKNOWN.test(code);
