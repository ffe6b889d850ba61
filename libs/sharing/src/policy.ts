import type { Actor, CapacityHeld, PackKind, Role } from '#contracts';
import type { AgencyId, EventType, Position, Sha256 } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import { within } from './calendar.ts';
import type { DutyRequestState } from './duty-requests.ts';
import type { LawPack } from './law-pack.ts';

export interface EnrolledAgency {
  readonly agency: AgencyId;
  readonly name: string;
  readonly issuers: readonly string[];
  readonly capacities: readonly CapacityHeld[];
  readonly roles: readonly Role[];
}
/** `drafted`: nobody has signed this version · `signed`: some have · `in-force`: all have, and the fact says so. */
export type AgreementStatus = 'drafted' | 'signed' | 'in-force';
export interface AgreementState {
  readonly id: string;
  /** Of the current draft. A new draft voids every signature, and force with them. */
  readonly version: number;
  readonly digest: Sha256;
  readonly status: AgreementStatus;
  readonly parties: readonly AgencyId[];
  readonly draftedBy: Actor;
  /** Of the first draft: whose agreement it counts as before it comes into force. */
  readonly begunBy: AgencyId;
  /** Every party has signed some version of it once. */
  readonly wasInForce: boolean;
  /** Of the current version, in the order given; one for each party at most, each by another person. */
  readonly signatures: readonly Actor[];
  /** The text; absent while its artefact is missing or is not the one that the facts name. It then grants nothing. */
  readonly agreement: Agreement | undefined;
}
export interface AdoptedPack {
  readonly version: string;
  readonly digest: Sha256;
}

/** A grant of an agreement that every party signed; its days are still to be compared. */
export interface LiveGrant {
  readonly agreement: Agreement;
  readonly version: number;
  readonly grant: Grant;
  readonly parties: ReadonlyMap<AgencyId, string>;
}

/** What the facts up to `position` say of who may see what. A value: it never changes. */
export interface CompiledPolicy {
  readonly position: Position | 'empty';
  /** SHA-256 of the canonical form of everything that can change a decision; equal policies have equal digests. */
  readonly digest: Sha256;
  readonly agencies: ReadonlyMap<AgencyId, EnrolledAgency>;
  readonly packs: Readonly<Partial<Record<PackKind, AdoptedPack>>>;
  /** The adopted law pack; absent while none is adopted or its bytes are missing. Every gateway then refuses. */
  readonly law: LawPack | undefined;
  readonly agreements: ReadonlyMap<string, AgreementState>;
  /** Dated requests under ss.15 and 17, by id. */
  readonly dutyRequests: ReadonlyMap<string, DutyRequestState>;
  readonly grantsByType: ReadonlyMap<EventType, readonly LiveGrant[]>;
  /** By {@link useKey}. */
  readonly grantsByUse: ReadonlyMap<string, readonly LiveGrant[]>;
  /** By {@link feedKey}. */
  readonly grantsByFeed: ReadonlyMap<string, readonly LiveGrant[]>;
}

export const useKey = (consumer: AgencyId, purpose: string, type: EventType): string =>
  `${consumer} ${type} ${purpose}`;
export const feedKey = (publisher: AgencyId, type: EventType): string => `${publisher} ${type}`;

export const holdsCapacity = (policy: CompiledPolicy, agency: AgencyId, capacity: string, day: string): boolean =>
  policy.agencies
    .get(agency)
    ?.capacities.some((held) => held.capacity === capacity && within(day, held.from, held.to)) ?? false;

/** True on a day (Europe/London) of the agreement's validity. */
export const standsOn = (live: LiveGrant, day: string): boolean =>
  within(day, live.agreement.validity.from, live.agreement.validity.to);
