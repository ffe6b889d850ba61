import type { Actor, LifecycleReason } from '#contracts';
import type { AgencyId, Instant, Sha256 } from '#kernel';
import type { Agreement } from './agreement.ts';
import { cut, dayBefore, isEmpty, type Window } from './calendar.ts';

/** One text of an agreement. Every edit makes the next version; days are `YYYY-MM-DD` in Europe/London. */
export interface AgreementVersion {
  /** 1, 2, … without gaps. */
  readonly version: number;
  readonly digest: Sha256;
  readonly parties: readonly AgencyId[];
  readonly draftedBy: Actor;
  /** In the order given; one for each party at most, each by another person. */
  readonly signatures: readonly Actor[];
  /**
   * Its days of force once every party has signed it: its validity, cut by later versions and by an ending, never by one
   * party's leaving. Of one agreement no two windows share a day. Undefined while a signature is missing.
   */
  readonly window: Window | undefined;
  /** The version that cut the window. */
  readonly supersededBy: number | undefined;
  /**
   * The text, where it may still grant or be signed; absent too while its artefact is missing or is not the one that the
   * facts name. It then grants nothing, and what it superseded stays superseded.
   */
  readonly agreement: Agreement | undefined;
}
export interface Suspension {
  readonly agency: AgencyId;
  readonly reason: LifecycleReason;
  readonly since: Instant;
}
export interface Leaving {
  readonly agency: AgencyId;
  /** First day outside. */
  readonly on: string;
  /** It left this version and those before it: one drafted later takes it in again if it signs. */
  readonly version: number;
}
/** An agreement: what is told directly is told of the newest version. */
export interface AgreementState extends AgreementVersion {
  readonly id: string;
  /** Of the first draft: whose agreement it counts as before it comes into force. */
  readonly begunBy: AgencyId;
  /** All of them, by number. The last is the newest. */
  readonly versions: readonly AgreementVersion[];
  /** By agency. While one stands, no version that its agency is a party to grants anything. */
  readonly suspensions: readonly Suspension[];
  /** `on` is the first day without it. From its declaration on nothing of it is edited or signed. */
  readonly ended: { readonly on: string; readonly reason: LifecycleReason; readonly agency: AgencyId } | undefined;
  readonly left: readonly Leaving[];
  /** Versions whose overdue review is on record. */
  readonly reviewsNoted: readonly number[];
}

export const AGREEMENT_STATUSES = [
  'drafted',
  'signed',
  'not-yet',
  'in-force',
  'suspended',
  'superseded',
  'expired',
  'ended',
] as const;
/**
 * Of one version on a day. `drafted`: nobody has signed it · `signed`: some have · `not-yet`: all have, before its first
 * day · `superseded`: a later version took its place, or its draft's · `expired`: its validity is over.
 */
export type AgreementStatus = (typeof AGREEMENT_STATUSES)[number];

export function statusOn(state: AgreementState, version: AgreementVersion, day: string): AgreementStatus {
  const { window } = version;
  if (window === undefined) {
    if (version.version < state.version) return 'superseded';
    if (state.ended !== undefined) return 'ended';
    return version.signatures.length > 0 ? 'signed' : 'drafted';
  }
  if (isEmpty(window) || day > window.to) {
    if (version.supersededBy !== undefined) return 'superseded';
    return state.ended === undefined ? 'expired' : 'ended';
  }
  if (isSuspended(state, version)) return 'suspended';
  return day < window.from ? 'not-yet' : 'in-force';
}

/** A party of this version has suspended the agreement. It stands after that party leaves: only it can lift it. */
export const isSuspended = ({ suspensions }: Pick<AgreementState, 'suspensions'>, version: AgreementVersion): boolean =>
  suspensions.some(({ agency }) => version.parties.includes(agency));

/** Versions that are in force on the day or will be: signed by all, and not over. */
export const standingOn = ({ versions }: AgreementState, day: string): readonly AgreementVersion[] =>
  versions.filter(({ window }) => window !== undefined && !isEmpty(window) && day <= window.to);

/** Its last day as a party of this version, by its own leaving or by the text; undefined where nothing limits it. */
export function lastDayOf(
  { left }: Pick<AgreementState, 'left'>,
  version: Pick<AgreementVersion, 'version' | 'agreement'>,
  agency: AgencyId,
): string | undefined {
  const days = left
    .filter((one) => one.agency === agency && one.version >= version.version)
    .map((one) => dayBefore(one.on));
  const written = version.agreement?.parties.find((one) => one.agency === agency)?.to;
  return (written === undefined ? days : [...days, written]).sort()[0];
}

/** The days of a version that every party has signed on which this one takes part; undefined of no party, or of none. */
export function daysOf(state: AgreementState, version: AgreementVersion, agency: AgencyId): Window | undefined {
  const party = version.agreement?.parties.find((one) => one.agency === agency);
  if (party === undefined || version.window === undefined) return undefined;
  const days = cut(version.window, party.from, lastDayOf(state, version, agency));
  return isEmpty(days) ? undefined : days;
}

/** A party of this version that has not left it by the day; one that joins later is a party from its signature on. */
export function isPartyOn(state: AgreementState, version: AgreementVersion, agency: AgencyId, day: string): boolean {
  const last = lastDayOf(state, version, agency);
  return version.parties.includes(agency) && (last === undefined || day <= last);
}

/**
 * Parties that may suspend, end or leave the agreement: those of the versions that stand. Who is named by a draft alone
 * has no say in what stands without it. Where nothing stands, those of the newest version.
 */
export function governsOn(state: AgreementState, agency: AgencyId, day: string): boolean {
  const standing = standingOn(state, day);
  return (standing.length === 0 ? [state] : standing).some((version) => isPartyOn(state, version, agency, day));
}

/** Parties that may edit it: of the newest version, or of one that stands. */
export const editsOn = (state: AgreementState, agency: AgencyId, day: string): boolean =>
  isPartyOn(state, state, agency, day) || governsOn(state, agency, day);
