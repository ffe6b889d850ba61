import { countyGeography } from '../../testing/county.ts';
import { streetCodes } from '../../testing/govern.ts';

export const CODES = 'matrix-1';
export const CODES_LATER = 'matrix-2';
/** A category that no code list maps before {@link CODES_LATER} is adopted: an event with it is held. */
export const UNMAPPED = 'cattle-raiding';

/** What the matrix's events are coded by. */
export function codes(
  version: string,
  categories: Readonly<Record<string, string>> = {},
): ReturnType<typeof streetCodes> {
  const street = streetCodes(version);
  const lists = street['lists'] as Record<string, { codes: Record<string, string> }>;
  const category = lists['street-category'];
  return {
    ...street,
    lists: {
      ...lists,
      'street-category': { ...category, codes: { ...category?.codes, ...categories } },
      'exclusion-reason': { title: 'Reasons', version, codes: { OW: 'Offensive weapon' } },
      'mentor-provider': { title: 'Providers of mentors', version, codes: { 'county-mentors': 'County mentors' } },
    },
  };
}

export const GEOGRAPHY = 'county-matrix';
const RING = [
  [-1.5, 52.2],
  [-1.4, 52.2],
  [-1.4, 52.3],
  [-1.5, 52.2],
];
export function geography(): ReturnType<typeof countyGeography> {
  const geometry = { type: 'Polygon', coordinates: [RING] };
  const feature = { type: 'Feature', properties: { code: 'E01000001' }, geometry };
  return { ...countyGeography(GEOGRAPHY), boundaries: { type: 'FeatureCollection', features: [feature] } };
}
