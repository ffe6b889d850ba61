import { eventDefinition, legalLabelsOf, LEGAL_LABELS, type LegalLabel } from '#contracts';
import type { EventType } from '#kernel';
import type { Grant } from './agreement.ts';

/**
 * What law attaches to these fields of these types, shown in this way. Counts under disclosure control are declassified,
 * counts shown exact are not: what they are made of must already be free of labels.
 */
export function labelsShown(
  types: Iterable<EventType>,
  fields: Iterable<string>,
  { mode, openness }: Pick<Grant, 'mode' | 'openness'>,
): ReadonlySet<LegalLabel> {
  const names = [...fields];
  const inputs = [...types].flatMap((type) =>
    names.filter((name) => admits(type, name)).map((name) => labelsOf(type, name)),
  );
  const all = joined(...inputs);
  return mode === 'count' && openness === 'protected' ? declassify('aggregated-under-disclosure-control', all) : all;
}

/** The type has such a field. */
export const admits = (type: EventType, field: string): boolean => eventDefinition(type)?.fields.has(field) === true;

export const isLegalLabel = (text: string): text is LegalLabel => LEGAL_LABELS.some((label) => label === text);

export const joined = (...sets: readonly Iterable<LegalLabel>[]): ReadonlySet<LegalLabel> =>
  new Set(sets.flatMap((set) => [...set]));
const labelsOf = legalLabelsOf;
const declassify = (_: string, labels: ReadonlySet<LegalLabel>): ReadonlySet<LegalLabel> =>
  new Set([...labels].filter((label) => label === 's17-only'));
