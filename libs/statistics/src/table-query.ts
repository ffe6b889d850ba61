import type { PlaceGrain, TimeGrain } from '#contracts';
import { dimensionsOf, type Definition, type Dimension } from './definition.ts';
import type { Fault } from '#contracts';
import { finerPlace } from './geography.ts';
import { finerTime, type Period } from './period.ts';

/** A question to one release, already understood: only {@link readTableQuery} makes one. */
export interface TableQuery {
  readonly definition: Definition;
  readonly period: Period;
  readonly rows: Dimension;
  readonly columns?: Dimension;
  /** Every one must hold. Each names a dimension once, so that no union of places or times can be put together. */
  readonly where: readonly { readonly dimension: Dimension; readonly value: string }[];
}
export interface Asked {
  readonly rows: string;
  readonly columns?: string | undefined;
  /** `dim:value` each. */
  readonly where: readonly string[];
}

const WHERE = /^([a-z][A-Za-z0-9.]{0,40}):([A-Za-z0-9][A-Za-z0-9+./_-]{0,79})$/;

type Where = TableQuery['where'][number];
const fault = (code: string, field: string): Fault => ({ ok: false, code, field });

/**
 * Understands a question to a release of this definition and period. Codes: `dimension-unknown` for one that the
 * release does not hold, or not so finely; `dimension-repeated`; `dimension-required` for one that is counted apart and
 * not named; `where-malformed`. `field` says which parameter.
 */
export function readTableQuery(
  definition: Definition,
  period: Period,
  asked: Asked,
): { readonly ok: true; readonly query: TableQuery } | Fault {
  const known = new Map(dimensionsOf(definition, period).map((dimension) => [dimension.name, dimension]));
  const rows = known.get(asked.rows);
  if (rows === undefined) return fault('dimension-unknown', 'rows');
  const columns = asked.columns === undefined ? undefined : known.get(asked.columns);
  if (asked.columns !== undefined && columns === undefined) return fault('dimension-unknown', 'columns');
  if (columns === rows) return fault('dimension-repeated', 'columns');
  const where = readWhere(asked.where, known);
  if ('code' in where) return where;
  const used = [rows, ...(columns === undefined ? [] : [columns]), ...where.map(({ dimension }) => dimension)];
  if (new Set(used).size !== used.length) return fault('dimension-repeated', 'where');
  const query: TableQuery = { definition, period, rows, ...(columns === undefined ? {} : { columns }), where };
  if (definition.apart !== undefined && !used.some((dimension) => isApart(query, dimension)))
    return fault('dimension-required', 'rows');
  return crossesMark(query, used) ? fault('dimension-unknown', 'rows') : { ok: true, query };
}

function readWhere(texts: readonly string[], known: ReadonlyMap<string, Dimension>): readonly Where[] | Fault {
  const where: Where[] = [];
  for (const text of texts) {
    const [, name, value] = WHERE.exec(text) ?? [];
    if (name === undefined || value === undefined) return fault('where-malformed', 'where');
    const dimension = known.get(name);
    if (dimension === undefined) return fault('dimension-unknown', 'where');
    where.push({ dimension, value });
  }
  return where;
}

/** The dimension whose values the definition never adds together. */
export const isApart = ({ definition }: TableQuery, dimension: Dimension | undefined): boolean =>
  dimension?.kind === 'field' && dimension.name === definition.apart;

/** A field would be shown finer than the grain after its mark (events.md). */
function crossesMark(query: TableQuery, used: readonly Dimension[]): boolean {
  const { place, time } = finestGrains(query);
  return used.some((dimension) => {
    const finest = dimension.kind === 'field' ? dimension.field.finest : undefined;
    return finest !== undefined && (finerPlace(place, finest.place) || finerTime(time, finest.time));
  });
}

/** What a question would show, for a `Request`: its finest place (`force` when it names none) and time, and its fields. */
export function finestGrains(query: TableQuery): {
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  readonly fields: readonly string[];
} {
  const dimensions = [query.rows, ...(query.columns ? [query.columns] : []), ...query.where.map((w) => w.dimension)];
  let place: PlaceGrain = 'force';
  let time: TimeGrain = query.period.grain;
  const fields = new Set<string>();
  for (const dimension of dimensions) {
    if (dimension.kind === 'field') fields.add(dimension.field.field);
    else if (dimension.kind === 'place') place = finerPlace(dimension.grain, place) ? dimension.grain : place;
    else {
      // a term is longer than a quarter: who may have quarters may have terms
      const grain = dimension.grain === 'term' ? 'quarter' : dimension.grain;
      time = finerTime(grain, time) ? grain : time;
    }
  }
  return { place, time, fields: [...fields].sort() };
}
