import fc from 'fast-check';
import type { AgencyId } from '#kernel';
import type { Shown } from './bucket.ts';
import { readGeographyPack } from './geography.ts';
import { readReleaseTable, releaseBytes } from './release.ts';
import { readTableQuery } from './table-query.ts';
import { tabulate, type Shows } from './table.ts';
import {
  bytesOf,
  cell,
  CITY_POLICE,
  COUNTY,
  definition,
  frozen,
  geographyOf,
  labelled,
  period,
  POLICE,
} from './testing/county.ts';

const geography = geographyOf(COUNTY);
const places = fc.constantFrom('E01000001', 'E01000003', 'E01000004', 'E07000001', 'E08000001', 'E01099999', 'unknown');
const cells = fc.array(
  fc
    .record({
      place: places,
      count: fc.nat({ max: 30 }),
      publisher: fc.constantFrom(POLICE, CITY_POLICE),
      category: fc.constantFrom('burglary', 'robbery', 'violent-crime'),
      weapon: fc.constantFrom('', 'sharp', 'none'),
    })
    .map(({ place, count, ...values }) => cell(place, count, values)),
  { maxLength: 30 },
);
const NAMES = [
  'place.lsoa',
  'place.ward',
  'place.district',
  'place.csp',
  'place.force',
  'category',
  'weapon',
  'period.month',
];
const pairs = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)).filter(([a, b]) => a !== b);
const all = new Set([POLICE, CITY_POLICE]);
const none: ReadonlySet<AgencyId> = new Set();
const value = (seen: Shown | undefined) => (seen !== undefined && 'value' in seen ? seen.value : NaN);
const sum = (shown: readonly Shown[]) => shown.reduce((all, one) => all + value(one), 0);

function tableOf(counts: readonly ReturnType<typeof cell>[], rows: string, columns: string, exact: boolean) {
  const read = readTableQuery(definition('police-incidents@1'), period('2024-01'), { rows, columns, where: [] });
  if (!read.ok) throw new Error(read.code);
  const release = frozen(counts);
  const shows: Shows = { open: exact ? all : none, guarded: exact ? none : all, threshold: 7 };
  return tabulate(release, geography, read.query, shows, labelled(release)).table;
}

describe('a table', () => {
  it('counts every row once, at whatever grain', () => {
    fc.assert(
      fc.property(cells, pairs, (counts, [rows, columns]) => {
        const table = tableOf(counts, rows, columns, true);
        const all = counts.reduce((total, one) => total + one.count, 0);
        expect(value(table.total)).toBe(all);
        expect([sum(table.rowTotals), sum(table.columnTotals)]).toEqual([all, all]);
        table.cells.forEach((line, i) => expect(sum(line)).toBe(value(table.rowTotals[i])));
      }),
    );
  });

  it('has the same rows and columns whatever was counted', () => {
    fc.assert(
      fc.property(cells, pairs, (counts, [rows, columns]) => {
        const [full, empty] = [tableOf(counts, rows, columns, false), tableOf([], rows, columns, false)];
        expect([full.rows, full.columns]).toEqual([empty.rows, empty.columns]);
      }),
    );
  });

  it('shows no number at or under the threshold, and none between two steps', () => {
    fc.assert(
      fc.property(cells, pairs, (counts, [rows, columns]) => {
        const table = tableOf(counts, rows, columns, false);
        for (const seen of [...table.cells.flat(), ...table.rowTotals, ...table.columnTotals, table.total]) {
          if (!('value' in seen)) continue;
          expect(seen.value).toBeGreaterThan(7);
          expect(seen.value % 5).toBe(0);
        }
      }),
    );
  });
});

describe('reading', () => {
  it('never throws, whatever the bytes', () => {
    const documents = [bytesOf(COUNTY), releaseBytes(frozen([cell('unknown', 9)]))];
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.uint8Array({ maxLength: 20 }), fc.nat(), (bytes, noise, n) => {
        const at = n % bytes.length;
        const cut = new Uint8Array([...bytes.subarray(0, at), ...noise, ...bytes.subarray(at + 1)]);
        expect([readGeographyPack(cut).ok, readReleaseTable(cut).ok]).not.toEqual([true, true]);
      }),
    );
  });
  it('never throws, whatever the question', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(fc.string()), (rows, columns, where) => {
        const read = readTableQuery(definition('police-incidents@1'), period('2024-01'), { rows, columns, where });
        expect(read.ok).toBe(false);
      }),
    );
  });
});
