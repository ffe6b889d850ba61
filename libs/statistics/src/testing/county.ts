import type { ColumnLabels, LegalLabel } from '#contracts';
import { canonicalJson, position, sha256, type AgencyId } from '#kernel';
import type { GeographyPack } from '../geography.ts';
import { readGeographyPack, type Geography } from '../geography.ts';
import { definitionOf, type Definition } from '../definition.ts';
import { parsePeriod, type Period } from '../period.ts';
import { freeze, type ReleaseCell, type ReleaseTable } from '../release.ts';

/** A small county of the tests: two districts in one partnership, a third without one. */
export const COUNTY: GeographyPack = {
  kind: 'geography',
  version: 'county-1',
  title: 'An invented county',
  source: 'made for tests',
  licence: 'CC0',
  areas: [
    { lsoa: 'E01000002', name: 'North 2', ward: 'E05000001', district: 'E07000001' },
    { lsoa: 'E01000001', name: 'North 1', ward: 'E05000001', district: 'E07000001' },
    { lsoa: 'E01000003', name: 'South 1', ward: 'E05000002', district: 'E07000002' },
    { lsoa: 'E01000004', name: 'City 1', district: 'E08000001' },
  ],
  wards: [
    { code: 'E05000001', name: 'Old Town', district: 'E07000001' },
    { code: 'E05000002', name: 'Mill', district: 'E07000002' },
  ],
  districts: [
    { code: 'E07000001', name: 'North', csp: 'E22000001', force: 'E23000001' },
    { code: 'E07000002', name: 'South', csp: 'E22000001', force: 'E23000001' },
    { code: 'E08000001', name: 'City', force: 'E23000002' },
  ],
  csps: [{ code: 'E22000001', name: 'North and South' }],
  forces: [
    { code: 'E23000001', name: 'County' },
    { code: 'E23000002', name: 'City' },
  ],
};

export const bytesOf = (document: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(document));
export function geographyOf(pack: GeographyPack): Geography {
  const read = readGeographyPack(bytesOf(pack));
  if (!read.ok) throw new Error(`${read.code} ${read.field}`);
  return read.geography;
}

export const POLICE = 'county-police' as AgencyId;
export const CITY_POLICE = 'city-police' as AgencyId;
export const CATEGORIES = ['burglary', 'robbery', 'violent-crime'].map((code) => ({ code, label: code.toUpperCase() }));

export function definition(id: string): Definition {
  const found = definitionOf(id);
  if (found === undefined) throw new Error(id);
  return found;
}
export function period(text: string): Period {
  const read = parsePeriod(text);
  if (read === undefined) throw new Error(text);
  return read;
}

export const cell = (place: string, count: number, values: Readonly<Record<string, string>> = {}): ReleaseCell => ({
  values: { publisher: POLICE, place, period: '2024-01', category: 'burglary', ...values },
  count,
});

export const frozen = (cells: readonly ReleaseCell[], id = 'police-incidents@1', text = '2024-01'): ReleaseTable =>
  freeze({
    definition: definition(id),
    period: period(text),
    geography: { version: COUNTY.version, digest: sha256(bytesOf(COUNTY)) },
    codes: (list) => (list === 'street-category' ? CATEGORIES : []),
    cells,
    asOf: position(41),
  });

/** Labels of the columns of a release: those given, and none on the others. */
export const labelled = (
  { columns }: ReleaseTable,
  given: Readonly<Record<string, readonly LegalLabel[]>> = {},
): ColumnLabels => new Map(columns.map((column) => [column, new Set(given[column] ?? [])]));
