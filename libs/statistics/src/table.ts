import type { PlaceGrain } from '#contracts';
import { Problem, type AgencyId } from '#kernel';
import { shown, type DisplayRule, type Shown } from './bucket.ts';
import { definitionId, PLACE, PUBLISHER, TIME, type Dimension } from './definition.ts';
import { finerPlace, OUTSIDE, UNKNOWN, type Geography } from './geography.ts';
import { partOf, rowTimesIn } from './period.ts';
import type { Code, ReleaseTable } from './release.ts';
import type { TableQuery } from './table-query.ts';

/** Whose rows may be counted, and how the counts are shown: from a decision's view, nothing left out. */
export interface Shows extends DisplayRule {
  readonly publishers: ReadonlySet<AgencyId>;
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

/**
 * Answers a question from a release. Every code of a dimension is a row, counted or not, with `outside` and `unknown`
 * for a place; totals come from true counts and are then shown by the same rule (`hub.md` §8). `geography` is the one
 * that the release was frozen under.
 * @throws Problem `release-mismatch` when question and release are of another definition or period.
 */
export function tabulate(release: ReleaseTable, geography: Geography, query: TableQuery, shows: Shows): ResultTable {
  if (definitionId(query.definition) !== release.definition || query.period.text !== release.period)
    throw new Problem('release-mismatch');
  const rows = new Axis(query.rows, release, geography, query);
  const columns = query.columns && new Axis(query.columns, release, geography, query);
  const counts = tally(release, rows, columns, counting(release, geography, query, shows));
  const show = (count: number) => shown(count, shows);
  return {
    rows: rows.codes,
    columns: columns?.codes ?? [],
    cells: counts.cells.map((line) => line.map(show)),
    rowTotals: counts.rows.map(show),
    columnTotals: counts.columns.map(show),
    total: show(counts.total),
  };
}

/** True counts, before anything is shown. */
function tally(release: ReleaseTable, rows: Axis, columns: Axis | undefined, counts: (cell: Cell) => boolean) {
  const width = columns?.codes.length ?? 0;
  const noughts = () => new Array<number>(width).fill(0);
  const tallied = { cells: rows.codes.map(noughts), rows: rows.codes.map(() => 0), columns: noughts(), total: 0 };
  const add = (line: number[] | undefined, at: number, count: number) => {
    if (line !== undefined) line[at] = (line[at] ?? 0) + count;
  };
  for (const [cell, count] of release.cells) {
    if (!counts(cell)) continue;
    const row = rows.at(cell);
    tallied.total += count;
    add(tallied.rows, row, count);
    if (columns === undefined) continue;
    const column = columns.at(cell);
    add(tallied.columns, column, count);
    add(tallied.cells[row], column, count);
  }
  return tallied;
}

/** Whether a cell counts: a publisher that the view shows, and every `where` holds. */
function counting(release: ReleaseTable, geography: Geography, query: TableQuery, shows: Shows) {
  const publisher = release.columns.indexOf(PUBLISHER);
  const filters = query.where.map(({ dimension, value }) => ({ of: reading(dimension, release, geography), value }));
  return (cell: Cell): boolean =>
    shows.publishers.has(cell[publisher] as AgencyId) && filters.every(({ of, value }) => of(cell) === value);
}

type Cell = readonly string[];

/** How a cell's value for a dimension is read. */
function reading(dimension: Dimension, release: ReleaseTable, geography: Geography): (cell: Cell) => string {
  if (dimension.kind === 'place') {
    const column = release.columns.indexOf(PLACE);
    return (cell) => geography.placeAt(cell[column] ?? UNKNOWN, dimension.grain);
  }
  if (dimension.kind === 'time') {
    const column = release.columns.indexOf(TIME);
    const { grain } = dimension;
    return grain === 'term' ? (cell) => cell[column] ?? '' : (cell) => partOf(cell[column] ?? '', grain);
  }
  const column = release.columns.indexOf(dimension.field.column);
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
