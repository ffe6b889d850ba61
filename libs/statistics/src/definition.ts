import { PLACE_GRAINS, type PlaceGrain, type TimeGrain } from '#contracts';
import type { EventType } from '#kernel';
import { fills, finerTime, type Period, type RowTime } from './period.ts';
import { edAttendances } from './definitions/ed-attendances.ts';
import { edProfiles } from './definitions/ed-profiles.ts';
import { policeIncidents } from './definitions/police-incidents.ts';
import { policeProfiles } from './definitions/police-profiles.ts';
import { prisonReleases } from './definitions/prison-releases.ts';
import { schoolExclusions } from './definitions/school-exclusions.ts';

/** Columns that rows of every definition have, beside those of its fields. */
export const PUBLISHER = 'publisher';
export const PLACE = 'place';
export const TIME = 'period';
/** Code of a field that a row does not state. */
export const NOT_STATED = 'not-stated';

/** A field whose codes are known: written here, or the codes of an adopted list. */
export interface FieldDimension {
  /** As in a question. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  /** Field of the event, as a grant names it. */
  readonly field: string;
  /** Column of the read model. */
  readonly column: string;
  readonly codes: readonly string[] | { readonly lists: readonly string[] };
  /** Tabulated at this grain or coarser only (events.md). */
  readonly finest?: { readonly place: PlaceGrain; readonly time: TimeGrain };
}

/** What a release counts, as data: rows of one read model, of these types, by these dimensions. */
export interface Definition {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  /** What one count is: an incident or attendance of P, a person of D. */
  readonly counts: string;
  readonly model: 'incidents' | 'profiles';
  readonly types: readonly EventType[];
  readonly place: PlaceGrain;
  readonly time: RowTime;
  readonly fields: readonly FieldDimension[];
  /** A field whose values are never added together: each question names it (events.md, victim and suspect apart). */
  readonly apart?: string;
}

export type Dimension =
  | { readonly kind: 'place'; readonly name: string; readonly label: string; readonly grain: PlaceGrain }
  | { readonly kind: 'time'; readonly name: string; readonly label: string; readonly grain: TimeGrain | 'term' }
  | { readonly kind: 'field'; readonly name: string; readonly label: string; readonly field: FieldDimension };

export const DEFINITIONS: readonly Definition[] = [
  policeIncidents,
  edAttendances,
  policeProfiles,
  edProfiles,
  schoolExclusions,
  prisonReleases,
];

export const definitionId = ({ name, version }: Definition): string => `${name}@${version}`;

/** By `name@version`. */
export const definitionOf = (id: string): Definition | undefined =>
  DEFINITIONS.find((definition) => definitionId(definition) === id);

const PLACE_LABELS: Readonly<Record<PlaceGrain, string>> = {
  lsoa: 'Lower-layer super output area',
  ward: 'Ward',
  district: 'District',
  csp: 'Community safety partnership',
  force: 'Police force area',
};

/** Every dimension that a release of this definition and period may be asked by; none finer than it holds. */
export function dimensionsOf(definition: Definition, period: Period): readonly Dimension[] {
  if (!fills(definition.time, period.grain)) return [];
  const places = PLACE_GRAINS.slice(PLACE_GRAINS.indexOf(definition.place)).map((grain): Dimension => {
    return { kind: 'place', name: `place.${grain}`, label: PLACE_LABELS[grain], grain };
  });
  const times = (['month', 'quarter', 'year'] as const)
    .filter((grain) => fills(definition.time, grain) && !finerTime(period.grain, grain))
    .map((grain): Dimension => ({ kind: 'time', name: `period.${grain}`, label: TIME_LABELS[grain], grain }));
  const term: Dimension = { kind: 'time', name: 'term', label: 'School term', grain: 'term' };
  const fields = fieldsOf(definition, period).map((field): Dimension => {
    return { kind: 'field', name: field.name, label: field.label, field };
  });
  return [...places, ...times, ...(definition.time === 'term' ? [term] : []), ...fields];
}
const TIME_LABELS: Readonly<Record<TimeGrain, string>> = { month: 'Month', quarter: 'Quarter', year: 'Year' };

/** Fields that a release of this period may hold: the grain after the mark keeps the others out. */
export const fieldsOf = (definition: Definition, period: Period): readonly FieldDimension[] =>
  definition.fields.filter((field) => field.finest === undefined || !finerTime(period.grain, field.finest.time));

/** What a release of this period holds of each row that it counts, in order. */
export const releaseColumns = (definition: Definition, period: Period): readonly string[] => [
  PUBLISHER,
  PLACE,
  TIME,
  ...fieldsOf(definition, period).map(({ column }) => column),
];
