import type { ColumnLabels, LegalLabel, PlaceGrain, Threshold } from '#contracts';
import { Problem, type AgencyId } from '#kernel';
import { labelsShown, shownSum, type Count, type Shown } from './bucket.ts';
import { definitionId, PLACE, PUBLISHER, TIME, type Dimension } from './definition.ts';
import { finerPlace, OUTSIDE, UNKNOWN, type Geography } from './geography.ts';
import { partOf, rowTimesIn } from './period.ts';
import type { Code, ReleaseTable } from './release.ts';
import { labelsRead } from './release-labels.ts';
import { isApart, type TableQuery } from './table-query.ts';

/** Whose rows may be counted, and how: from a decision's views, nothing left out. A publisher in neither set is not counted. */
export interface Shows {
  /** Already published elsewhere at this detail: counted exactly. */
  readonly open: ReadonlySet<AgencyId>;
  /** Shown by the display rule; counts stricter than open where an agency is in both. */
  readonly guarded: ReadonlySet<AgencyId>;
  readonly threshold: Threshold;
}
/** Row totals stand alone when the question has no columns: `columns` and each list of `cells` are then empty. */
export interface ResultTable {
  readonly rows: readonly Code[];
  readonly columns: readonly Code[];
  readonly cells: readonly (readonly Shown[])[];
  readonly rowTotals: readonly Shown[];
  readonly columnTotals: readonly Shown[];
  readonly total: Shown;
}
/** An answer with the legal labels that stand on it: those of all that it was computed from, but for what the rule lowers. */
export interface LabelledTable {
  readonly table: ResultTable;
  readonly labels: ReadonlySet<LegalLabel>;
}

/**
 * Answers a question from a release. Every code of a dimension is a row, counted or not, with `outside` and `unknown`
 * for a place; totals come from true counts and are then shown by the same rule (`hub.md` §8). `geography` is the one
 * that the release was frozen under, `labels` are those of the rows that it counts.
 * @throws Problem `release-mismatch` when question and release are of another definition or period; `labels-unknown` as
 * {@link labelsRead}.
 */
export function tabulate(
  release: ReleaseTable,
  geography: Geography,
  query: TableQuery,
  shows: Shows,
  labels: ColumnLabels,
): LabelledTable {
  if (definitionId(query.definition) !== release.definition || query.period.text !== release.period)
    throw new Problem('release-mismatch');
  const rows = new Axis(query.rows, release, geography, query);
  const columns = query.columns && new Axis(query.columns, release, geography, query);
  const counts = tally(release, rows, columns, parting(release, geography, query, shows));
  const guards = shows.guarded.size > 0 || shows.open.size === 0;
  const show = (count: Count): Shown => shownSum(count, shows.threshold, guards);
  // what is counted apart has no sum: neither a total over its values, nor a total of such totals
  const sum = (over: Dimension | undefined) => (isApart(query, over) ? () => APART : show);
  const table: ResultTable = {
    rows: rows.codes,
    columns: columns?.codes ?? [],
    cells: counts.cells.map((line) => line.map(show)),
    rowTotals: counts.rows.map(sum(query.columns)),
    columnTotals: counts.columns.map(sum(query.rows)),
    total: isApart(query, query.rows) ? APART : sum(query.columns)(counts.total),
  };
  return { table, labels: labelsShown(labelsRead(columnsRead(query), labels), { guards, opens: shows.open.size > 0 }) };
}
const APART: Shown = { symbol: 'z', reason: 'counted-apart' };

/** True when every value that the question keeps to is a code of its dimension. */
export const knowsValues = (release: ReleaseTable, geography: Geography, query: TableQuery): boolean =>
  query.where.every(({ dimension, value }) =>
    codesOf(dimension, release, geography, { ...query, where: [] }).some(({ code }) => code === value),
  );

type Sum = { -readonly [K in keyof Count]: Count[K] };
const sums = (length: number): Sum[] => Array.from({ length }, () => ({ open: 0, guarded: 0 }));

/** True counts, before anything is shown. `part` says to which part of a count a cell belongs, if to any. */
function tally(release: ReleaseTable, rows: Axis, columns: Axis | undefined, part: Parting) {
  const width = columns?.codes.length ?? 0;
  const cells = rows.codes.map(() => sums(width));
  const rowTotals = sums(rows.codes.length);
  const columnTotals = sums(width);
  const [total] = sums(1) as [Sum];
  for (const [cell, count] of release.cells) {
    const counted = part(cell);
    if (counted === undefined) continue;
    const row = rows.at(cell);
    const column = columns?.at(cell) ?? -1;
    for (const sum of [cells[row]?.[column], rowTotals[row], columnTotals[column], total])
      if (sum !== undefined) sum[counted] += count;
  }
  return { cells, rows: rowTotals, columns: columnTotals, total };
}

type Parting = (cell: Cell) => keyof Count | undefined;
function parting(release: ReleaseTable, geography: Geography, query: TableQuery, { open, guarded }: Shows): Parting {
  const filters = query.where.map(({ dimension, value }) => ({ of: reading(dimension, release, geography), value }));
  const publisher = release.columns.indexOf(PUBLISHER);
  return (cell) => {
    if (!filters.every(({ of, value }) => of(cell) === value)) return undefined;
    const agency = cell[publisher] as AgencyId;
    return guarded.has(agency) ? 'guarded' : open.has(agency) ? 'open' : undefined;
  };
}

type Cell = readonly string[];

/** The column of a release that a dimension reads. */
const columnOf = (dimension: Dimension): string =>
  dimension.kind === 'field' ? dimension.field.column : dimension.kind === 'place' ? PLACE : TIME;
/** Every column that an answer depends on: whose rows and of which period are counted, whatever it is asked by. */
const columnsRead = ({ rows, columns, where }: TableQuery): readonly string[] => {
  const asked = [rows, ...(columns === undefined ? [] : [columns]), ...where.map(({ dimension }) => dimension)];
  return [PUBLISHER, TIME, ...asked.map(columnOf)];
};

/** How a cell's value for a dimension is read. */
function reading(dimension: Dimension, release: ReleaseTable, geography: Geography): (cell: Cell) => string {
  const column = release.columns.indexOf(columnOf(dimension));
  if (dimension.kind === 'place') {
    return (cell) => geography.placeAt(cell[column] ?? UNKNOWN, dimension.grain);
  }
  if (dimension.kind === 'time') {
    const { grain } = dimension;
    return grain === 'term' ? (cell) => cell[column] ?? '' : (cell) => partOf(cell[column] ?? '', grain);
  }
  return (cell) => cell[column] ?? '';
}

/** The codes of a dimension in a stable order, and where among them a cell counts. */
class Axis {
  readonly codes: readonly Code[];
  readonly #at: ReadonlyMap<string, number>;
  readonly #read: (cell: Cell) => string;

  constructor(dimension: Dimension, release: ReleaseTable, geography: Geography, query: TableQuery) {
    this.codes = codesOf(dimension, release, geography, query);
    this.#at = new Map(this.codes.map(({ code }, i) => [code, i]));
    this.#read = reading(dimension, release, geography);
  }

  at(cell: Cell): number {
    const at = this.#at.get(this.#read(cell));
    if (at === undefined) throw new Problem('release-mismatch');
    return at;
  }
}

function codesOf(
  dimension: Dimension,
  release: ReleaseTable,
  geography: Geography,
  query: TableQuery,
): readonly Code[] {
  if (dimension.kind === 'place') {
    const places = geography.placesAt(dimension.grain).filter(({ code }) => insideOf(code, dimension.grain));
    const known = places.map(({ code, name }) => ({ code, label: name }));
    return [...known, { code: OUTSIDE, label: 'Outside the area' }, { code: UNKNOWN, label: 'Unknown' }];
  }
  if (dimension.kind === 'field') return release.codes[dimension.name] ?? [];
  const { grain } = dimension;
  const times = rowTimesIn(query.period, query.definition.time);
  const codes = grain === 'term' ? times : new Set(times.map((time) => partOf(time, grain)));
  return [...codes].map((code) => ({ code, label: code }));

  /** A finer place is a row only inside the places that the question keeps to. */
  function insideOf(code: string, grain: PlaceGrain): boolean {
    return query.where.every(
      ({ dimension: kept, value }) =>
        kept.kind !== 'place' || !finerPlace(grain, kept.grain) || geography.placeAt(code, kept.grain) === value,
    );
  }
}
