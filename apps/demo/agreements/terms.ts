import type { Agreement, AnonymisationTest } from '#sharing';

/** A day `YYYY-MM-DD`, moved by whole days. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What all agreements of the demo have in common: two years, a review after ten months, answers kept for two years. */
export const term = (day: string): Pick<Agreement, 'validity' | 'review' | 'retention'> => ({
  validity: { from: day, to: daysAfter(day, 730) },
  review: daysAfter(day, 300),
  retention: 'P2Y',
});

/** A test made six weeks before the agreement was drafted; the law asks for another within twelve months. */
export const tested = (
  day: string,
  test: Pick<AnonymisationTest, 'method' | 'assessor' | 'recipientKnowledge' | 'place'>,
): AnonymisationTest => ({ ...test, date: daysAfter(day, -42), review: daysAfter(day, 300) });
