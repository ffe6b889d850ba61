import { eventDefinition, type EventDefinition } from '#contracts';
import { Problem, type EventType } from '#kernel';
import { claimedTime, type ClaimedTime } from './claimed-time.ts';
import { fieldReader, inputOf, type Input } from './field-reader.ts';
import type { Column, Projection, PublishedEvent, Value } from './projection.ts';
import type { ModelName } from './read-models.ts';

/** What a column is filled from: of the envelope, of the claimed time, of the place, or of a field's path. */
type From =
  | { readonly of: 'publisher' | 'type' | 'place' }
  | { readonly of: 'time'; readonly part: keyof ClaimedTime }
  | { readonly of: 'field'; readonly path: readonly string[] };
export interface FilledColumn extends Column {
  readonly from: From;
}

export const publisher: FilledColumn = { name: 'publisher', kind: 'text', from: { of: 'publisher' } };
export const type: FilledColumn = { name: 'type', kind: 'text', from: { of: 'type' } };
/** Where the registry says the type's place stands. Every row has one. */
export const place: FilledColumn = { name: 'place', kind: 'text', from: { of: 'place' } };
const time = (part: keyof ClaimedTime, kind: Column['kind']): FilledColumn => ({
  name: part,
  kind,
  from: { of: 'time', part },
});
/** Every row has one: month, quarter or term, as its type says it. */
export const period = time('period', 'text');
/** yyyymm, where the period is a month. */
export const month = time('month', 'number');
/** yyyymmdd. */
export const date = time('date', 'number');
export const hour = time('hour', 'number');
export const band = time('band', 'text');
export const dayKind = time('dayKind', 'text');
/** A field of the same name, or the one at `path` below `data`. */
export const field = (name: string, ...path: readonly string[]): FilledColumn => ({
  name,
  kind: 'text',
  from: { of: 'field', path: path.length === 0 ? [name] : path },
});

/** One value of a row, and the paths below `data` that it is made of: built together, so that neither can differ. */
interface Fill {
  readonly reads: readonly string[];
  readonly of: (event: PublishedEvent, when: ClaimedTime) => Value;
}
interface Plan {
  readonly when: Input<ClaimedTime>;
  readonly fills: readonly Fill[];
}

/** A projection whose every row is read off one event by the registry's definition of its type. */
export function rowModel(
  name: ModelName,
  version: number,
  reads: readonly EventType[],
  columns: readonly FilledColumn[],
): Projection {
  const plans = new Map<string, Plan>(reads.map((read) => [read, planOf(read, columns)]));
  const planFor = (type: EventType): Plan => {
    const plan = plans.get(type);
    if (plan === undefined) throw new Problem('type-unplaceable', { field: 'type' });
    return plan;
  };
  return {
    name,
    version,
    reads,
    columns,
    row(event) {
      const { when, fills } = planFor(event.type);
      const claimed = when.of(event.data);
      const row = new Array<Value>(fills.length);
      for (let i = 0; i < fills.length; i++) row[i] = fills[i]?.of(event, claimed);
      return row;
    },
    filledFrom(type) {
      const { fills } = planFor(type);
      return new Map(columns.map((column, i) => [column.name, fills[i]?.reads ?? []]));
    },
  };
}

function planOf(read: EventType, columns: readonly FilledColumn[]): Plan {
  const definition = eventDefinition(read);
  if (definition === undefined) throw new Problem('type-unplaceable', { field: 'type' });
  const when = inputOf(claimedTime, fieldReader(read, definition.time), fieldReader(read, ['occurredTo']));
  return { when, fills: columns.map(({ from }) => fillOf(from, definition, when)) };
}

function fillOf(from: From, { type, place }: EventDefinition, when: Input<ClaimedTime>): Fill {
  switch (from.of) {
    case 'publisher':
      return said((event) => event.publisher);
    case 'type':
      return said((event) => event.type);
    case 'time':
      return timed(when, from.part);
    case 'place':
      // a type whose definition leaves the place open (an exclusion may not tell its school's district) is nowhere known
      return filledBy(inputOf((told) => told ?? 'unknown', fieldReader(type, place)));
    case 'field':
      return filledBy(fieldReader(type, from.path));
  }
}
type OfEnvelope = (event: Omit<PublishedEvent, 'data'>) => Value;
const said = (of: OfEnvelope): Fill => ({ reads: [], of });
const timed = ({ reads }: Input<ClaimedTime>, part: keyof ClaimedTime): Fill => ({
  reads,
  of: (_, claimed) => claimed[part],
});
const filledBy = ({ reads, of }: Input<Value>): Fill => ({ reads, of: ({ data }) => of(data) });
