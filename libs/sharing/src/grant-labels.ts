import { declassify, eventDefinition, joined, labelsOf, LEGAL_LABELS, typeLabelsOf, type LegalLabel } from '#contracts';
import type { EventType } from '#kernel';
import type { Grant } from './agreement.ts';

/**
 * What law attaches to these fields of these types, shown in this way; of registered types. That there is an event of a
 * type says something already, and every answer says where and when, so that a type brings its own labels and those of
 * its place and time whatever fields are shown. Counts under disclosure control are declassified, counts shown exact are
 * not: what they are made of must be free of labels by itself.
 */
export function labelsShown(
  types: Iterable<EventType>,
  fields: Iterable<string>,
  { mode, openness }: Pick<Grant, 'mode' | 'openness'>,
): ReadonlySet<LegalLabel> {
  const named = [...fields];
  const all = joined(
    ...[...types].flatMap((type) => {
      const definition = eventDefinition(type);
      if (definition === undefined) return [];
      const shown = [...named, definition.place[0], definition.time[0]];
      return [
        typeLabelsOf(type),
        ...shown.filter((name) => definition.fields.has(name ?? '')).map((name) => labelsOf(type, name ?? '')),
      ];
    }),
  );
  return mode === 'count' && openness === 'protected' ? declassify('aggregated-under-disclosure-control', all) : all;
}

/** The publisher holds and processes what bears one of the labels, before anything is made anonymous. */
export const holdsLabels = ({ types, fields }: Grant, labels: readonly string[]): boolean =>
  types.some((type) => {
    const definition = eventDefinition(type);
    const held = [definition?.labels, ...fields.map((field) => definition?.fields.get(field)?.labels)];
    return held.some((some = []) => some.some((label) => labels.includes(label)));
  });

/** The type has such a field. */
export const admits = (type: EventType, field: string): boolean => eventDefinition(type)?.fields.has(field) === true;

export const isLegalLabel = (text: string): text is LegalLabel => LEGAL_LABELS.some((label) => label === text);
