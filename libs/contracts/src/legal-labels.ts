/**
 * What law attaches to a field (`hub.md` §4). A derived value carries the union of its inputs' labels; only a named
 * declassifier lowers one. Labels apply on consented events: an anonymised field carries none.
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
