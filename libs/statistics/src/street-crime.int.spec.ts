import { existsSync, readFileSync } from 'node:fs';
import { position, type AgencyId } from '#kernel';
import type { Shown } from './bucket.ts';
import { readGeographyPack, type GeographyPack } from './geography.ts';
import { freeze, readReleaseTable, releaseBytes, type ReleaseTable } from './release.ts';
import { readTableQuery, type Asked } from './table-query.ts';
import { tabulate } from './table.ts';
import { bytesOf, definition, labelled, period, POLICE } from './testing/county.ts';

const DATA = process.env['SVD_DATA_DIR'] ?? '../shared/data';
const STREET = `${DATA}/police/2024-01-warwickshire-street.csv`;
const there = existsSync(STREET);
if (!there) process.stderr.write(`skipped: no ${STREET}\n`);

function rowsOf(path: string): readonly Readonly<Record<string, string>>[] {
  const valuesOf = (line: string) =>
    [...line.matchAll(/(?:"([^"]*)"|([^,]*))(?:,|$)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  const names = valuesOf(header);
  return lines.map((line) => {
    const values = valuesOf(line);
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
  });
}

function warwickshire(): GeographyPack {
  const lookup = rowsOf(`${DATA}/geography/lsoa21_ward24_lad24_7areas.csv`);
  const held = new Set(lookup.map((row) => row['ltla24_code']));
  const above = rowsOf(`${DATA}/geography/lad24_csp24_pfa24_EW.csv`).filter((row) => held.has(row['ltla24_code']));
  const once = (rows: readonly Readonly<Record<string, string>>[], grain: string) =>
    [...new Map(rows.map((row) => [row[`${grain}_code`] ?? '', row])).entries()].map(([code, row]) => ({
      code,
      name: row[`${grain}_name`] ?? '',
    }));
  const district = (code: string) => above.find((row) => row['ltla24_code'] === code);
  return {
    kind: 'geography',
    version: 'lsoa21-lad24',
    title: 'Warwickshire, Coventry and Wolverhampton',
    source: 'ONS',
    licence: 'OGL v3.0',
    areas: lookup.map((row) => ({
      lsoa: row['lsoa21_code'] ?? '',
      name: row['lsoa21_name'] ?? '',
      ward: row['ward24_code'] ?? '',
      district: row['ltla24_code'] ?? '',
    })),
    wards: once(lookup, 'ward24').map((ward) => ({
      ...ward,
      district: lookup.find((row) => row['ward24_code'] === ward.code)?.['ltla24_code'] ?? '',
    })),
    districts: once(lookup, 'ltla24').map((one) => ({
      ...one,
      csp: district(one.code)?.['csp24_code'] ?? '',
      force: district(one.code)?.['pfa24_code'] ?? '',
    })),
    csps: once(above, 'csp24'),
    forces: once(above, 'pfa24'),
  };
}

const slug = (category: string) => category.toLowerCase().replaceAll(' ', '-');
function january(geography: { readonly version: string; readonly digest: ReleaseTable['geography']['digest'] }) {
  const rows = rowsOf(STREET);
  const categories = [...new Set(rows.map((row) => row['Crime type'] ?? ''))].sort();
  const table = freeze({
    definition: definition('police-incidents@1'),
    period: period('2024-01'),
    geography,
    codes: (list) => (list === 'street-category' ? categories.map((label) => ({ code: slug(label), label })) : []),
    cells: rows.map((row) => ({
      values: {
        publisher: POLICE,
        place: row['LSOA code'] === '' ? 'unknown' : (row['LSOA code'] ?? ''),
        period: row['Month'] ?? '',
        category: slug(row['Crime type'] ?? ''),
      },
      count: 1,
    })),
    asOf: position(3881),
  });
  const read = readReleaseTable(releaseBytes(table));
  if (!read.ok) throw new Error(read.code);
  return read.release;
}

(there ? describe : describe.skip)('January 2024 in Warwickshire, as the force published it', () => {
  const pack = there ? readGeographyPack(bytesOf(warwickshire())) : undefined;
  if (pack?.ok === false) throw new Error(`${pack.code} ${pack.field}`);
  const answer = (question: Asked, exact: boolean) => {
    if (pack === undefined) throw new Error('no geography');
    const release = january({ version: pack.geography.version, digest: pack.digest });
    const read = readTableQuery(definition(release.definition), period(release.period), question);
    if (!read.ok) throw new Error(read.code);
    const police = new Set([POLICE]);
    const none: ReadonlySet<AgencyId> = new Set();
    const shows = { open: exact ? police : none, guarded: exact ? none : police, threshold: 7 } as const;
    const { table } = tabulate(release, pack.geography, read.query, shows, labelled(release));
    const plain = (seen: Shown | undefined) => (seen === undefined || 'symbol' in seen ? 'low' : seen.value);
    const counts = Object.fromEntries(table.rows.map(({ label }, i) => [label, plain(table.rowTotals[i])]));
    return { ...counts, all: plain(table.total) };
  };

  it('by district', () => {
    const question = { rows: 'place.district', where: [] };
    expect(answer(question, false)).toEqual({
      'North Warwickshire': 400,
      'Nuneaton and Bedworth': 1140,
      Rugby: 615,
      'Stratford-on-Avon': 725,
      Warwick: 930,
      Coventry: 20,
      Wolverhampton: 'low',
      'Outside the area': 30,
      Unknown: 15,
      all: 3880,
    });
    expect(answer(question, true)).toEqual({
      'North Warwickshire': 402,
      'Nuneaton and Bedworth': 1139,
      Rugby: 616,
      'Stratford-on-Avon': 726,
      Warwick: 932,
      Coventry: 18,
      Wolverhampton: 0,
      'Outside the area': 32,
      Unknown: 17,
      all: 3882,
    });
  });

  it('by category in Warwick', () => {
    const question = { rows: 'category', where: ['place.district:E07000222'] };
    expect(answer(question, false)).toMatchObject({
      'Violence and sexual offences': 315,
      'Possession of weapons': 15,
      Robbery: 10,
      'Theft from the person': 'low',
    });
    expect(answer(question, true)).toMatchObject({
      'Violence and sexual offences': 317,
      'Possession of weapons': 13,
      Robbery: 11,
      'Theft from the person': 2,
    });
  });

  it('by partnership: Warwick and Stratford-on-Avon are one', () => {
    const counts = answer({ rows: 'place.csp', where: [] }, true);
    expect(Object.values(counts)).toContain(726 + 932);
  });
});
