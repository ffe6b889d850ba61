import { PLACE_GRAINS, TIME_GRAINS, type Mode, type Purpose, type Request } from '#contracts';
import type { AgencyId, EventType } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import { admits } from './grant-labels.ts';
import { changesBetween, CHANGES, finestOf, type Change, type Grains } from './rehearsal-changes.ts';
import type { Rehearsal, Showing } from './rehearsal.ts';

/** Rows shown in one way, and how finely: everything coarser too. */
export type Shown = Showing & { readonly finest: readonly Grains[] };

/**
 * What a draft changes for one consumer: each of the fields, of each of the types, of each of the publishers, for each of
 * the purposes. `fields` are asked one at a time, each of `crossed` together; `alone` says that rows by place and time
 * alone are among them.
 */
export interface GrantChange {
  readonly consumer: AgencyId;
  readonly mode: Mode;
  readonly publishers: readonly AgencyId[];
  readonly types: readonly EventType[];
  readonly purposes: readonly Purpose[];
  readonly fields: readonly string[];
  readonly alone: boolean;
  /** All fields of a grant, where they change together otherwise than each by itself. */
  readonly crossed: readonly (readonly string[])[];
  /** Empty where only law stands between the draft and what stands now. */
  readonly changes: readonly Change[];
  readonly now: readonly Shown[];
  readonly then: readonly Shown[];
  /** The finest of the grains that are shown then and not now, and now and not then. */
  readonly added: readonly Grains[];
  readonly removed: readonly Grains[];
}
export interface GrantsRehearsed {
  /** Each was decided twice: as things stand, and under the draft. */
  readonly questions: number;
  readonly changes: readonly GrantChange[];
}
export interface Done {
  readonly done: number;
  readonly of: number;
}

/** Questions between two looks at how far it is. */
const TURN = 60;

/**
 * Decides under both sets every question that the grants of this agreement make possible, those in force and those of the
 * draft: consumer × purpose × publisher × type × field (also none, also all of a grant's) × place × time, each in the grant's mode, put by
 * somebody who holds every role, justifies it, and asks no further back than today. Yields how far it is every few
 * questions, so that whoever runs it can let others have a turn.
 */
export function* rehearseGrants(rehearsal: Rehearsal): Generator<Done, GrantsRehearsed> {
  const rows = rowsOf(rehearsal);
  const of = rows.length * GRAINS.length;
  const found: GrantChange[] = [];
  let batch: GrantChange[] = [];
  for (const [i, row] of rows.entries()) {
    if (i % (TURN / GRAINS.length) === 0) {
      yield { done: i * GRAINS.length, of };
      found.push(...byField(batch));
      batch = [];
    }
    const change = changeOf(rehearsal, row);
    if (change !== undefined) batch.push(change);
  }
  return { questions: of, changes: together([...found, ...batch]) };
}

/** At most so many: what {@link rehearseGrants} goes through before how finely, counted without going through it. */
export const rowsToRehearse = (rehearsal: Rehearsal): number =>
  textsOf(rehearsal)
    .flatMap(({ grants }) => grants)
    .map(
      ({ purposes, publishers, types, fields }) =>
        purposes.length * publishers.length * types.length * (fields.length + 2),
    )
    .reduce((a, b) => a + b, 0);

const GRAINS: readonly Grains[] = PLACE_GRAINS.flatMap((place) => TIME_GRAINS.map((time) => ({ place, time })));

/** What a question is about, before how finely. */
interface Row {
  readonly consumer: AgencyId;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly publisher: AgencyId;
  readonly type: EventType;
  /** One, or all of a grant's together. None: rows by place and time alone. */
  readonly fields: readonly string[];
}

const textsOf = ({ standing, agreement }: Rehearsal): readonly Agreement[] => [...standing, agreement];

function rowsOf(rehearsal: Rehearsal): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const grant of textsOf(rehearsal).flatMap((text) => text.grants))
    for (const row of rowsOfGrant(grant)) rows.set(Object.values(row).join(' '), row);
  return [...rows.values()];
}
function* rowsOfGrant({ consumer, mode, purposes, publishers, types, fields }: Grant): Generator<Row> {
  for (const purpose of purposes)
    for (const publisher of publishers)
      for (const type of types) {
        const known = fields.filter((one) => admits(type, one));
        const together = known.length > 1 ? [[...known].sort()] : [];
        for (const asked of [[], ...known.map((field) => [field]), ...together])
          yield { consumer, mode, purpose, publisher, type, fields: asked };
      }
}

function changeOf(rehearsal: Rehearsal, row: Row): GrantChange | undefined {
  const { consumer, mode, purpose, publisher, type, fields } = row;
  const who = rehearsal.anyoneOf(consumer);
  const at = GRAINS.map((grains) => {
    const { now, then } = rehearsal.compare(who, requestOf(row, grains, rehearsal.day));
    return { grains, now: now.get(publisher), then: then.get(publisher) };
  });
  const alike = at.every(({ now, then }) => changesBetween(now, then).length === 0);
  if (alike && !at.some(({ then }) => then?.blockedBy !== undefined)) return undefined;
  const grainsOf = (some: typeof at) => finestOf(some.map(({ grains }) => grains));
  return {
    consumer,
    mode,
    publishers: [publisher],
    types: [type],
    purposes: [purpose],
    fields: fields.length === 1 ? fields : [],
    alone: fields.length === 0,
    crossed: fields.length > 1 ? [fields] : [],
    changes: kinds(at),
    now: shownIn(at.map(({ grains, now }) => [grains, now])),
    then: shownIn(at.map(({ grains, then }) => [grains, then])),
    added: grainsOf(at.filter(({ now, then }) => now === undefined && then !== undefined)),
    removed: grainsOf(at.filter(({ now, then }) => now !== undefined && then === undefined)),
  };
}

const requestOf = ({ mode, purpose, type, publisher, fields }: Row, grains: Grains, day: string): Request => ({
  operation: 'agreements.rehearse',
  roles: ['analyst'],
  mode,
  purpose,
  types: [type],
  publishers: [publisher],
  fields,
  ...grains,
  oldest: day,
  justification: true,
  caseReference: true,
  subject: mode === 'subject' ? { consented: true, limitedAccess: 'none' } : 'none',
});

type Asked = { readonly now: Showing | undefined; readonly then: Showing | undefined };
/** What is shown at no grain now is new; what is shown at some is shown more finely, or less. */
function kinds(at: readonly Asked[]): readonly Change[] {
  const found = new Set(at.flatMap(({ now, then }) => changesBetween(now, then)));
  if (found.delete('newly-disclosed'))
    found.add(at.some(({ now }) => now !== undefined) ? 'more-finely' : 'newly-disclosed');
  if (found.delete('stopped')) found.add(at.some(({ then }) => then !== undefined) ? 'less-finely' : 'stopped');
  return CHANGES.filter((change) => found.has(change));
}

function shownIn(at: readonly (readonly [Grains, Showing | undefined])[]): readonly Shown[] {
  const ways = Map.groupBy(
    at.flatMap(([grains, shown]) => (shown === undefined ? [] : [{ grains, shown }])),
    ({ shown }) => JSON.stringify(shown),
  );
  return [...ways.values()].flatMap((way) => {
    const [first] = way;
    return first === undefined ? [] : [{ ...first.shown, finest: finestOf(way.map(({ grains }) => grains)) }];
  });
}

const byField = (changes: readonly GrantChange[]): readonly GrantChange[] =>
  merged(
    changes,
    ({ fields: _, alone: __, crossed: ___, ...rest }) => rest,
    (group) => {
      const fields = group.flatMap((one) => one.fields);
      // said of each field already, it need not be said of all
      const crossed = group.flatMap((one) => one.crossed).filter((all) => all.some((field) => !fields.includes(field)));
      return { fields, alone: group.some(({ alone }) => alone), crossed };
    },
  );

/** Changes that differ in one thing alone are told as one, so that every combination of what is named is meant. */
function together(changes: readonly GrantChange[]): readonly GrantChange[] {
  const listed = (list: 'purposes' | 'publishers' | 'types', some: readonly GrantChange[]) =>
    merged(
      some,
      ({ [list]: _, ...rest }) => rest,
      (group) => ({ [list]: group.flatMap((one) => one[list] as never[]) }),
    );
  return listed('types', listed('publishers', listed('purposes', byField(changes))));
}
function merged(
  changes: readonly GrantChange[],
  rest: (change: GrantChange) => object,
  join: (group: readonly GrantChange[]) => Partial<GrantChange>,
): readonly GrantChange[] {
  const groups = Map.groupBy(changes, (change) => JSON.stringify(rest(change)));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, ...join(group) }];
  });
}
