import { Problem } from '#kernel';

/**
 * What law attaches to information about people (`hub.md` §4): to a field, and to every part of an event of a type. A
 * derived value carries the union of its inputs' labels; only a named declassifier (`declassify.ts`) lowers one.
 */
export const LEGAL_LABELS = [
  'personal',
  'patient',
  'hsc-source',
  's17-only',
  'da',
  'sexual',
  'special-category',
  'criminal-offence',
  'exploitation-victim',
  'protected-identity',
  'limited-access',
  'law-enforcement',
] as const;
export type LegalLabel = (typeof LEGAL_LABELS)[number];
/** Labels of the columns of some rows, by name. */
export type ColumnLabels = ReadonlyMap<string, ReadonlySet<LegalLabel>>;

/**
 * Labels of what is derived from several inputs: each label of any of them, in the order of {@link LEGAL_LABELS}.
 * @throws Problem `label-unknown`: what nobody defined can't be told from what may be left out.
 */
export function joined(...inputs: readonly Iterable<LegalLabel>[]): ReadonlySet<LegalLabel> {
  const all = new Set<LegalLabel>(inputs.flatMap((labels) => [...labels]));
  for (const label of all) if (!LEGAL_LABELS.includes(label)) throw new Problem('label-unknown');
  return new Set(LEGAL_LABELS.filter((label) => all.has(label)));
}
