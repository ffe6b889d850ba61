import { Problem } from '#kernel';

/** Columns of data.police.uk's street files, as their header names them. */
export const STREET_COLUMNS = [
  'Crime ID',
  'Month',
  'Reported by',
  'Falls within',
  'Longitude',
  'Latitude',
  'Location',
  'LSOA code',
  'LSOA name',
  'Crime type',
  'Last outcome category',
  'Context',
] as const;
type StreetColumn = (typeof STREET_COLUMNS)[number];

/** Where a layout keeps what an event needs. Every other column stays at the agency. */
export interface StreetLayout {
  readonly width: number;
  readonly crimeId: number;
  readonly month: number;
  readonly lsoa: number;
  readonly category: number;
  readonly outcome: number;
}

const at = (columns: readonly string[], name: StreetColumn): number => columns.indexOf(name);
const layoutOf = (columns: readonly string[]): StreetLayout => ({
  width: columns.length,
  crimeId: at(columns, 'Crime ID'),
  month: at(columns, 'Month'),
  lsoa: at(columns, 'LSOA code'),
  category: at(columns, 'Crime type'),
  outcome: at(columns, 'Last outcome category'),
});
/** Every layout ever seen, by its header; a new one is added here, never guessed from a date. */
const LAYOUTS = new Map([STREET_COLUMNS].map((columns) => [JSON.stringify(columns), layoutOf(columns)]));

/**
 * The layout with exactly this header.
 * @throws Problem `layout-unknown`, its `field` the names found (cut at 400 characters, control characters replaced).
 */
export function layoutByHeader(header: readonly string[]): StreetLayout {
  const layout = LAYOUTS.get(JSON.stringify(header));
  if (layout !== undefined) return layout;
  throw new Problem('layout-unknown', { field: header.join(', ').replace(/\p{C}/gu, '?').slice(0, 400) });
}
