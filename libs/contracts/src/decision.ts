import type { AgencyId, EventType, Instant, Position, Sha256 } from '#kernel';
import type { LegalLabel } from './legal-labels.ts';

/** Why a consumer asks (`hub.md`, Words). A request without one is refused. */
export const PURPOSES = [
  'sv-needs-assessment',
  'sv-strategy',
  's17-monitoring',
  'safeguarding-enquiry',
  'violence-reduction-pathway',
  'evaluation',
  'audit',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export const ROLES = [
  'publisher',
  'analyst',
  'practitioner',
  'supervisor',
  'signatory',
  'steward',
  'guardian',
  'auditor',
  'operator',
] as const;
export type Role = (typeof ROLES)[number];

/** What an agency is in law; a gateway names the capacities it serves (PCSC Act 2022 ss.11, 12, 16). */
export const CAPACITIES = [
  // a specified authority of s.11 that no narrower name below fits
  'specified-authority',
  'chief-officer-of-police',
  'probation-provider',
  'youth-offending-team',
  'integrated-care-board',
  'fire-and-rescue-authority',
  'local-authority',
  'local-policing-body',
  'educational-authority',
  'prison-authority',
  'youth-custody-authority',
  'health-provider',
  'voluntary-sector',
  'analysis-unit',
  'host',
] as const;
export type Capacity = (typeof CAPACITIES)[number];

/** Finest first. A grant at one grain also permits every coarser one. */
export const PLACE_GRAINS = ['lsoa', 'ward', 'district', 'csp', 'force'] as const;
export type PlaceGrain = (typeof PLACE_GRAINS)[number];
export const TIME_GRAINS = ['month', 'quarter', 'year'] as const;
export type TimeGrain = (typeof TIME_GRAINS)[number];

export type Mode = 'count' | 'record' | 'subject';
export type Threshold = 7 | 12 | 17;

/** A person is (issuer, subject); the agency and roles are what the issuer asserts and may assert. */
export interface Principal {
  readonly issuer: string;
  readonly person: string;
  readonly agency: AgencyId;
  readonly roles: ReadonlySet<Role>;
}

/** A question, as the policy sees it. Nothing here is optional that would mean "allow" when absent. */
export interface Request {
  /** Operation of the API, e.g. `releases.table`. */
  readonly operation: string;
  /** Roles of which the asker must hold one. */
  readonly roles: readonly Role[];
  readonly mode: Mode;
  readonly purpose: string | undefined;
  readonly types: readonly EventType[];
  readonly publishers: readonly AgencyId[] | 'all';
  readonly fields: readonly string[];
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  /** The first day, `YYYY-MM-DD`, that the answer may reach back to; `any` where it may reach back to the first event. */
  readonly oldest: string;
  /** The call carries a justification, a case reference. */
  readonly justification: boolean;
  readonly caseReference: boolean;
  /** Whom a `subject` question is about, as far as that can decide; `none` for every other mode. */
  readonly subject: 'none' | AskedSubject;
}
/** What is known of the subject of a question. Never who it is. */
export interface AskedSubject {
  /** A live consent names this consumer, purpose and these types. */
  readonly consented: boolean;
  /** Access to the case is limited, and the asker stands on its list or doesn't. */
  readonly limitedAccess: 'none' | 'listed' | 'not-listed';
}

/** What one agreement contributes to an answer; never merged silently with another's. */
export interface View {
  readonly agreement: { readonly id: string; readonly version: number; readonly clauses: readonly string[] };
  readonly gateway: string;
  readonly publishers: ReadonlySet<AgencyId>;
  readonly types: ReadonlySet<EventType>;
  readonly fields: ReadonlySet<string>;
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  readonly threshold: Threshold;
  /** `open`: already published elsewhere at this detail, so shown exact; `licence` and `address` then say where. */
  readonly openness: 'protected' | 'open';
  readonly licence?: string;
  readonly address?: string;
  /** `record`: each combination of the identifying fields is held by at least this many rows. */
  readonly k?: number;
  /** What law attaches to what this view shows, after the declassifiers that stand before it (`hub.md` §4). */
  readonly labels: ReadonlySet<LegalLabel>;
}

/** What a recipient owes for an answer. */
export const OBLIGATIONS = [
  'destroy-by',
  'no-onward-sharing',
  'onward-sharing-with-consent-of-publisher',
  'cite-licence',
  'use-for-monitoring-only',
] as const;
export interface Obligation {
  readonly obligation: (typeof OBLIGATIONS)[number];
  /** Whose it is. */
  readonly agreement: string;
  /** Of `destroy-by`: the last day, `YYYY-MM-DD`, on which the answer may be held. */
  readonly by?: string;
}

export interface Permit {
  readonly kind: 'permit';
  readonly views: readonly [View, ...View[]];
  readonly obligations: readonly Obligation[];
}
export interface Refusal {
  readonly kind: 'refuse';
  /** Stable code of the rule that refused, documented in `docs/reference/problems.md`. */
  readonly rule: string;
  readonly section?: string;
  /** What would have to exist for the answer to differ; names of things, never of subjects. */
  readonly missing: readonly string[];
  readonly alternatives: readonly string[];
  /** Existence itself would tell: the edge answers 404. */
  readonly conceal: boolean;
}
export type Decision = Permit | Refusal;

/** A fact of the hub's own, as policy reads it. */
export interface PolicyFact {
  readonly position: Position;
  readonly recordedTime: Instant;
  readonly type: EventType;
  readonly data: unknown;
}

/** A {@link Request} as an access record keeps it: whom it was about stays out. */
export type RecordedRequest = Omit<Request, 'subject'>;

/** What `libs/audit` makes durable before an answer or a refusal leaves. Never result data. */
export interface AccessRecord {
  readonly operation: string;
  /** DPA 2018 s.62 kinds that apply to reads, and `refused`. */
  readonly kind: 'consultation' | 'disclosure' | 'refused';
  readonly who: {
    readonly issuer: string;
    readonly person: string;
    readonly agency: AgencyId;
    readonly roles: readonly Role[];
  };
  readonly purpose: string | undefined;
  /** The question in canonical form: parameters, never a result. */
  readonly question: Readonly<Record<string, string>>;
  /** What the policy was asked, so that another policy can be asked it too. Absent from audit questions. */
  readonly requests?: readonly RecordedRequest[];
  readonly decision:
    | {
        readonly kind: 'permit';
        readonly agreements: readonly {
          readonly id: string;
          readonly version: number;
          readonly gateway: string;
          readonly clauses: readonly string[];
        }[];
      }
    | { readonly kind: 'refuse'; readonly rule: string; readonly section?: string };
  /** Head of the policy that decided, and digest of its compiled form. */
  readonly policy: { readonly position: Position | 'empty'; readonly digest: Sha256 };
  /** Position of the model or release that answered. */
  readonly model?: Position;
  readonly release?: string;
  /** HMAC-SHA-256 (hex) under the hub's key of the canonical result; absent on a refusal. */
  readonly resultHmac?: string;
  readonly build: string;
}
/** A record as kept: numbered without gaps in its own log. */
export interface KeptAccessRecord extends AccessRecord {
  /** Random; what the consumer is told as `disclosureId`. */
  readonly id: string;
  readonly number: number;
  readonly time: Instant;
}
