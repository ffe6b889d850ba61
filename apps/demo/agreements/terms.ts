import type { Capacity, PlaceGrain, Purpose } from '#contracts';
import type { AgencyId, EventType } from '#kernel';
import type { DemoAgency } from '../src/agencies.ts';
import type { GrantDraft } from './grants.ts';

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
  readonly caldicott?: Caldicott;
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
/** Principle by principle (National Data Guardian, 2020). */
interface Caldicott {
  readonly guardian: string;
  readonly date: string;
  readonly principles: Readonly<
    Record<
      | 'justifyPurpose'
      | 'onlyWhenNecessary'
      | 'minimumNecessary'
      | 'needToKnow'
      | 'awareOfResponsibilities'
      | 'complyWithLaw'
      | 'dutyToShare'
      | 'informPatients',
      string
    >
  >;
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

/** A day `YYYY-MM-DD`, moved by whole days. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** An agency as a party, in the first of its capacities or in the one named. */
export const party = ({ agency, capacities }: DemoAgency, capacity: Capacity = capacities[0]) => ({ agency, capacity });
/** Where people of a party answer for the agreement. */
export const contact = ({ agency }: DemoAgency, role: string, mailbox: string) => ({
  agency,
  role,
  mailbox: `${mailbox}@${agency}.example`,
});
/** A return that a publisher owes, and who at the publisher sees to it. */
export const owed = (
  kind: ReturnDraft['kind'],
  { agency }: DemoAgency,
  types: ReturnDraft['types'],
  role: string,
  mailbox: string,
): ReturnDraft => ({ kind, publisher: agency, types, owner: { role, mailbox: `${mailbox}@${agency}.example` } });

/** What the agreements of the demo have in common: two years, a review after ten months, answers kept for two years. */
export const term = (
  day: string,
): Pick<
  AgreementDraft,
  | 'validity'
  | 'review'
  | 'retention'
  | 'onwardSharing'
  | 'handling'
  | 'jointControllers'
  | 'anonymisationTests'
  | 'returns'
> => ({
  validity: { from: day, to: daysAfter(day, 730) },
  review: daysAfter(day, 300),
  retention: 'P2Y',
  onwardSharing: 'none',
  jointControllers: [],
  anonymisationTests: [],
  returns: [],
  handling: {
    rights: 'A request by a person goes within two working days to the agency that published, which answers it.',
    accuracy: 'What turns out wrong is corrected by an event that names it; recipients read the newest release.',
    deletion: 'Answers are destroyed at the end of the retention period; the recipient certifies it once a year.',
    security: 'Every party holds Cyber Essentials Plus or meets the Data Security and Protection Toolkit.',
    breach:
      'The party that finds a breach tells the others within one working day; controllers report within 72 hours.',
    training: 'Nobody signs in without information governance training in the last twelve months.',
    termination: 'Any party may end the agreement at once; what was received is destroyed within a month.',
  },
});

/** Tests six weeks before the agreement was drafted, one for each recipient; the law asks for another within twelve months. */
export const tested = (
  day: string,
  {
    method,
    assessor,
    place,
    mode = 'count',
  }: Pick<AnonymisationTest, 'method' | 'assessor' | 'place'> & {
    readonly mode?: AnonymisationTest['mode'];
  },
  ...recipients: readonly (readonly [recipient: DemoAgency, knowledge: string])[]
): readonly AnonymisationTest[] =>
  recipients.map(([{ agency }, recipientKnowledge]) => ({
    recipient: agency,
    method,
    assessor,
    date: daysAfter(day, -42),
    recipientKnowledge,
    review: daysAfter(day, 300),
    place,
    mode,
  }));

/** Sign-off by a Caldicott Guardian, three weeks before. */
export const caldicott = (day: string, guardian: string, principles: Caldicott['principles']): Caldicott => ({
  guardian,
  date: daysAfter(day, -20),
  principles,
});
