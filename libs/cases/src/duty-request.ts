import {
  eventDefinition,
  hubFactType,
  labelsShowing,
  S15_REFUSALS,
  S17_REFUSALS,
  type Actor,
  type Capacity,
  type DutyAnswer,
  type DutyRefusalReason,
  type DutyRequest,
  type DutySection,
  type DutyUse,
  type HubFacts,
  type HubFactType,
  type Principal,
} from '#contracts';
import { londonDay, parseInstant, type AgencyId, type EventType, type Instant } from '#kernel';

/** What is asked, before anybody has looked whether it may be. */
export interface DutyAsking {
  readonly under: DutySection;
  readonly to: AgencyId;
  readonly types: readonly EventType[];
  readonly fields: readonly string[];
  readonly period: { readonly from: string; readonly to: string };
  readonly use: DutyUse;
  readonly due: string;
}

type DutyFactType = Extract<HubFactType, `uk.svd.hub.duty-request-${string}`>;
export type NewDutyFact = {
  readonly [T in DutyFactType]: { readonly type: EventType & T; readonly data: HubFacts[T] };
}[DutyFactType];
export type DutyDecided =
  | { readonly ok: true; readonly fact: NewDutyFact }
  | { readonly ok: false; readonly code: string; readonly field?: string };

/** What the law and the agencies' enrolments say of a day. */
export interface DutyWorld {
  /** Capacities that the agency holds on the day; none of one that isn't enrolled. */
  readonly holds: (agency: AgencyId, day: string) => readonly Capacity[];
  readonly law: DutyLaw;
}
/** Capacities by their part in the Act, as whoever wires the deciders takes them from the law. */
export interface DutyLaw {
  /** Specified and relevant authorities: they ask each other under s.15, and s.17 reaches them. */
  readonly dutyHolders: readonly string[];
  /** Who asks under s.17. */
  readonly policingBodies: readonly string[];
  /** Health and social care authorities, whose personal information s.16(4)(b) bars. */
  readonly health: readonly string[];
  /** Reasons for which a request under s.15 may be refused, and the uses for which none is. */
  readonly s15: { readonly reasons: readonly string[]; readonly noneFor: readonly string[] };
}

/** Requests of one agency that may wait for an answer: each is held in memory. */
export const OPEN_DUTY_REQUESTS = 200;

const refuse = (code: string, field?: string): DutyDecided =>
  field === undefined ? { ok: false, code } : { ok: false, code, field };

/**
 * Asks an agency for information. Under s.17 a local policing body asks whoever the Act makes a specified or a relevant
 * authority, for monitoring alone; under s.15 these ask each other, for anything else. Capacities are those of the day.
 * `open`: requests of the asker's agency that wait. Codes: `role-required`, `duty-requests-full`, `capacity-required`,
 * `addressee-not-reached`, `use-outside-section`, `type-unregistered`, `field-not-allowed`, `field-invalid`.
 */
export function askUnderDuty(
  id: string,
  asking: DutyAsking,
  who: Principal,
  world: DutyWorld & { readonly open: number },
  at: Instant,
): DutyDecided {
  const day = londonDay(at);
  const { under, to, use } = asking;
  if (!who.roles.has('steward')) return refuse('role-required');
  if (world.open >= OPEN_DUTY_REQUESTS) return refuse('duty-requests-full');
  const { dutyHolders, policingBodies } = world.law;
  const holdsOne = (agency: AgencyId, of: readonly string[]) =>
    world.holds(agency, day).some((one) => of.includes(one));
  const asks = under === 's17' ? policingBodies : dutyHolders;
  if (!holdsOne(who.agency, asks)) return refuse('capacity-required', 'under');
  if (to === who.agency || !holdsOne(to, dutyHolders)) return refuse('addressee-not-reached', 'to');
  // s.17 serves the function of s.14 and no other; s.15 serves those of Chapter 1 that aren't the policing body's
  if ((under === 's17') !== (use === 'monitoring')) return refuse('use-outside-section', 'use');
  const fault = contentFault(asking, day);
  if (fault !== undefined) return { ok: false, ...fault };
  const data = { request: id, ...asking, by: actorOf(who), asked: day };
  return { ok: true, fact: { type: hubFactType('uk.svd.hub.duty-request-made.v1'), data } };
}

function contentFault(
  { types, fields, period, due }: DutyAsking,
  day: string,
): { readonly code: string; readonly field: string } | undefined {
  if (types.length === 0) return { code: 'field-invalid', field: 'types' };
  const definitions = types.map((type) => eventDefinition(type));
  const unknown = definitions.indexOf(undefined);
  if (unknown >= 0) return { code: 'type-unregistered', field: `types.${unknown}` };
  const stray = fields.findIndex((name) => !definitions.some((definition) => definition?.fields.has(name) === true));
  if (stray >= 0) return { code: 'field-not-allowed', field: `fields.${stray}` };
  if (!isDay(period.from)) return { code: 'field-invalid', field: 'period.from' };
  if (!isDay(period.to) || period.to < period.from) return { code: 'field-invalid', field: 'period.to' };
  if (!isDay(due) || due < day) return { code: 'field-invalid', field: 'due' };
  return undefined;
}

const isDay = (text: string): boolean => parseInstant(`${text}T00:00:00Z`) !== undefined;

/** Answers for the agency asked, in time or late. Codes: those of {@link part}. */
export function answerDutyRequest(state: DutyRequest | undefined, how: DutyAnswer, who: Principal): DutyDecided {
  const fault = part(state, who, 'addressee');
  if (state === undefined || fault !== undefined) return refuse(fault ?? 'not-found');
  const data = { request: state.id, how, by: actorOf(who) };
  return { ok: true, fact: { type: hubFactType('uk.svd.hub.duty-request-answered.v1'), data } };
}

/**
 * Refuses for the agency asked, for reasons that the section leaves it ({@link refusalsOpen}).
 * Codes: those of {@link part}, `reason-not-open`.
 */
export function refuseDutyRequest(
  state: DutyRequest | undefined,
  reasons: readonly DutyRefusalReason[],
  who: Principal,
  world: DutyWorld,
  at: Instant,
): DutyDecided {
  const fault = part(state, who, 'addressee');
  if (state === undefined || fault !== undefined) return refuse(fault ?? 'not-found');
  const open = refusalsOpen(state, world.law, isHealth(world, state.to, londonDay(at)));
  if (reasons.length === 0 || !reasons.every((reason) => open.includes(reason))) {
    return refuse('reason-not-open', 'reasons');
  }
  const data = { request: state.id, reasons: [...new Set(reasons)], by: actorOf(who) };
  return { ok: true, fact: { type: hubFactType('uk.svd.hub.duty-request-refused.v1'), data } };
}

/** Withdraws for the agency that asked. Codes: those of {@link part}. */
export function withdrawDutyRequest(state: DutyRequest | undefined, who: Principal): DutyDecided {
  const fault = part(state, who, 'asker');
  if (state === undefined || fault !== undefined) return refuse(fault ?? 'not-found');
  const data = { request: state.id, by: actorOf(who) };
  return { ok: true, fact: { type: hubFactType('uk.svd.hub.duty-request-withdrawn.v1'), data } };
}

/**
 * Reasons for which the agency asked may refuse. Under s.15 those that the law lists, of the four of s.15(7), and none for
 * the uses that it excepts. Under s.17 that s.16(4) bars something of what is asked, where it does.
 */
function refusalsOpen(
  { under, use, types, fields }: DutyRequest,
  { s15 }: DutyLaw,
  health: boolean,
): readonly DutyRefusalReason[] {
  switch (under) {
    case 's15':
      return s15.noneFor.includes(use) ? [] : S15_REFUSALS.filter((reason) => s15.reasons.includes(reason));
    case 's17':
      return isBarred(types, fields, health) ? S17_REFUSALS : [];
  }
}

const isHealth = ({ holds, law }: DutyWorld, agency: AgencyId, day: string): boolean =>
  holds(agency, day).some((capacity) => law.health.includes(capacity));

/**
 * s.16(4): patient information of anybody, personal information of a health or social care authority. An anonymised event
 * is neither, so that counts and rows that pass an anonymisation test are never barred.
 */
function isBarred(types: readonly EventType[], fields: readonly string[], health: boolean): boolean {
  return types.some((type) => {
    const labels = labelsShowing(type, fields);
    return labels.has('patient') || (health && labels.has('personal'));
  });
}

/**
 * Whether this person may do an act of one side now. Codes: `role-required`; `not-found` for whoever is on neither side,
 * so that no stranger learns that the request exists; `other-agency-required`; `duty-request-over`.
 */
function part(state: DutyRequest | undefined, who: Principal, side: 'asker' | 'addressee'): string | undefined {
  if (!who.roles.has('steward')) return 'role-required';
  if (!isOfRequest(state, who.agency)) return 'not-found';
  if (who.agency !== (side === 'asker' ? state.by : state.to)) return 'other-agency-required';
  return state.status === 'open' ? undefined : 'duty-request-over';
}

/** The agency asked, or was asked. */
export const isOfRequest = (state: DutyRequest | undefined, agency: AgencyId): state is DutyRequest =>
  state !== undefined && (state.by === agency || state.to === agency);

export type DutyStatus = 'open' | 'overdue' | 'answered' | 'refused' | 'withdrawn';

/** Where a request stands on a day (Europe/London): overdue from the day after it was due. */
export const dutyStatus = ({ status, due }: DutyRequest, day: string): DutyStatus =>
  status === 'open' && day > due ? 'overdue' : status;

const actorOf = ({ issuer, person, agency }: Principal): Actor => ({ issuer, person, agency });
