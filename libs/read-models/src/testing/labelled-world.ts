import fc from 'fast-check';
import { EVENT_TYPES, eventDefinition, LEGAL_LABELS, type EventDefinition, type ValueType } from '#contracts';
import { position, sha256, type AgencyId, type EventType, type Json } from '#kernel';
import {
  dimensionsOf,
  freeze,
  NOT_STATED,
  readTableQuery,
  type Definition,
  type ReleaseCell,
  type ReleaseTable,
  type Shows,
  type TableQuery,
} from '#statistics';
import { anyValue } from '../../../contracts/src/testing/event-arbitrary.ts';
import { bytesOf, CITY_POLICE, COUNTY, period, POLICE } from '../../../statistics/src/testing/county.ts';
import type { PublishedEvent } from '../projection.ts';
import * as column from '../row-model.ts';

/**
 * A world that takes no more than the forms of events from the hub: types with any labels on them and on their fields, a
 * model over one or two of them, a release over that, and a question to it whose rows are shown exact or by the rule.
 * One thing in it is told in two ways, `before` and `after`, which differ in `changed` alone.
 */
export interface World {
  readonly definitions: readonly [EventDefinition, ...EventDefinition[]];
  readonly columns: readonly column.FilledColumn[];
  readonly before: PublishedEvent;
  /** Absent: nothing of the kind happened. */
  readonly after: PublishedEvent | undefined;
  /** A field of the first definition, the publisher, or that there is an event at all. */
  readonly changed: { readonly field: string } | 'publisher' | 'presence';
  readonly others: readonly PublishedEvent[];
  readonly release: Definition;
  readonly query: TableQuery;
  readonly shows: Shows;
}

export const YEAR = period('2024');
const TIMES = {
  hour: ['2023-11-05T22', '2024-01-13T15', '2024-07-01T03'],
  'part-of-day': ['2023-11-05/night', '2024-01-13/evening', '2024-01-15/morning'],
  date: ['2023-11-05', '2024-01-13', '2024-07-01'],
  month: ['2023-11', '2024-01', '2024-07'],
  quarter: ['2023-Q4', '2024-Q1', '2024-Q3'],
  term: ['2022-23/spring', '2023-24/spring', '2024-25/autumn'],
} as const;
const PLACES = {
  lsoa: ['E01000001', 'E01000003', 'E01000004'],
  district: ['E07000001', 'E08000001'],
  'delivery-unit': ['pdu-01'],
  unknown: ['unknown'],
} as const;

/** Values that a county and a year can tell apart. */
function told(type: ValueType): fc.Arbitrary<Json> {
  if (type.kind === 'time') return fc.constantFrom(...type.forms.flatMap((form) => TIMES[form]));
  if (type.kind === 'place') return fc.constantFrom(...type.forms.flatMap((form) => PLACES[form]));
  if (type.kind !== 'object') return anyValue(type);
  return fc.record(Object.fromEntries(Object.entries(type.members).map(([name, member]) => [name, told(member.type)])));
}

/** A registered type whose labels, and those of its fields, are any. */
const labelling: fc.Arbitrary<EventDefinition> = fc.constantFrom(...EVENT_TYPES).chain((type) => {
  const definition = eventDefinition(type) as EventDefinition;
  const some = fc.subarray([...LEGAL_LABELS], { maxLength: 3 });
  return fc.tuple(some, fc.tuple(...[...definition.fields].map(() => some))).map(([labels, own]) => ({
    ...definition,
    labels,
    fields: new Map([...definition.fields].map(([name, field], i) => [name, { ...field, labels: own[i] ?? [] }])),
  }));
});

/** Data as a projection reads them: of C, what `shared` and a part hold together. */
const EVENTS: ReadonlyMap<string, fc.Arbitrary<PublishedEvent>> = new Map(
  EVENT_TYPES.map((type) => {
    const { fields, time } = eventDefinition(type) as EventDefinition;
    const values = Object.fromEntries([...fields].map(([name, { use }]) => [name, told(use.type)]));
    const publisher = fc.constantFrom<AgencyId>(POLICE, CITY_POLICE);
    const data = fc.record(values, { requiredKeys: [time[0] ?? ''] });
    return [type, fc.record({ type: fc.constant(type), publisher, data })];
  }),
);
const eventOf = ({ type }: EventDefinition): fc.Arbitrary<PublishedEvent> =>
  EVENTS.get(type) as fc.Arbitrary<PublishedEvent>;

const ALWAYS = [column.publisher, column.place, column.period];
/** Whatever a model could say of an event of the types: time by each of its parts, each field, and each part of one. */
function sayable(definitions: readonly EventDefinition[]): readonly column.FilledColumn[] {
  const fields = definitions.flatMap(({ fields }) =>
    [...fields].flatMap(([name, { use }]) =>
      use.type.kind === 'object'
        ? Object.keys(use.type.members).map((member) => column.field(`told.${name}.${member}`, name, member))
        : [column.field(`told.${name}`, name)],
    ),
  );
  const { type, month, date, hour, band, dayKind } = column;
  const all = [type, month, date, hour, band, dayKind, ...fields];
  return once(all);
}
const once = (columns: World['columns']): World['columns'] =>
  columns.filter(({ name }, i) => columns.findIndex((other) => other.name === name) === i);

/** Rows dated as those of the first type are; of another kind of time none falls into the year. */
const rowTime = ({ fields, time }: EventDefinition): Definition['time'] => {
  const type = fields.get(time[0] ?? '')?.use.type;
  const forms: readonly string[] = type?.kind === 'time' ? type.forms : [];
  return forms.includes('term') ? 'term' : forms.includes('quarter') ? 'quarter' : 'month';
};
function releaseOver(definitions: World['definitions'], columns: World['columns']): Definition {
  return {
    name: 'planted',
    version: 1,
    title: 'Planted',
    counts: 'rows',
    model: 'incidents',
    types: definitions.map(({ type }) => type),
    place: 'lsoa',
    time: rowTime(definitions[0]),
    fields: columns
      .filter((one) => !ALWAYS.includes(one))
      .map(({ name }) => ({ name, label: name, field: name, column: name, codes: { lists: [name] } })),
  };
}

export const world: fc.Arbitrary<World> = fc
  .uniqueArray(labelling, { minLength: 1, maxLength: 2, selector: ({ type }) => type })
  .chain((found) => {
    const definitions = found as unknown as World['definitions'];
    const [first] = definitions;
    // a time and a place fill several columns or one of another name, so that they are changed more often
    const { fields, time, place } = first;
    const often = [...time, ...time, 'occurredTo', 'occurredTo', ...place.slice(0, 1)].filter((field) =>
      fields.has(field),
    );
    const change = fc.constantFrom<World['changed']>(
      'publisher',
      'presence',
      ...[...fields.keys(), ...often].map((field) => ({ field })),
    );
    return fc.tuple(
      fc.constant(definitions),
      fc.subarray([...sayable(definitions)], { maxLength: 4 }),
      fc.tuple(eventOf(first), eventOf(first), change),
      fc.array(fc.oneof(...definitions.map(eventOf)), { maxLength: 2 }),
      fc.record({ open: fc.subarray([POLICE, CITY_POLICE]), guarded: fc.subarray([POLICE, CITY_POLICE]) }),
      fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
      fc.boolean(),
    );
  })
  .map(([definitions, some, [before, other, changed], others, { open, guarded }, picks, spoken]): World => {
    // of what was changed all is said, as otherwise there is seldom anything to see, or what happens to be
    const said = spoken ? sayable(definitions).filter(({ from }) => isSaid(from, changed, definitions[0])) : [];
    const columns = [...ALWAYS, ...once([...said, ...some])];
    const release = releaseOver(definitions, columns);
    const after = changedTo(before, other, changed, definitions[0]);
    const shows: Shows = { open: new Set(open), guarded: new Set(guarded), threshold: 7 };
    const query = questionOf(release, picks, rowOf(columns, before));
    return { definitions, columns, before, after, changed, others, release, query, shows };
  });
function isSaid(from: column.FilledColumn['from'], changed: World['changed'], { time }: EventDefinition): boolean {
  if (typeof changed === 'string') return false;
  if (from.of === 'field') return from.path[0] === changed.field;
  return from.of === 'time' && [...time, 'occurredTo'].includes(changed.field);
}

function changedTo(
  before: PublishedEvent,
  other: PublishedEvent,
  changed: World['changed'],
  { time }: EventDefinition,
): PublishedEvent | undefined {
  if (changed === 'presence') return undefined;
  if (changed === 'publisher') return { ...before, publisher: other.publisher };
  const { [changed.field]: _, ...rest } = before.data;
  const value = other.data[changed.field] ?? (changed.field === time[0] ? before.data[changed.field] : undefined);
  return { ...before, data: value === undefined ? rest : { ...rest, [changed.field]: value } };
}

/** Rows by one dimension, columns by another, and of a third only what the event says, as far as they can be asked. */
function questionOf(release: Definition, picks: readonly number[], row: Readonly<Record<string, string>>): TableQuery {
  const dimensions = dimensionsOf(release, YEAR);
  const fields = dimensions.filter(({ kind }) => kind === 'field');
  const oftener = [...dimensions, ...fields, ...fields];
  const [rows, columns] = picks.map((pick) => oftener[pick % oftener.length]);
  const kept = fields[(picks[2] ?? 0) % fields.length];
  const asked = { rows: rows?.name ?? '', columns: columns === rows ? undefined : columns?.name };
  const where = kept === undefined ? [] : [`${kept.name}:${row[kept.name] ?? NOT_STATED}`];
  for (const conditions of [where, []]) {
    const read = readTableQuery(release, YEAR, { ...asked, where: conditions });
    if (read.ok) return read.query;
  }
  throw new Error('not a question');
}

const modelOf = (columns: World['columns'], types: readonly EventType[]) =>
  column.rowModel('incidents', 1, types, columns);
export const projectionOf = ({ columns, definitions }: World): ReturnType<typeof modelOf> =>
  modelOf(
    columns,
    definitions.map(({ type }) => type),
  );
/** What a model says of an event, as a cube's cell has it. */
function rowOf(columns: World['columns'], event: PublishedEvent): Readonly<Record<string, string>> {
  const row = modelOf(columns, [event.type]).row(event);
  return Object.fromEntries(columns.map(({ name }, i) => [name, String(row[i] ?? NOT_STATED)]));
}

const TIMES_A_YEAR = { month: /^2024-\d\d$/, quarter: /^2024-Q/, term: /^20(?:23-24\/s|24-25\/a)/ } as const;
/** A release of the year with what is said of the event twenty times over, so that the rule cannot hide it. */
export function frozenWith(world: World, event: PublishedEvent | undefined): ReleaseTable {
  const { columns, release, others, before, after } = world;
  const rows = (events: readonly (PublishedEvent | undefined)[]) =>
    events.filter((one) => one !== undefined).map((one) => rowOf(columns, one));
  const cells = [...rows(others).map((values) => ({ values, count: 9 })), ...rows([event]).map(twenty)];
  const values = (name: string) => [...new Set(rows([before, after, ...others]).map((row) => row[name] ?? ''))].sort();
  return freeze({
    definition: release,
    period: YEAR,
    geography: { version: COUNTY.version, digest: sha256(bytesOf(COUNTY)) },
    codes: (list) => values(list).map((code) => ({ code, label: code })),
    cells: cells.filter((cell) => TIMES_A_YEAR[release.time].test(cell.values['period'] ?? '')),
    asOf: position(1),
  });
}
const twenty = (values: Readonly<Record<string, string>>): ReleaseCell => ({ values, count: 20 });
