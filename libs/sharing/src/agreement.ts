import type { Capacity, ExpectedReturn, LegalLabel, Mode, PlaceGrain, Purpose, Threshold, TimeGrain } from '#contracts';
import { documentSchema, readDocument, type Fault } from '#contracts';
import type { AgencyId, EventType, JsonLimits, Sha256 } from '#kernel';
import { AGREEMENT_SCHEMA } from './agreement-schema.ts';

/** A data-sharing agreement as its parties sign it. Days are `YYYY-MM-DD` in Europe/London, inclusive. */
export interface Agreement {
  /** Lower-kebab, at most 60 characters; not `oversight` or `rehearsal`. */
  readonly id: string;
  readonly title: string;
  /** At least two, of distinct agencies. */
  readonly parties: readonly Party[];
  /** Parties that decide together why and how the data is used (UK GDPR Article 26). */
  readonly jointControllers: readonly AgencyId[];
  readonly purposes: readonly Purpose[];
  readonly validity: { readonly from: string; readonly to: string };
  /** The day by which the parties review it. */
  readonly review: string;
  /** How long a recipient may keep an answer: ISO 8601 duration in years, months or days, e.g. `P2Y`. */
  readonly retention: string;
  readonly onwardSharing: 'none' | 'with-consent-of-publisher';
  readonly contacts: readonly { readonly agency: AgencyId; readonly role: string; readonly mailbox: string }[];
  readonly lawful: Lawful;
  readonly handling: Handling;
  /** One for each recipient that a grant under `anonymous` names, or one of records of patients under any gateway that asks for it. */
  readonly anonymisationTests: readonly AnonymisationTest[];
  readonly caldicott?: Caldicott;
  /** How the national data opt-out was looked up before identifiable health data is disclosed without consent. */
  readonly optOutCheck?: { readonly method: string; readonly by: string; readonly date: string };
  readonly returns: readonly ExpectedReturn[];
  readonly grants: readonly Grant[];
}

/** An agency in the legal capacity in which it acts; a joiner and a leaver for the days they take part. */
export interface Party {
  readonly agency: AgencyId;
  readonly capacity: Capacity;
  readonly from?: string;
  readonly to?: string;
}

/** What law.md asks for before force; a draft may leave the texts empty, `checkAgreement` then says so. */
export interface Lawful {
  readonly dpia: string;
  readonly dpoAdvice: string;
  readonly article6: string;
  readonly article9?: string;
  /** DPA 2018 Schedule 1 condition, where data about offences or special categories is processed. */
  readonly schedule1?: string;
  /** DPA 2018 Part 3 applies to a party's processing. */
  readonly lawEnforcement: boolean;
  readonly privacyNotice: string;
  /** Where people are pointed out for help: the assessment under s.149 of the Equality Act 2010. */
  readonly equalityAssessment?: string;
}

/** What the ICO's data sharing code asks an agreement to say; `checkAgreement` names what is empty. */
export interface Handling {
  readonly rights: string;
  readonly accuracy: string;
  readonly deletion: string;
  readonly security: string;
  readonly breach: string;
  readonly training: string;
  readonly termination: string;
}

/** The recorded test that the gateway `anonymous` rests on, of one recipient. */
export interface AnonymisationTest {
  readonly recipient: AgencyId;
  readonly method: string;
  readonly assessor: string;
  readonly date: string;
  /** What else this recipient knows or can get. */
  readonly recipientKnowledge: string;
  /** At most twelve months after `date`. */
  readonly review: string;
  /** The finest place that was assessed. */
  readonly place: PlaceGrain;
  /** What was assessed: counts, or records too. */
  readonly mode: 'count' | 'record';
}

export const CALDICOTT_PRINCIPLES = [
  'justifyPurpose',
  'onlyWhenNecessary',
  'minimumNecessary',
  'needToKnow',
  'awareOfResponsibilities',
  'complyWithLaw',
  'dutyToShare',
  'informPatients',
] as const;
/** Sign-off by the Caldicott Guardian of the health party, principle by principle (NDG, 2020). */
export interface Caldicott {
  readonly guardian: string;
  readonly date: string;
  readonly principles: Readonly<Record<(typeof CALDICOTT_PRINCIPLES)[number], string>>;
}

export interface Grant {
  readonly id: string;
  readonly publishers: readonly AgencyId[];
  readonly types: readonly EventType[];
  readonly consumer: AgencyId;
  readonly purposes: readonly Purpose[];
  readonly mode: Mode;
  /** Id of a gateway of the law pack. */
  readonly gateway: string;
  /** Fields of the types that may be shown; place and time are governed by their grains. */
  readonly fields: readonly string[];
  /** The finest place and time that may be shown; every coarser one is granted too. */
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  readonly ageBands: 'standard';
  readonly threshold: Threshold;
  readonly openness: 'protected' | 'open';
  /** Of an `open` grant: under which licence, and where, the same detail is already published. */
  readonly licence?: string;
  readonly address?: string;
  /** Of a `record` grant: how many rows share each combination of the identifying fields, 10 or more. */
  readonly k?: number;
  /** The publishers hold it for the purposes of their own functions (PCSC Act 2022 s.16(1)). */
  readonly heldForFunctions?: boolean;
  /** Under `cda1998-115`: the provision of the 1998 Act, and why it is necessary or expedient. */
  readonly provision?: string;
  readonly necessity?: string;
  /** Under `pcsc-17`: id of the dated request that it answers. */
  readonly dutyRequest?: string;
  /** Labels that it takes on by name: a field that is shown only so is shown by no other grant. */
  readonly admits?: readonly LegalLabel[];
  /** All of them hold, or the grant gives nothing. One that the hub does not know refuses. */
  readonly conditions: readonly Condition[];
}
/** `condition` is a name of `conditions.ts`, `value` what it compares with. */
export interface Condition {
  readonly condition: string;
  readonly value?: string;
}

export type AgreementRead =
  { readonly ok: true; readonly agreement: Agreement; readonly canonical: Uint8Array; readonly digest: Sha256 } | Fault;

/** 64 KiB, depth 8, 40 keys an object, 500 items a list. */
export const AGREEMENT_LIMITS: JsonLimits = { bytes: 65_536, depth: 8, keys: 40, items: 500 };

const fits = documentSchema<Agreement>(AGREEMENT_SCHEMA);

/**
 * Reads an agreement document strictly. Codes: the parser's `json-…`, else `agreement-invalid`. Says that the
 * document is one, not that it may come into force: that is `checkAgreement`.
 */
export function readAgreement(bytes: Uint8Array): AgreementRead {
  const read = readDocument(bytes, AGREEMENT_LIMITS, fits, 'agreement-invalid');
  if (!read.ok) return read;
  const { value: agreement, canonical, digest } = read;
  if (repeats(agreement.parties.map((party) => party.agency))) return invalid('parties');
  if (repeats(agreement.grants.map((item) => item.id))) return invalid('grants');
  if (repeats(agreement.anonymisationTests.map((test) => test.recipient))) return invalid('anonymisationTests');
  return { ok: true, agreement, canonical, digest };
}

const repeats = (names: readonly string[]) => new Set(names).size !== names.length;
const invalid = (field: string): Fault => ({ ok: false, code: 'agreement-invalid', field });

/** The recipient's anonymisation test. */
export const testFor = (agreement: Agreement, recipient: AgencyId): AnonymisationTest | undefined =>
  agreement.anonymisationTests.find((test) => test.recipient === recipient);
