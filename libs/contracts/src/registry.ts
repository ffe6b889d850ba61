import { eventType, Problem, type EventType } from '#kernel';
import { declassify } from './declassify.ts';
import type { ConsentedUse, EventEntry, EventFamily, FamilyData, Field, Grain, Use, Way } from './fields.ts';
import { joined, type LegalLabel } from './legal-labels.ts';
import { emergencyDepartment } from './events/emergency-department.events.ts';
import { policeIncident } from './events/police-incident.events.ts';
import { prisonRelease } from './events/prison-release.events.ts';
import { schoolExclusion } from './events/school-exclusion.events.ts';

export const EVENT_FAMILIES: readonly EventFamily[] = [
  policeIncident,
  schoolExclusion,
  emergencyDepartment,
  prisonRelease,
];

/** `data` of each type, inferred from its definition. */
export type EventData = FamilyData<typeof policeIncident> &
  FamilyData<typeof schoolExclusion> &
  FamilyData<typeof emergencyDepartment> &
  FamilyData<typeof prisonRelease>;
export type EventTypeName = keyof EventData;

/** Everything that is known of one type: the table of `events.md`, one column. */
export interface EventDefinition extends Omit<EventEntry, 'type'> {
  readonly type: EventType;
  readonly basis: 'anonymised' | 'consented';
  readonly family: EventFamily;
  /** Fields that the way admits, in the order of the table. */
  readonly fields: ReadonlyMap<string, Field & { readonly use: Use }>;
}

const define = (family: EventFamily, entry: EventEntry): EventDefinition => ({
  ...entry,
  type: eventType(entry.type),
  basis: entry.way === 'C' ? 'consented' : 'anonymised',
  family,
  fields: new Map(
    Object.entries(family.fields).flatMap(([name, field]) => {
      const use = field[entry.way];
      return use === undefined ? [] : [[name, { ...field, use }] as const];
    }),
  ),
});
const DEFINITIONS: ReadonlyMap<string, EventDefinition> = new Map(
  EVENT_FAMILIES.flatMap((family) => family.events.map((entry) => [entry.type, define(family, entry)] as const)),
);

/** Every registered type, in the order of `events.md`. */
export const EVENT_TYPES: readonly EventType[] = [...DEFINITIONS.values()].map(({ type }) => type);

/** The definition of a type, `undefined` of one that nobody registered. Accepts any text. */
export const eventDefinition = (type: string): EventDefinition | undefined => DEFINITIONS.get(type);

/** Types of one way, for a release that tabulates P or D and never both. */
export const eventTypesOf = (way: Way): readonly EventType[] =>
  EVENT_TYPES.filter((type) => DEFINITIONS.get(type)?.way === way);

/** How a consented type uses its fields; empty for P and D. */
export function consentedUses(definition: EventDefinition): readonly (readonly [string, ConsentedUse])[] {
  if (definition.way !== 'C') return [];
  return Object.entries(definition.family.fields).flatMap(([name, { C }]) =>
    C === undefined ? [] : [[name, C] as const],
  );
}

/** Name of a field for people; `undefined` where the type does not admit it. */
export const fieldLabel = (type: string, field: string): string | undefined =>
  DEFINITIONS.get(type)?.fields.get(field)?.label;

/**
 * Legal labels that an event of this definition carries: with a path below `data` (`offenceCode.code`) those of the field
 * it leads to, of which every part carries them all, and those of the type, which stand on each part of the event;
 * without one, those of the type alone: of there being such an event, and of its publisher. On P and D they are what
 * anonymisation at the source leaves.
 */
export function labelsIn({ way, labels, fields }: EventDefinition, path?: string): ReadonlySet<LegalLabel> {
  const field = path === undefined ? undefined : fields.get(nameOf(path));
  const held = joined(labels, field?.labels ?? []);
  return way === 'C' ? held : declassify('anonymised-at-source', held);
}
const nameOf = (path: string): string => path.split('.', 1)[0] ?? '';

/**
 * {@link labelsIn} of a registered type.
 * @throws Problem `labels-unknown` of a type that nobody registered
 */
export function typeLabelsOf(type: string): ReadonlySet<LegalLabel> {
  const definition = DEFINITIONS.get(type);
  if (definition === undefined) throw new Problem('labels-unknown', { field: 'type' });
  return labelsIn(definition);
}

/**
 * {@link labelsIn} of a field of a registered type. One that other types have, and this one has not, tells no more than
 * that there is an event.
 * @throws Problem `labels-unknown` of a type or a field that nobody registered
 */
export function labelsOf(type: string, field: string): ReadonlySet<LegalLabel> {
  const definition = DEFINITIONS.get(type);
  if (definition === undefined) throw new Problem('labels-unknown', { field: 'type' });
  if (!FIELD_NAMES.has(nameOf(field))) throw new Problem('labels-unknown', { field: 'field' });
  return labelsIn(definition, field);
}
/**
 * Legal labels of what shows these fields of events of a registered type: every such answer says that there are events, and
 * where and when. A field that the type has not says nothing more.
 * @throws Problem `labels-unknown` of a type that nobody registered
 */
export function labelsShowing(type: string, fields: Iterable<string>): ReadonlySet<LegalLabel> {
  const definition = DEFINITIONS.get(type);
  if (definition === undefined) throw new Problem('labels-unknown', { field: 'type' });
  const paths = [...fields, ...definition.place.slice(0, 1), ...definition.time.slice(0, 1)];
  return joined(labelsIn(definition), ...paths.map((path) => labelsIn(definition, path)));
}
const FIELD_NAMES: ReadonlySet<string> = new Set(EVENT_FAMILIES.flatMap(({ fields }) => Object.keys(fields)));

/** The finest grain at which a field may be tabulated; `undefined` = as stored, or not admitted. */
export const tabulationGrain = (type: string, field: string): Grain | undefined =>
  DEFINITIONS.get(type)?.fields.get(field)?.use.tabulate;
