import type { Shown } from './bucket.ts';
import { readReleaseTable, releaseBytes, type ReleaseTable } from './release.ts';
import { finestGrains, readTableQuery, type Asked, type TableQuery } from './table-query.ts';
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
const agencies = new Set([POLICE, CITY_POLICE]);
const both: Shows = { open: new Set(), guarded: agencies, threshold: 7 };
const exact: Shows = { open: agencies, guarded: new Set(), threshold: 7 };
const plain = (seen: Shown) => ('value' in seen ? seen.value : seen.symbol);

function asked(release: ReleaseTable, question: Partial<Asked>) {
  const whole = { rows: 'place.district', where: [], ...question };
  return readTableQuery(definition(release.definition), period(release.period), whole);
}
function query(release: ReleaseTable, question: Partial<Asked> = {}): TableQuery {
  const read = asked(release, question);
  if (!read.ok) throw new Error(`${read.code} ${read.field}`);
  return read.query;
}
const refusal = (release: ReleaseTable, question: Partial<Asked>) => {
  const read = asked(release, question);
  return read.ok ? 'read' : `${read.code} ${read.field}`;
};
function answer(release: ReleaseTable, question: Partial<Asked> = {}, shows = both) {
  const { table } = tabulate(release, geography, query(release, question), shows, labelled(release));
  return {
    rows: Object.fromEntries(table.rows.map(({ code }, i) => [code, table.rowTotals[i] && plain(table.rowTotals[i])])),
    columns: table.columns.map(({ code }) => code),
    cells: table.cells.map((line) => line.map(plain)),
    columnTotals: table.columnTotals.map(plain),
    total: plain(table.total),
  };
}

const release = frozen([
  cell('E01000001', 7),
  cell('E01000002', 11, { category: 'robbery' }),
  cell('E07000001', 4),
  cell('E01000003', 2),
  cell('E01099999', 32),
  cell('unknown', 17),
  cell('E01000001', 40, { publisher: CITY_POLICE, category: 'violent-crime' }),
]);

describe('a table', () => {
  it('shows every place, counted or not, then outside and unknown', () => {
    expect(answer(release)).toEqual({
      rows: { E07000001: 60, E07000002: 'low', E08000001: 'low', outside: 30, unknown: 15 },
      columns: [],
      cells: [[], [], [], [], []],
      columnTotals: [],
      total: 115,
    });
  });

  it('takes totals from true counts: they need not be sums of what is shown', () => {
    const small = frozen([cell('E01000001', 7), cell('E01000003', 7), cell('E01000004', 4)]);
    expect(answer(small)).toMatchObject({
      rows: { E07000001: 'low', E07000002: 'low', E08000001: 'low', outside: 'low', unknown: 'low' },
      total: 20,
    });
  });

  it('counts a row at the finest place it names, else as unknown', () => {
    expect(answer(release, { rows: 'place.lsoa' }, exact).rows).toEqual({
      E01000001: 47,
      E01000002: 11,
      E01000003: 2,
      E01000004: 0,
      outside: 32,
      unknown: 21,
    });
    expect(answer(release, { rows: 'place.csp' }, exact).rows).toEqual({ E22000001: 64, outside: 32, unknown: 17 });
  });

  it('crosses rows with columns, every code a column', () => {
    const table = answer(release, { columns: 'category' }, exact);
    expect(table.columns).toEqual(['burglary', 'robbery', 'violent-crime', 'other-code', 'not-stated']);
    expect(table.cells[0]).toEqual([11, 11, 40, 0, 0]);
    expect(table.columnTotals).toEqual([62, 11, 40, 0, 0]);
    expect(answer(release, { columns: 'category' }).cells[0]).toEqual([10, 10, 40, 'low', 'low']);
  });

  it('counts only the publishers that the view shows', () => {
    expect(answer(release, {}, { ...exact, open: new Set([CITY_POLICE]) })).toMatchObject({
      rows: { E07000001: 40, outside: 0 },
      total: 40,
    });
    expect(answer(release, {}, { ...both, guarded: new Set() }).total).toBe('low');
  });

  it('guards one publisher by itself where the others are open', () => {
    const mixed: Shows = { open: new Set([POLICE]), guarded: new Set([CITY_POLICE]), threshold: 7 };
    const alone = answer(release, {}, { ...mixed, open: new Set() });
    const open = answer(release, {}, { ...exact, open: new Set([POLICE]) });
    const sum = answer(release, {}, mixed);
    for (const [place, shownAlone] of Object.entries(alone.rows)) {
      const expected = shownAlone === 'low' ? 'low' : Number(shownAlone) + Number(open.rows[place]);
      expect(sum.rows[place]).toBe(expected);
    }
  });

  it('keeps to what the question asks for, with the same rows whatever was counted', () => {
    expect(answer(release, { where: ['category:robbery'] })).toMatchObject({ rows: { E07000001: 10 }, total: 10 });
    expect(answer(release, { where: ['category:arson'] })).toMatchObject({ total: 'low' });
    expect(Object.keys(answer(release, { where: ['category:arson'] }).rows)).toHaveLength(5);
    const inside = answer(release, { rows: 'place.lsoa', where: ['place.district:E07000001'] }, exact);
    expect(inside.rows).toEqual({ E01000001: 47, E01000002: 11, outside: 0, unknown: 4 });
    const outside = answer(release, { rows: 'place.lsoa', where: ['place.district:outside'] }, exact);
    expect(outside.rows).toEqual({ outside: 32, unknown: 0 });
  });

  it('shows a stricter threshold', () => {
    expect(answer(release, { rows: 'category' }, { ...both, threshold: 12 }).rows).toEqual({
      burglary: 60,
      robbery: 'low',
      'violent-crime': 40,
      'other-code': 'low',
      'not-stated': 'low',
    });
  });

  it('has the months of its period', () => {
    const quarter = frozen(
      [cell('E01000001', 9, { period: '2024-02' }), cell('E01000001', 9)],
      'police-incidents@1',
      '2024-Q1',
    );
    expect(answer(quarter, { rows: 'period.month' }, exact).rows).toEqual({ '2024-01': 9, '2024-02': 9, '2024-03': 0 });
    expect(answer(quarter, { rows: 'period.quarter' }, exact).rows).toEqual({ '2024-Q1': 18 });
    expect(answer(release, { rows: 'period.month' }, exact).rows).toEqual({ '2024-01': 113 });
  });

  it('has school terms of a year', () => {
    const values = { period: '2023-24/summer', kind: 'permanent' };
    const year = frozen([cell('E07000001', 9, values)], 'school-exclusions@1', '2024');
    expect(answer(year, { rows: 'term' }, exact).rows).toEqual({
      '2023-24/spring': 0,
      '2023-24/summer': 9,
      '2024-25/autumn': 0,
    });
    expect(answer(year, { rows: 'period.year' }, exact).rows).toEqual({ '2024': 9 });
    expect(finestGrains(query(year, { rows: 'term' }))).toEqual({ place: 'force', time: 'quarter', fields: [] });
    expect(finestGrains(query(year, { rows: 'reason' }))).toEqual({
      place: 'force',
      time: 'year',
      fields: ['reasons'],
    });
  });

  it('will not answer a question to another release', () => {
    const other = frozen([], 'police-incidents@1', '2024-02');
    expect(() => tabulate(release, geography, query(other), both, labelled(release))).toThrow('release-mismatch');
  });
});

describe('a question', () => {
  it.each<[Partial<Asked>, string]>([
    [{ rows: 'place.street' }, 'dimension-unknown rows'],
    [{ rows: 'period.quarter' }, 'dimension-unknown rows'],
    [{ rows: 'publisher' }, 'dimension-unknown rows'],
    [{ rows: 'constructor' }, 'dimension-unknown rows'],
    [{ columns: 'ageBand' }, 'dimension-unknown columns'],
    [{ columns: '' }, 'dimension-unknown columns'],
    [{ columns: 'place.district' }, 'dimension-repeated columns'],
    [{ where: ['sex:male'] }, 'dimension-unknown where'],
    [{ where: ['category'] }, 'where-malformed where'],
    [{ where: ['category:'] }, 'where-malformed where'],
    [{ where: ['category:a b'] }, 'where-malformed where'],
    [{ where: ['category:a', 'category:b'] }, 'dimension-repeated where'],
    [{ where: ['place.district:E07000001'] }, 'dimension-repeated where'],
  ])('%j is refused: %s', (question, expected) => {
    expect(refusal(release, question)).toBe(expected);
  });

  it('says what it needs', () => {
    const needs = (question: Partial<Asked>) => finestGrains(query(release, question));
    expect(needs({})).toEqual({ place: 'district', time: 'month', fields: [] });
    expect(needs({ rows: 'category', columns: 'weapon' })).toEqual({
      place: 'force',
      time: 'month',
      fields: ['category', 'weapon'],
    });
    expect(needs({ rows: 'place.csp', where: ['place.lsoa:E01000001', 'category:robbery'] })).toEqual({
      place: 'lsoa',
      time: 'month',
      fields: ['category'],
    });
  });

  it('may not cross a marked field with a finer time', () => {
    const year = frozen([], 'police-profiles@1', '2024');
    const victims = ['subjectRole:victim'];
    expect(refusal(year, { rows: 'ethnicity5', columns: 'place.district', where: victims })).toBe('read');
    expect(refusal(year, { rows: 'ethnicity5', columns: 'period.month', where: victims })).toBe(
      'dimension-unknown rows',
    );
    expect(refusal(year, { rows: 'subjectRole', where: ['ethnicity5:black', 'period.quarter:2024-Q1'] })).toBe(
      'dimension-unknown rows',
    );
    expect(refusal(year, { rows: 'domestic', columns: 'period.quarter', where: victims })).toBe('read');
    const month = frozen([], 'police-profiles@1', '2024-01');
    expect(refusal(month, { rows: 'domestic', where: victims })).toBe('dimension-unknown rows');
  });

  it('names the field that is counted apart, and no total adds over it', () => {
    const of = (role: string, count: number) => ({
      values: { publisher: POLICE, place: 'E07000001', period: '2024', subjectRole: role, ageBand: '18-24' },
      count,
    });
    const year = frozen([], 'police-profiles@1', '2024');
    expect(refusal(year, { rows: 'ageBand' })).toBe('dimension-required rows');
    expect(refusal(year, { rows: 'ageBand', where: ['subjectRole:victim'] })).toBe('read');
    const month = frozen(
      [of('victim', 20), of('suspect', 30)].map((one) => ({ ...one, values: { ...one.values, period: '2024-01' } })),
      'police-profiles@1',
      '2024',
    );
    const rows = answer(month, { rows: 'subjectRole', columns: 'ageBand' }, exact);
    expect(rows.rows).toMatchObject({ victim: 20, suspect: 30 });
    expect(rows.total).toBe('z');
    const columns = answer(month, { rows: 'ageBand', columns: 'subjectRole' }, exact);
    expect(columns.rows).toMatchObject({ '18-24': 'z' });
    expect(columns.total).toBe('z');
  });
});

describe('a release', () => {
  it('is the same bytes whatever the order of its counts, and reads back', () => {
    const cells = [cell('E01000001', 2), cell('E01000003', 3), cell('E01000001', 5), cell('unknown', 0)];
    const bytes = releaseBytes(frozen(cells));
    expect(releaseBytes(frozen(cells.toReversed()))).toEqual(bytes);
    const read = readReleaseTable(bytes);
    expect(read).toMatchObject({ ok: true, release: frozen(cells) });
    expect(frozen(cells).cells.map(([row, count]) => [row[1], count])).toEqual([
      ['E01000001', 7],
      ['E01000003', 3],
    ]);
  });

  it('counts a code that no list has any more with the others, and marks what was not stated', () => {
    const codes = frozen([cell('unknown', 1, { category: 'old-code' })]).codes;
    expect(codes['category']?.map(({ code }) => code)).toEqual([
      'burglary',
      'robbery',
      'violent-crime',
      'other-code',
      'not-stated',
    ]);
    expect(codes['category']?.[0]?.label).toBe('BURGLARY');
  });

  it('leaves a marked field out of a period that is too short for it', () => {
    const values = { ethnicity5: 'black', domestic: 'yes' };
    const month = frozen([cell('E07000001', 9, values)], 'police-profiles@1', '2024-01');
    expect(month.columns).not.toContain('ethnicity5');
    expect(new TextDecoder().decode(releaseBytes(month))).not.toContain('black');
  });

  it.each<[string, () => unknown]>([
    ['a time outside the period', () => frozen([cell('unknown', 1, { period: '2024-02' })])],
    ['a count that is no whole number', () => frozen([cell('unknown', 1.5)])],
    ['a count below nought', () => frozen([cell('unknown', -1)])],
    ['no place', () => frozen([cell('', 1)])],
  ])('is not made with %s', (_, make) => {
    expect(make).toThrow('release-cell-invalid');
  });
  it('is not made of a period that its rows cannot fill', () => {
    expect(() => frozen([], 'prison-releases@1', '2024-01')).toThrow('release-period-too-short');
  });

  it.each<[string, object, string]>([
    ['another definition', { definition: 'police-incidents@9' }, 'release-definition-unknown definition'],
    ['another period', { period: '2024-13' }, 'release-invalid period'],
    ['other columns', { columns: ['publisher'] }, 'release-invalid columns'],
    ['no codes', { codes: {} }, 'release-invalid codes'],
    ['a short cell', { cells: [[['x'], 1]] }, 'release-invalid cells'],
    ['a count of nought', { cells: [[['x'], 0]] }, 'release-invalid cells.0.1'],
    ['an unknown member', { total: 1 }, 'release-invalid document'],
  ])('is not read with %s', (_, changes, expected) => {
    const read = readReleaseTable(bytesOf({ ...release, ...changes }));
    expect(read.ok ? 'read' : `${read.code} ${read.field}`).toBe(expected);
  });
});
