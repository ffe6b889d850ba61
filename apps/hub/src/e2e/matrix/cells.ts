import type { Role } from '#contracts';
import { ON_RECORD, WHOSE, type Row } from './words.ts';

/** Who calls: an agency's person with these roles, or somebody without a token. */
export interface Caller {
  readonly agency: string;
  readonly roles: readonly Role[] | 'no token';
}
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/**
 * What an answer came to: `201`, `409 already-exists`, `403 refused not-a-party`. An allowed call answers one of these, a
 * denied one exactly that (one of several only where no document says which reason comes first).
 */
export type Expected = { readonly allow: readonly string[] } | { readonly deny: readonly string[] };

/** One question to the table and to the hub: a call, whoever makes it, and what it is about. */
export interface Cell {
  readonly call: string;
  readonly by: Caller;
  /** State, ownership, purpose, type: what tells this cell from the others of the call. */
  readonly about: string;
  readonly sent: Sent;
  readonly expected: Expected;
  /** Not beside others: it changes what they are about until the next one undoes it, or finds a door for one at a time. */
  readonly alone?: boolean;
  /** Names that even an allowed answer must not hold: things of others. */
  readonly hides?: readonly string[];
  /** What a success says, where its status says too little; set beside the status in what it came to. */
  readonly says?: (body: unknown) => string;
}

/** An agency as the table sees it. */
export interface Enrolled {
  readonly agency: string;
  /** Roles that its enrolment lets its people hold; `undefined` when it is not enrolled. */
  readonly held: readonly Role[] | undefined;
}

const STATUS: Readonly<Record<string, number>> = { 'not-found': 404, 'not-suspended': 409 };
const problem = (code: string): string => `${STATUS[code] ?? 403} ${code}`;

/** Roles that count: those that the enrolment names (ADR 0003), whatever the token says. */
const rolesOf = ({ roles }: Caller, { held = [] }: Enrolled): readonly Role[] =>
  roles === 'no token' ? [] : roles.filter((role) => held.includes(role));

export function mayInRole(row: Row, by: Caller, agency: Enrolled): boolean {
  if (row.roles === 'no sign-in') return true;
  const roles = rolesOf(by, agency);
  return row.roles === 'any role' ? roles.length > 0 : row.roles.some((role) => roles.includes(role));
}

/** What stands in the caller's way before anything is looked at: sign-in, enrolment, role. */
export function atTheDoor(row: Row, by: Caller, agency: Enrolled): Expected | undefined {
  if (row.roles === 'no sign-in') return undefined;
  if (by.roles === 'no token') return { deny: ['401 token-missing'] };
  if (agency.held === undefined) return { deny: ['403 agency-not-enrolled'] };
  if (mayInRole(row, by, agency)) return undefined;
  return { deny: [ON_RECORD.has(row.call) ? '403 refused role-not-held' : '403 role-required'] };
}

/**
 * The row's answer to a caller to whom the thing is their own, or isn't, or isn't but is known. `allow`: what an allowed call
 * answers here.
 */
export function expectedOf(
  row: Row,
  by: Caller,
  agency: Enrolled,
  { own, allow }: { readonly own: boolean | 'known'; readonly allow: readonly string[] },
): Expected {
  const door = atTheDoor(row, by, agency);
  if (door !== undefined) return door;
  if (own === true) return { allow };
  const { known } = WHOSE[row.whose];
  // whoever may know of it may be told either
  return { deny: own === 'known' && known !== undefined ? [problem(known), othersGet(row)] : [othersGet(row)] };
}

/** What whoever's thing it is not is answered. */
export function othersGet({ call, whose }: Row): string {
  const { denied } = WHOSE[whose];
  if (denied === undefined) throw new Error(`${call}: what is meant for ${whose} is kept from nobody`);
  return problem(denied);
}
