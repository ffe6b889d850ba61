import { eventDefinition } from '#contracts';
import { Problem, type EventType } from '#kernel';
import { claimedTime, type ClaimedTime } from './claimed-time.ts';
import { fieldReader, type Reader } from './field-reader.ts';
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

type Fill = (event: PublishedEvent, when: ClaimedTime) => Value;
interface Plan {
  readonly from: Reader;
  readonly to: Reader;
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
  return {
    name,
    version,
    reads,
    columns,
    row(event) {
      const plan = plans.get(event.type);
      if (plan === undefined) throw new Problem('type-unplaceable', { field: 'type' });
      const when = claimedTime(plan.from(event.data), plan.to(event.data));
      const { fills } = plan;
      const row = new Array<Value>(fills.length);
      for (let i = 0; i < fills.length; i++) row[i] = fills[i]?.(event, when);
      return row;
    },
  };
}

function planOf(read: EventType, columns: readonly FilledColumn[]): Plan {
  const definition = eventDefinition(read);
  if (definition === undefined) throw new Problem('type-unplaceable', { field: 'type' });
  return {
    from: fieldReader(read, definition.time),
    to: fieldReader(read, ['occurredTo']),
    fills: columns.map(({ from }) => fillOf(from, read, definition.place)),
  };
}

function fillOf(from: From, read: EventType, placePath: readonly string[]): Fill {
  switch (from.of) {
    case 'publisher':
      return (event) => event.publisher;
    case 'type':
      return () => read;
    case 'time':
      return (_, when) => when[from.part];
    case 'place':
      return placed(fieldReader(read, placePath));
    case 'field': {
      const value = fieldReader(read, from.path);
      return ({ data }) => value(data);
    }
  }
}

/** A type whose definition leaves the place open (an exclusion may not tell its school's district) is nowhere known. */
const placed =
  (reader: Reader): Fill =>
  ({ data }) =>
    reader(data) ?? 'unknown';
