import type { AgencyId, EventType, Position, Sha256 } from '#kernel';
import { ROLES, type Capacity, type Role } from './decision.ts';
import type { DutyAnswer, DutyRefusalReason, DutySection, DutyUse, ReturnKind } from './duty.ts';

/** Who did it: a person of an agency, or the command line of the host (`issuer: 'host'`). */
export interface Actor {
  readonly issuer: string;
  readonly person: string;
  readonly agency: AgencyId;
}
/** Dates are `YYYY-MM-DD`; `to` is inclusive. */
export interface CapacityHeld {
  readonly capacity: Capacity;
  readonly from: string;
  readonly to?: string;
}
/**
 * Roles that an enrolment which names none lets the agency's issuers assert. Those that look over every agency's shoulder
 * or run the hub are held only where an enrolment names them.
 */
export const ORDINARY_ROLES: readonly Role[] = ROLES.filter((role) => role !== 'operator' && role !== 'auditor');

export const PACK_KINDS = ['geography', 'codes', 'law'] as const;
export type PackKind = (typeof PACK_KINDS)[number];

/** Why an agreement was suspended, ended or left: a closed list, since free text might name a person. */
export const LIFECYCLE_REASONS = [
  'concern',
  'breach',
  'review',
  'law-changed',
  'no-longer-needed',
  'superseded',
  'party-closed',
  'other',
] as const;
export type LifecycleReason = (typeof LIFECYCLE_REASONS)[number];

/** Payloads of the facts that the hub writes of its own, by type. Kept under `source` = `urn:svd:hub`. */
export interface HubFacts {
  'uk.svd.hub.agency-enrolled.v1': {
    readonly agency: AgencyId;
    readonly name: string;
    /** Issuers that may assert this agency. */
    readonly issuers: readonly string[];
    readonly capacities: readonly CapacityHeld[];
    /** All that its people may hold, whatever a token says. */
    readonly roles: readonly Role[];
    readonly by: Actor;
  };
  /** From here on the version names this content and no other; it changes nothing before it is adopted. */
  'uk.svd.hub.reference-offered.v1': {
    readonly kind: PackKind;
    readonly version: string;
    readonly digest: Sha256;
    readonly by: Actor;
  };
  'uk.svd.hub.pack-adopted.v1': {
    readonly kind: PackKind;
    readonly version: string;
    readonly digest: Sha256;
    readonly by: Actor;
  };
  'uk.svd.hub.agreement-drafted.v1': {
    readonly agreement: string;
    readonly version: number;
    /** Artefact: canonical JSON of the agreement document. */
    readonly digest: Sha256;
    readonly parties: readonly AgencyId[];
    readonly by: Actor;
  };
  'uk.svd.hub.agreement-signed.v1': {
    readonly agreement: string;
    readonly version: number;
    readonly digest: Sha256;
    readonly by: Actor;
  };
  /** Appended together with the last signature. `from` and `to` are the document's validity, inclusive dates. */
  'uk.svd.hub.agreement-in-force.v1': {
    readonly agreement: string;
    readonly version: number;
    readonly digest: Sha256;
    readonly from: string;
    readonly to: string;
  };
  /** Of the whole agreement, by one party, at once and until that agency lifts it. */
  'uk.svd.hub.agreement-suspended.v1': {
    readonly agreement: string;
    readonly reason: LifecycleReason;
    readonly by: Actor;
  };
  /** The suspension of `by.agency` is lifted; those of other parties stand. */
  'uk.svd.hub.agreement-resumed.v1': { readonly agreement: string; readonly by: Actor };
  /** For all parties and for good: `on` is the first day without it. A later fact may bring the day forward only. */
  'uk.svd.hub.agreement-ended.v1': {
    readonly agreement: string;
    readonly on: string;
    readonly reason: LifecycleReason;
    readonly by: Actor;
  };
  /** One party leaves every version drafted so far: `on` is its first day outside. It may be brought forward only. */
  'uk.svd.hub.agreement-left.v1': {
    readonly agreement: string;
    readonly agency: AgencyId;
    readonly on: string;
    readonly reason: LifecycleReason;
    readonly by: Actor;
  };
  /** Written once for each version, by the clock: the day `review` has passed. It stops no disclosure. */
  'uk.svd.hub.agreement-review-overdue.v1': {
    readonly agreement: string;
    readonly version: number;
    readonly review: string;
  };
  'uk.svd.hub.release-published.v1': {
    readonly release: string;
    readonly definition: string;
    readonly period: string;
    readonly version: number;
    /** Artefact: canonical JSON of the release table. */
    readonly digest: Sha256;
    readonly asOf: Position;
    readonly geography: { readonly version: string; readonly digest: Sha256 };
    /** Code lists that it was labelled by; absent when none were adopted. */
    readonly codes?: { readonly version: string; readonly digest: Sha256 };
    readonly by: Actor;
  };
  'uk.svd.hub.event-quarantined.v1': {
    readonly quarantine: string;
    readonly publisher: AgencyId;
    readonly field: string;
    readonly reason: string;
  };
  'uk.svd.hub.quarantine-ended.v1': {
    readonly quarantine: string;
    readonly publisher: AgencyId;
    readonly how: 'released' | 'discarded' | 'expired';
  };
  /** The access log as it stood: ties who asked to what was known, so that neither log can be cut back alone. */
  'uk.svd.hub.access-log-anchored.v1': {
    readonly origin: string;
    /** Records. */
    readonly size: number;
    /** RFC 6962 tree hash, base64. */
    readonly root: string;
  };
  /** A dated request under s.17 or s.15 of the 2022 Act. Days are Europe/London, inclusive. */
  'uk.svd.hub.duty-request-made.v1': {
    readonly request: string;
    readonly under: DutySection;
    readonly by: Actor;
    readonly to: AgencyId;
    readonly types: readonly EventType[];
    /** None: numbers alone. */
    readonly fields: readonly string[];
    /** What the information is about. */
    readonly period: { readonly from: string; readonly to: string };
    readonly use: DutyUse;
    readonly asked: string;
    readonly due: string;
  };
  'uk.svd.hub.duty-request-answered.v1': { readonly request: string; readonly how: DutyAnswer; readonly by: Actor };
  'uk.svd.hub.duty-request-refused.v1': {
    readonly request: string;
    readonly reasons: readonly DutyRefusalReason[];
    readonly by: Actor;
  };
  'uk.svd.hub.duty-request-withdrawn.v1': { readonly request: string; readonly by: Actor };
  /** Nothing happened, which is not silence. */
  'uk.svd.hub.nil-return-made.v1': {
    readonly publisher: AgencyId;
    readonly feed: EventType;
    /** A month `2026-07` or a quarter `2026-Q3`. */
    readonly period: string;
    readonly by: Actor;
  };
  /** Written once, when a return was first seen to be overdue; what comes later does not take it back. */
  'uk.svd.hub.feed-overdue.v1': {
    readonly publisher: AgencyId;
    readonly kind: ReturnKind;
    /** In ascending order. */
    readonly types: readonly EventType[];
    readonly period: string;
    readonly due: string;
  };
}
export type HubFactType = keyof HubFacts;

export const hubFactType = <T extends HubFactType>(type: T): EventType & T => type as EventType & T;
