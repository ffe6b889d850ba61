import type { PlaceGrain, TimeGrain } from '#contracts';
import type { AgencyId } from '#kernel';
import { shown, type Shown } from './bucket.ts';
import { definitionOf, fieldsOf, PLACE, PUBLISHER, TIME, type Definition, type FieldDimension } from './definition.ts';
import { finerPlace, OUTSIDE, UNKNOWN, type Geography } from './geography.ts';
import { finerTime, partOf, type Period, type RowTime } from './period.ts';
import type { ReleaseTable } from './release.ts';

export interface Held {
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  /** Absent: rows by place and time alone. */
  readonly field?: FieldDimension;
}
/** What a frozen release holds of some publishers at a grain. No count of it is exact. */
export interface CellsBehind {
  /** Area × time × code, those alone that some row falls into. */
  readonly cells: Shown;
  /** Of them, those that the rule would show as a number, and those as `low`. */
  readonly asNumber: Shown;
  readonly asLow: Shown;
  readonly rows: Shown;
  /** Areas with a cell, those with most cells first; at most {@link NAMED_AREAS}. */
  readonly areas: readonly { readonly code: string; readonly label: string; readonly cells: Shown }[];
}
export const NAMED_AREAS = 50;

/** Cells looked at between two turns. */
const TURN = 20_000;

/**
 * What a release of this period would let be asked where this is granted: never finer than its definition and the field's
 * mark allow. `undefined` where it lets nothing be asked: it hasn't the field, spans less than what is granted, or asks for
 * a field to be named.
 */
export function heldAt(
  definition: Definition,
  period: Period,
  granted: { readonly place: PlaceGrain; readonly time: TimeGrain; readonly field: string | undefined },
): Held | undefined {
  if (finerTime(period.grain, granted.time)) return undefined;
  // each question names what is counted apart
  if (definition.apart !== undefined && granted.field === undefined) return undefined;
  const field = fieldsOf(definition, period).find((one) => one.field === granted.field);
  if (granted.field !== undefined && field === undefined) return undefined;
  const places: readonly PlaceGrain[] = [
    granted.place,
    definition.place,
    ...(field?.finest ? [field.finest.place] : []),
  ];
  const times: readonly TimeGrain[] = [
    granted.time,
    ROW_TIMES[definition.time],
    ...(field?.finest ? [field.finest.time] : []),
  ];
  const place = places.reduce((a, b) => (finerPlace(a, b) ? b : a));
  const time = times.reduce((a, b) => (finerTime(a, b) ? b : a));
  return { place, time, ...(field === undefined ? {} : { field }) };
}
/** A term is longer than a quarter: who may have quarters may have terms. */
const ROW_TIMES: Readonly<Record<RowTime, TimeGrain>> = { month: 'month', quarter: 'quarter', term: 'quarter' };

/**
 * Counts the cells behind a grant, from a frozen release alone. `rule` says how the grant would show a cell; `threshold`
 * guards every count that is told of them. Yields every few cells, so that whoever runs it can let others have a turn.
 */
export function* cellsBehind(
  release: ReleaseTable,
  geography: Geography,
  asked: {
    readonly publishers: ReadonlySet<AgencyId>;
    readonly held: Held;
    readonly rule: Parameters<typeof shown>[1];
    readonly threshold: Parameters<typeof shown>[1]['threshold'];
  },
): Generator<undefined, CellsBehind> {
  const { publishers, held, rule, threshold } = asked;
  const publisher = release.columns.indexOf(PUBLISHER);
  const keyOf = keyIn(release, geography, held);
  const counts = new Map<string, { readonly area: string; count: number }>();
  let rows = 0;
  for (const [i, [cell, count]] of release.cells.entries()) {
    if (i % TURN === TURN - 1) yield undefined;
    if (!publishers.has(cell[publisher] as AgencyId)) continue;
    rows += count;
    const { area, key } = keyOf(cell);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { area, count });
    else known.count += count;
  }
  const cells = [...counts.values()];
  const numbers = cells.filter(({ count }) => 'value' in shown(count, rule)).length;
  const tell = (count: number): Shown => shown(count, { threshold, exact: false });
  const byArea = Map.groupBy(cells, ({ area }) => area);
  const names = new Map(geography.placesAt(held.place).map(({ code, name }) => [code, name]));
  // by what is shown: an order by the true counts would tell which of two alike is greater
  const areas = [...byArea]
    .map(([code, some]) => ({ code, label: names.get(code) ?? LABELS[code] ?? code, cells: tell(some.length) }))
    .sort((a, b) => numberIn(b.cells) - numberIn(a.cells) || (a.code < b.code ? -1 : 1))
    .slice(0, NAMED_AREAS);
  return {
    cells: tell(cells.length),
    asNumber: tell(numbers),
    asLow: tell(cells.length - numbers),
    rows: apartOf(release) === undefined ? tell(rows) : { symbol: 'z', reason: 'counted-apart' },
    areas,
  };
}
const numberIn = (cells: Shown): number => ('value' in cells ? cells.value : 0);
const LABELS: Readonly<Record<string, string>> = { [OUTSIDE]: 'Outside the area', [UNKNOWN]: 'Unknown' };

/** What is counted apart is never added together. */
const apartOf = ({ definition: id }: ReleaseTable): FieldDimension | undefined => {
  const definition = definitionOf(id);
  return definition?.fields.find(({ name }) => name === definition.apart);
};

function keyIn(release: ReleaseTable, geography: Geography, { place, time, field }: Held) {
  const definition = definitionOf(release.definition);
  if (definition === undefined) throw new TypeError('a release that was read');
  const apart = apartOf(release);
  const columns = [...new Set([apart?.column, field?.column])].flatMap((column) =>
    column === undefined ? [] : [release.columns.indexOf(column)],
  );
  const [areaAt, timeAt] = [release.columns.indexOf(PLACE), release.columns.indexOf(TIME)];
  const asTerm = definition.time === 'term' && time !== 'year';
  return (cell: readonly string[]) => {
    const area = geography.placeAt(cell[areaAt] ?? UNKNOWN, place);
    const written = cell[timeAt] ?? '';
    const part = asTerm ? written : partOf(written, time);
    return { area, key: [area, part, ...columns.map((column) => cell[column] ?? '')].join('\n') };
  };
}
