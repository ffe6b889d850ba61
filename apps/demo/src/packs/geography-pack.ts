import { boundaries, type Boundary } from '../county/boundaries.ts';
import type { County } from '../county/county.ts';
import { COUNTY } from '../county/names.ts';

export interface GeographyPack {
  readonly kind: 'geography';
  readonly version: string;
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly areas: readonly {
    readonly lsoa: string;
    readonly name: string;
    readonly ward: string;
    readonly district: string;
  }[];
  readonly wards: readonly { readonly code: string; readonly name: string; readonly district: string }[];
  readonly districts: readonly {
    readonly code: string;
    readonly name: string;
    readonly csp: string;
    readonly force: string;
  }[];
  readonly csps: readonly { readonly code: string; readonly name: string }[];
  readonly forces: readonly { readonly code: string; readonly name: string }[];
  readonly boundaries: { readonly type: 'FeatureCollection'; readonly features: readonly Boundary[] };
}

/** The invented county as a pack of reference data; about 300 kB. */
export function geographyPack(county: County): GeographyPack {
  return {
    kind: 'geography',
    version: 'merrowshire-1',
    title: `${COUNTY}: 300 areas, six districts`,
    source: 'Invented for the demo. The codes have the form of ONS codes; the places do not exist.',
    licence: 'Apache-2.0',
    areas: county.areas.map(({ lsoa, name, ward, district }) => ({ lsoa, name, ward, district })),
    wards: county.wards,
    districts: county.districts,
    csps: county.csps,
    forces: [county.force],
    boundaries: boundaries(county),
  };
}
