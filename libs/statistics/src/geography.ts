import { PLACE_GRAINS, type PlaceGrain } from '#contracts';
import type { JsonLimits, Sha256 } from '#kernel';
import { documentSchema, readDocument, type Fault } from '#contracts';
import { integrityFault } from './geography-integrity.ts';
import { GEOGRAPHY_SCHEMA } from './geography-schema.ts';

export interface NamedPlace {
  readonly code: string;
  readonly name: string;
}
/** A polygon of one LSOA or district; coordinates are longitude before latitude (RFC 7946). */
export interface Boundary {
  readonly type: 'Feature';
  readonly properties: { readonly code: string };
  readonly geometry: {
    readonly type: 'Polygon' | 'MultiPolygon';
    readonly coordinates: readonly unknown[];
  };
}
export interface Boundaries {
  readonly type: 'FeatureCollection';
  readonly features: readonly Boundary[];
}
export interface GeographyPack {
  readonly kind: 'geography';
  readonly version: string;
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly areas: readonly {
    readonly lsoa: string;
    readonly name: string;
    readonly ward?: string;
    readonly district: string;
  }[];
  readonly wards: readonly (NamedPlace & { readonly district: string })[];
  readonly districts: readonly (NamedPlace & { readonly csp?: string; readonly force?: string })[];
  readonly csps: readonly NamedPlace[];
  readonly forces: readonly NamedPlace[];
  readonly boundaries?: Boundaries;
}
export type GeographyRead =
  | {
      readonly ok: true;
      readonly geography: Geography;
      readonly canonical: Uint8Array;
      readonly digest: Sha256;
    }
  | Fault;

/** A row that is nowhere on the lattice: its place is not known at that grain, or lies elsewhere. */
export const UNKNOWN = 'unknown';
export const OUTSIDE = 'outside';

/** 8 MiB, depth 10, 50 keys an object, 200,000 items a list. */
export const GEOGRAPHY_LIMITS: JsonLimits = { bytes: 8_388_608, depth: 10, keys: 50, items: 200_000 };
const fits = documentSchema<GeographyPack>(GEOGRAPHY_SCHEMA);

/**
 * Reads a geography pack strictly: every code it refers to is in it, once, and a ward's areas lie in its district.
 * Codes: the parser's `json-…`, `geography-invalid`, `geography-code-repeated`, `geography-reference-missing`,
 * `geography-inconsistent`.
 */
export function readGeographyPack(bytes: Uint8Array): GeographyRead {
  const read = readDocument(bytes, GEOGRAPHY_LIMITS, fits, 'geography-invalid');
  if (!read.ok) return read;
  const fault = integrityFault(read.value);
  if (fault !== undefined) return fault;
  return { ok: true, geography: new Geography(read.value), canonical: read.canonical, digest: read.digest };
}

type Above = Readonly<Partial<Record<PlaceGrain, string>>>;

/** The adopted lattice of places. A value: it never changes. */
export class Geography {
  readonly version: string;
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly boundaries: Boundaries | undefined;
  readonly #above = new Map<string, Above>();
  readonly #places: Readonly<Record<PlaceGrain, readonly NamedPlace[]>>;

  constructor(pack: GeographyPack) {
    this.version = pack.version;
    this.title = pack.title;
    this.source = pack.source;
    this.licence = pack.licence;
    this.boundaries = pack.boundaries;
    for (const { code } of pack.forces) this.#above.set(code, { force: code });
    for (const { code } of pack.csps) this.#above.set(code, { csp: code });
    for (const { code, csp, force } of pack.districts) {
      const above = {
        district: code,
        ...(csp === undefined ? {} : { csp }),
        ...(force === undefined ? {} : { force }),
      };
      this.#above.set(code, above);
      if (csp !== undefined) this.#above.set(csp, { csp, ...(force === undefined ? {} : { force }) });
    }
    for (const { code, district } of pack.wards) this.#above.set(code, { ...this.#above.get(district), ward: code });
    for (const { lsoa, ward, district } of pack.areas)
      this.#above.set(lsoa, { ...this.#above.get(district), ...(ward === undefined ? {} : { ward }), lsoa });
    this.#places = {
      lsoa: byCode(pack.areas.map(({ lsoa, name }) => ({ code: lsoa, name }))),
      ward: byCode(pack.wards),
      district: byCode(pack.districts),
      csp: byCode(pack.csps),
      force: byCode(pack.forces),
    };
  }

  /**
   * The place of that grain that holds a row's place (an LSOA, a district or `unknown`). `unknown`: the row doesn't say
   * it so finely, or the pack places it nowhere. `outside`: a code that the pack lacks.
   */
  placeAt(code: string, grain: PlaceGrain): string {
    if (code === UNKNOWN || DELIVERY_UNIT.test(code)) return UNKNOWN;
    const above = this.#above.get(code);
    return above === undefined ? OUTSIDE : (above[grain] ?? UNKNOWN);
  }

  /** Every place of that grain, by code. */
  placesAt(grain: PlaceGrain): readonly NamedPlace[] {
    return this.#places[grain];
  }
}

/** A probation area that follows no boundary of the lattice. */
const DELIVERY_UNIT = /^pdu-/;
const byCode = (places: readonly NamedPlace[]): readonly NamedPlace[] =>
  places.map(({ code, name }) => ({ code, name })).sort((a, b) => (a.code < b.code ? -1 : 1));

/** True when `a` is finer than `b`. */
export const finerPlace = (a: PlaceGrain, b: PlaceGrain): boolean => PLACE_GRAINS.indexOf(a) < PLACE_GRAINS.indexOf(b);
