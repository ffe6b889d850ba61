import { declassify, eventDefinition, joined, labelsShowing, LEGAL_LABELS, type LegalLabel } from '#contracts';
import type { EventType } from '#kernel';
import type { Grant } from './agreement.ts';

/**
 * What law attaches to these fields of these types, shown in this way; of registered types. Counts under disclosure
 * control are declassified, counts shown exact are not: what they are made of must be free of labels by itself.
 */
export function labelsShown(
  types: Iterable<EventType>,
  fields: Iterable<string>,
  { mode, openness }: Pick<Grant, 'mode' | 'openness'>,
): ReadonlySet<LegalLabel> {
  const named = [...fields];
  const known = [...types].filter((type) => eventDefinition(type) !== undefined);
  const all = joined(...known.map((type) => labelsShowing(type, named)));
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
