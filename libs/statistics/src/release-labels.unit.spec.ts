import { LEGAL_LABELS, type LegalLabel } from '#contracts';
import { releaseColumns } from './definition.ts';
import { releaseLabels } from './release-labels.ts';
import { readTableQuery, type Asked } from './table-query.ts';
import { tabulate, type Shows } from './table.ts';
import {
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

const INCIDENTS = definition('police-incidents@1');
const JANUARY = period('2024-01');
const release = frozen([cell('E01000001', 30), cell('E01000003', 30, { publisher: CITY_POLICE, weapon: 'sharp' })]);
const geography = geographyOf(COUNTY);
const guarded: Shows = { open: new Set(), guarded: new Set([POLICE, CITY_POLICE]), threshold: 7 };
const open: Shows = { open: new Set([POLICE, CITY_POLICE]), guarded: new Set(), threshold: 7 };
const mixed: Shows = { open: new Set([POLICE]), guarded: new Set([CITY_POLICE]), threshold: 7 };
const nobody: Shows = { open: new Set(), guarded: new Set(), threshold: 7 };

/** What stands on an answer when these columns carry these labels. */
function standing(
  given: Readonly<Record<string, readonly LegalLabel[]>>,
  asked: Partial<Asked>,
  shows: Shows,
): readonly LegalLabel[] {
  const read = readTableQuery(INCIDENTS, JANUARY, { rows: 'category', where: [], ...asked });
  if (!read.ok) throw new Error(read.code);
  return [...tabulate(release, geography, read.query, shows, labelled(release, given)).labels];
}

describe('the labels of a release', () => {
  it('are those of every column that it holds, whatever a question reads', () => {
    for (const column of releaseColumns(INCIDENTS, JANUARY)) {
      const labels = labelled(release, { [column]: ['personal', 's17-only'] });
      expect([...releaseLabels(INCIDENTS, JANUARY, labels)]).toEqual(['personal', 's17-only']);
    }
    expect(releaseLabels(INCIDENTS, JANUARY, labelled(release)).size).toBe(0);
  });

  it('are not told while those of a column are not', () => {
    const labels = new Map([...labelled(release)].filter(([column]) => column !== 'weapon'));
    expect(() => releaseLabels(INCIDENTS, JANUARY, labels)).toThrow('labels-unknown');
  });
});

describe('the labels of an answer', () => {
  it.each([
    ['rows', { rows: 'weapon' }],
    ['columns', { columns: 'weapon' }],
    ['a condition', { where: ['weapon:sharp'] }],
  ])('are those of the column that its %s read', (_, asked) => {
    expect(standing({ weapon: ['da'] }, asked, open)).toEqual(['da']);
    expect(standing({ outcome: ['da'] }, asked, open)).toEqual([]);
  });

  it('are those of whose rows and which period it counts, whatever it is asked by', () => {
    expect(standing({ publisher: ['hsc-source'], period: ['personal'] }, {}, open)).toEqual(['personal', 'hsc-source']);
    expect(standing({ place: ['personal'] }, {}, open)).toEqual([]);
    expect(standing({ place: ['personal'] }, { rows: 'place.force' }, open)).toEqual(['personal']);
    expect(standing({ period: ['personal'] }, { rows: 'period.month' }, open)).toEqual(['personal']);
  });

  it('are lowered by the display rule where it rules, and nowhere else', () => {
    const all = { category: LEGAL_LABELS };
    expect(standing(all, {}, guarded)).toEqual(['s17-only']);
    expect(standing(all, {}, nobody)).toEqual(['s17-only']);
    expect(standing(all, {}, open)).toEqual(LEGAL_LABELS);
    expect(standing(all, {}, mixed)).toEqual(LEGAL_LABELS);
  });
});
