/** What may stand between the digits of a number: spaces, dashes, dots and what is invisible. */
const GAP = '[\\s\\p{Pd}\\p{Cf}.]*';
const EDGE = { before: '(?<![\\p{L}\\p{Nd}])', after: '(?![\\p{L}\\p{Nd}])' } as const;

const FORMS: readonly RegExp[] = [
  // nine digits and more: numbers of the NHS, of pupils, of cases, of telephones
  new RegExp(`\\p{Nd}(?:${GAP}\\p{Nd}){8}`, 'u'),
  // an e-mail address
  /[^\s@]@[^\s@]+\.[^\s@]/u,
  // a UK postcode, with or without its space (BS 7666); GIR 0AA is the one that has no digit in its first half
  new RegExp(`${EDGE.before}(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR)${GAP}[0-9][ABD-HJLNP-UW-Z]{2}${EDGE.after}`, 'iu'),
  // a UK telephone number, with its area code in brackets or not: 0, +44 or 0044 and nine or ten digits
  /(?<!\p{Nd})(?:(?:\+|00)\s*44[\s().-]*|\(?0)(?:[\s().\-/]*\p{Nd}){9,10}(?!\p{Nd})/u,
];

/**
 * Whether a text for people holds what looks like a number of a person or a case, an e-mail address, a UK postcode or a UK
 * telephone number. Written in full-width or other compatible characters it is seen as well. A name is not seen: no rule
 * tells one from other words, and who adopts a list reads it.
 */
export function holdsIdentifier(text: string): boolean {
  const plain = text.normalize('NFKC');
  return FORMS.some((form) => form.test(plain));
}
