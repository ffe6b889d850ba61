import type { Capacity, Mode, PlaceGrain, Purpose, Threshold, TimeGrain } from '#contracts';
import type { AgencyId, EventType } from '#kernel';

/** An agreement as a steward sends it to the API, in those of its parts that the demo uses. Days are inclusive. */
export interface AgreementDraft {
  readonly id: string;
  readonly title: string;
  readonly parties: readonly { readonly agency: AgencyId; readonly capacity: Capacity }[];
  readonly jointControllers: readonly AgencyId[];
  readonly purposes: readonly Purpose[];
  readonly validity: { readonly from: string; readonly to: string };
  readonly review: string;
  readonly retention: string;
  readonly onwardSharing: 'none' | 'with-consent-of-publisher';
  readonly contacts: readonly { readonly agency: AgencyId; readonly role: string; readonly mailbox: string }[];
  readonly lawful: {
    readonly dpia: string;
    readonly dpoAdvice: string;
    readonly article6: string;
    readonly article9?: string;
    readonly schedule1?: string;
    readonly lawEnforcement: boolean;
    readonly privacyNotice: string;
    readonly equalityAssessment?: string;
  };
  readonly handling: Readonly<
    Record<'rights' | 'accuracy' | 'deletion' | 'security' | 'breach' | 'training' | 'termination', string>
  >;
  readonly anonymisationTests: readonly AnonymisationTest[];
  readonly caldicott?: {
    readonly guardian: string;
    readonly date: string;
    readonly principles: Readonly<Record<string, string>>;
  };
  readonly returns: readonly ReturnDraft[];
  readonly grants: readonly GrantDraft[];
}
export interface ReturnDraft {
  readonly publisher: AgencyId;
  readonly kind: 'cda-17a-quarterly' | 'istv-monthly';
  readonly types: readonly EventType[];
  readonly owner: { readonly role: string; readonly mailbox: string };
  readonly department?: '01' | '02' | '03' | '04';
}
interface AnonymisationTest {
  readonly recipient: AgencyId;
  readonly method: string;
  readonly assessor: string;
  readonly date: string;
  readonly recipientKnowledge: string;
  readonly review: string;
  readonly place: PlaceGrain;
  readonly mode: 'count' | 'record';
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
  readonly k?: number;
  readonly heldForFunctions?: boolean;
  readonly provision?: string;
  readonly necessity?: string;
  readonly dutyRequest?: string;
  readonly conditions: readonly { readonly condition: string; readonly value?: string }[];
}

/** A day `YYYY-MM-DD`, moved by whole days. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What all agreements of the demo have in common: two years, a review after ten months, answers kept for two years. */
export const term = (
  day: string,
): Pick<
  AgreementDraft,
  'validity' | 'review' | 'retention' | 'onwardSharing' | 'handling' | 'jointControllers' | 'returns'
> => ({
  validity: { from: day, to: daysAfter(day, 730) },
  review: daysAfter(day, 300),
  retention: 'P2Y',
  onwardSharing: 'none',
  jointControllers: [],
  returns: [],
  handling: {
    rights: 'Requests of people go to the agency that published, within two working days.',
    accuracy: 'What turns out wrong is corrected by an event that names it.',
    deletion: 'Answers are destroyed when they have been kept for as long as this agreement says.',
    security: 'Cyber Essentials Plus, or the Data Security and Protection Toolkit, at every party.',
    breach: 'Every party is told within a day; the controller answers to the ICO within 72 hours.',
    training: 'Yearly, before anybody asks.',
    termination: 'Any party may end it at once; what was received is destroyed within a month.',
  },
});

/** A test for each recipient, made six weeks before the agreement was drafted; the law asks for another within twelve months. */
export const tested = (
  day: string,
  recipients: readonly { readonly agency: AgencyId }[],
  test: Pick<AnonymisationTest, 'method' | 'assessor' | 'recipientKnowledge' | 'place'>,
): readonly AnonymisationTest[] =>
  recipients.map(({ agency }) => ({
    recipient: agency,
    ...test,
    date: daysAfter(day, -42),
    review: daysAfter(day, 300),
    mode: 'count',
  }));

/** Sign-off by a Caldicott Guardian, principle by principle. */
export const caldicott = (day: string, guardian: string): NonNullable<AgreementDraft['caldicott']> => ({
  guardian,
  date: daysAfter(day, -20),
  principles: {
    justifyPurpose: 'Preventing serious violence: the purposes of clause 2.',
    onlyWhenNecessary: 'The departments alone see assaults that nobody reports.',
    minimumNecessary: 'Only the fields of section 7, split at source from who was hurt.',
    needToKnow: 'Analysts of the recipient, each signed in by name.',
    awareOfResponsibilities: 'Yearly training before access.',
    complyWithLaw: 'The powers of section 7; the assessment of clause 4.',
    dutyToShare: 'Not sharing leaves people in danger: the duty to share weighs as much.',
    informPatients: 'Notices in the departments and the address of clause 4.',
  },
});
