import type { Capacity, Mode, PlaceGrain, Purpose, Threshold, TimeGrain } from '#contracts';
import type { AgencyId, EventType } from '#kernel';

/** An agreement as a steward sends it to the API, in those of its parts that the demo uses. Days are inclusive. */
export interface AgreementDraft {
  readonly id: string;
  readonly title: string;
  readonly parties: readonly { readonly agency: AgencyId; readonly capacity: Capacity }[];
  readonly purposes: readonly Purpose[];
  readonly validity: { readonly from: string; readonly to: string };
  readonly review: string;
  readonly retention: string;
  readonly contacts: readonly { readonly agency: AgencyId; readonly role: string; readonly mailbox: string }[];
  readonly lawful: {
    readonly dpia: string;
    readonly dpoAdvice: string;
    readonly article6: string;
    readonly article9?: string;
    readonly lawEnforcement: boolean;
    readonly privacyNotice: string;
  };
  readonly anonymisationTest: AnonymisationTest;
  readonly caldicott?: { readonly guardian: string; readonly date: string };
  readonly grants: readonly GrantDraft[];
}
interface AnonymisationTest {
  readonly method: string;
  readonly assessor: string;
  readonly date: string;
  readonly recipientKnowledge: string;
  readonly review: string;
  readonly place: PlaceGrain;
}
export interface GrantDraft {
  readonly id: string;
  readonly publishers: readonly AgencyId[];
  readonly types: readonly EventType[];
  readonly consumer: AgencyId;
  readonly purposes: readonly Purpose[];
  readonly mode: Mode;
  readonly gateway: string;
  readonly fields: readonly string[];
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  readonly ageBands: 'standard';
  readonly threshold: Threshold;
  readonly openness: 'protected' | 'open';
  readonly licence?: string;
  readonly address?: string;
}

/** A day `YYYY-MM-DD`, moved by whole days. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What all agreements of the demo have in common: two years, a review after ten months, answers kept for two years. */
export const term = (day: string): Pick<AgreementDraft, 'validity' | 'review' | 'retention'> => ({
  validity: { from: day, to: daysAfter(day, 730) },
  review: daysAfter(day, 300),
  retention: 'P2Y',
});

/** A test made six weeks before the agreement was drafted; the law asks for another within twelve months. */
export const tested = (
  day: string,
  test: Pick<AnonymisationTest, 'method' | 'assessor' | 'recipientKnowledge' | 'place'>,
): AnonymisationTest => ({ ...test, date: daysAfter(day, -42), review: daysAfter(day, 300) });
