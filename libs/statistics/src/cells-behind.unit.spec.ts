import type { AgencyId } from '#kernel';
import { cellsBehind, heldAt, type CellsBehind, type Held } from './cells-behind.ts';
import { definitionOf, DEFINITIONS } from './definition.ts';
import { readGeographyPack, type Geography } from './geography.ts';
import { parsePeriod } from './period.ts';
import { freeze, type ReleaseTable } from './release.ts';

const HOSPITAL = 'north-hospital' as AgencyId;
const OTHER = 'south-hospital' as AgencyId;
const AREAS = ['E01000001', 'E01000002', 'E01000003'];
function geography(): Geography {
  const pack = {
    kind: 'geography',
    version: 'g',
    title: 'g',
    source: 's',
    licence: 'CC0',
    areas: AREAS.map((lsoa, i) => ({ lsoa, name: `Area ${i + 1}`, district: i < 2 ? 'E07000001' : 'E07000002' })),
    wards: [],
    districts: [
      { code: 'E07000001', name: 'North' },
      { code: 'E07000002', name: 'South' },
    ],
    csps: [],
    forces: [],
  };
  const read = readGeographyPack(Buffer.from(JSON.stringify(pack)));
  if (!read.ok) throw new Error(read.field);
  return read.geography;
}
const definition = (name = 'ed-attendances@1') => {
  const known = definitionOf(name);
  if (known === undefined) throw new Error('a definition');
  return known;
};
const period = (text: string) => {
  const known = parsePeriod(text);
  if (known === undefined) throw new Error('a period');
  return known;
};

/** Attendances of a quarter, each `publisher place month locationType count`. */
function release(...rows: readonly string[]): ReleaseTable {
  const digest = '0'.repeat(64) as never;
  return freeze({
    definition: definition(),
    period: period('2024-Q1'),
    geography: { version: 'g', digest },
    codes: () => [],
    cells: rows.map((row) => {
      const [publisher = '', place = '', month = '', locationType = '', count = ''] = row.split(' ');
      return { values: { publisher, place, period: month, locationType }, count: Number(count) };
    }),
    asOf: 'empty',
  });
}
function counted(
  table: ReleaseTable,
  held: Held,
  changes: { readonly exact?: boolean; readonly threshold?: 7 | 12 } = {},
) {
  const { exact = false, threshold = 7 } = changes;
  const steps = cellsBehind(table, geography(), {
    publishers: new Set([HOSPITAL]),
    held,
    rule: { threshold: 7, exact },
    threshold,
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return told(step.value);
  }
}
const said = (shown: CellsBehind['cells']) => ('value' in shown ? shown.value : shown.symbol);
const told = ({ cells, asNumber, asLow, rows, areas }: CellsBehind) => ({
  cells: said(cells),
  asNumber: said(asNumber),
  asLow: said(asLow),
  rows: said(rows),
  areas: areas.map(({ label, cells: some }) => `${label} ${said(some)}`),
});
const field = definition().fields.find(({ name }) => name === 'locationType');
const TYPES = ['street', 'licensed', 'retail', 'school'];

describe('the cells behind a grant', () => {
  // 3 areas × 3 months × 4 types: 9 in the first area's, 2 in the others'
  const table = release(
    ...AREAS.flatMap((area, a) =>
      ['2024-01', '2024-02', '2024-03'].flatMap((month) =>
        TYPES.map((type) => `${HOSPITAL} ${area} ${month} ${type} ${a === 0 ? 9 : 2}`),
      ),
    ),
    `${OTHER} E01000003 2024-01 street 1000`,
  );

  it('are area × time × code, of these publishers alone, and no count of them is exact', () => {
    const byType = { place: 'lsoa', time: 'month', ...(field === undefined ? {} : { field }) } as const;
    // 36 cells: 12 of 9 rows, 24 of 2
    expect(counted(table, byType)).toEqual({
      cells: 35,
      asNumber: 10,
      asLow: 25,
      rows: 155,
      areas: ['Area 1 10', 'Area 2 10', 'Area 3 10'],
    });
    // by place and time alone 9 cells, of 36 and of 8
    expect(counted(table, { place: 'lsoa', time: 'month' })).toMatchObject({ cells: 10, asNumber: 10, asLow: 'low' });
    expect(counted(table, { place: 'district', time: 'quarter' })).toMatchObject({ cells: 'low', rows: 155 });
  });

  it('show as numbers where they are open, and are guarded all the same', () => {
    const open = counted(
      table,
      { place: 'lsoa', time: 'month', ...(field === undefined ? {} : { field }) },
      { exact: true },
    );
    expect(open).toMatchObject({ cells: 35, asNumber: 35, asLow: 'low', rows: 155 });
    expect(counted(table, { place: 'lsoa', time: 'month' }, { threshold: 12 })).toMatchObject({
      cells: 'low',
      rows: 155,
    });
  });

  it.each([
    ['ed-attendances@1', '2024', 'lsoa month method', 'lsoa month'],
    ['ed-profiles@1', '2024', 'lsoa month sex', 'district month'],
    ['school-exclusions@1', '2024', 'district month', 'district quarter'],
    ['ed-attendances@1', '2024-01', 'lsoa quarter', undefined],
    ['ed-attendances@1', '2024', 'lsoa month no-such-field', undefined],
    ['police-profiles@1', '2024', 'district month', undefined],
  ])('of %s for %s, granted %s, are held by %s', (name, text, granted, held) => {
    const [place = '', time = '', named] = granted.split(' ');
    const found = heldAt(definition(name), period(text), { place, time, field: named } as never);
    expect(found && `${found.place} ${found.time}`).toBe(held);
  });

  it('are told without a sum of what is counted apart', () => {
    const apart = freeze({
      definition: definition('police-profiles@1'),
      period: period('2024-Q1'),
      geography: { version: 'g', digest: '0'.repeat(64) as never },
      codes: () => [],
      cells: ['victim', 'suspect'].map((subjectRole) => ({
        values: { publisher: HOSPITAL, place: 'E07000001', period: '2024-01', subjectRole },
        count: 9,
      })),
      asOf: 'empty',
    });
    expect(counted(apart, { place: 'district', time: 'month' })).toMatchObject({ cells: 'low', rows: 'z' });
  });

  it('are never finer than the mark of a field', () => {
    const marked = DEFINITIONS.flatMap((one) => one.fields.map((of) => ({ one, of }))).filter(({ of }) => of.finest);
    expect(marked.length).toBeGreaterThan(0);
    for (const { one, of } of marked) {
      const found = heldAt(one, period('2024'), { place: 'lsoa', time: 'year', field: of.field });
      expect(found?.place).toBe('district');
    }
  });
});
