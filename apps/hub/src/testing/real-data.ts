import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of real extracts, which are not part of the project. */
export const DATA = process.env['SVD_DATA_DIR'] ?? '../shared/data';
export const hasData = existsSync(join(DATA, 'police/2024-01-warwickshire-street.csv'));

export const streetFile = (): string => join(DATA, 'police/2024-01-warwickshire-street.csv');

function csv(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(join(DATA, path), 'utf8').trim().split(/\r?\n/);
  const cells = (line: string): string[] =>
    [...line.matchAll(/"([^"]*)"|([^,]+)|(?<=,|^)(?=,|$)/g)].map((m) => m[1] ?? m[2] ?? '');
  const names = cells(head);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? '', cell])));
}

/** The published lookups of Coventry, Wolverhampton and Warwickshire as a geography pack. */
export function realGeography(): { kind: string; version: string } & Record<string, unknown> {
  const areas = csv('geography/lsoa21_ward24_lad24_7areas.csv');
  const districts = new Map(areas.map((row) => [row['ltla24_code'] ?? '', row['ltla24_name'] ?? '']));
  const above = csv('geography/lad24_csp24_pfa24_EW.csv').filter((row) => districts.has(row['ltla24_code'] ?? ''));
  const named = (code: string, name: string) => [
    ...new Map(above.map((row) => [row[code], { code: row[code], name: row[name] }])).values(),
  ];
  const wards = new Map(
    areas.map((row) => [
      row['ward24_code'],
      { code: row['ward24_code'], name: row['ward24_name'], district: row['ltla24_code'] },
    ]),
  );
  return {
    kind: 'geography',
    version: 'lsoa21-lad24',
    title: 'LSOA 2021 to ward and district 2024',
    source: 'Office for National Statistics',
    licence: 'OGL-UK-3.0',
    areas: areas.map((row) => ({
      lsoa: row['lsoa21_code'],
      name: row['lsoa21_name'],
      ward: row['ward24_code'],
      district: row['ltla24_code'],
    })),
    wards: [...wards.values()],
    districts: above.map((row) => ({
      code: row['ltla24_code'],
      name: row['ltla24_name'],
      csp: row['csp24_code'],
      force: row['pfa24_code'],
    })),
    csps: named('csp24_code', 'csp24_name'),
    forces: named('pfa24_code', 'pfa24_name'),
  };
}
