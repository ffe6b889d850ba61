import type { CapacityHeld, DutyRequest, PackKind, Role } from '#contracts';
import type { AgencyId, EventType, Position, Sha256 } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import type { AgreementState } from './agreement-state.ts';
import { within, type Window } from './calendar.ts';
import type { LawPack } from './law-pack.ts';

export interface EnrolledAgency {
  readonly agency: AgencyId;
  readonly name: string;
  readonly issuers: readonly string[];
  readonly capacities: readonly CapacityHeld[];
  readonly roles: readonly Role[];
}
export interface AdoptedPack {
  readonly version: string;
  readonly digest: Sha256;
}

/**
 * A grant of a version that every party signed and none has suspended; its days are still to be compared. A grant whose
 * publishers take part for different days is there once for each such group, with that group as its `publishers`.
 */
export interface LiveGrant {
  readonly agreement: Agreement;
  readonly version: number;
  readonly grant: Grant;
  /** The legal capacity of every party of the text, whether or not it has joined yet or has left. */
  readonly parties: ReadonlyMap<AgencyId, string>;
  /** The days of the version on which each party takes part; none where it left before, or joins after. */
  readonly takingPart: ReadonlyMap<AgencyId, Window>;
  /** Never empty: days of the version on which the consumer and these publishers all take part. */
  readonly window: Window;
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
  /** Dated requests under s.15 and s.17, by id, whatever became of them. */
  readonly dutyRequests: ReadonlyMap<string, DutyRequest>;
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

/** True on a day (Europe/London) on which its version is in force and its consumer and publishers take part. */
export const standsOn = ({ window }: LiveGrant, day: string): boolean => within(day, window.from, window.to);

/** The agency is a party that has joined and has not left by the day. */
export function takesPartOn({ takingPart }: LiveGrant, agency: AgencyId, day: string): boolean {
  const days = takingPart.get(agency);
  return days !== undefined && within(day, days.from, days.to);
}
