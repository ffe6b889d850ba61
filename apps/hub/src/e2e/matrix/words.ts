import type { Role } from '#contracts';

/**
 * The words of the expectation table. A row says who may make a call: in which role, for whose things, and in which state
 * of the agreement that it is about. Whoever is not named is denied.
 */

/** Any: whichever of the nine roles, but one of them. */
export type Roles = readonly Role[] | 'any role' | 'no sign-in';

/**
 * Whose thing a call may be about, and the problem that others get: `denied` whoever may not know of it (404 where that it
 * exists would tell), `known` whoever may know of it and still not do this.
 */
interface Belonging {
  readonly means: string;
  readonly denied?: string;
  readonly known?: string;
}
const BELONGS = {
  everybody: { means: 'what anyone may have without signing in' },
  'own agency': { means: 'acts for, or answers about, the caller’s own agency; whichever enrolled agency that is' },
  'own record': { means: 'a record of the caller’s agency', denied: 'not-found' },
  'own source': { means: 'an event under the caller’s own source', denied: 'source-not-yours' },
  host: { means: 'the caller’s agency holds the capacity host', denied: 'host-required' },
  'party of the draft': { means: 'the document names the caller’s agency as a party', denied: 'not-a-party' },
  party: { means: 'the caller’s agency is a party of the agreement', denied: 'not-found', known: 'not-a-party' },
  'party or auditor': { means: 'a party of the agreement, or an auditor of any agency', denied: 'not-found' },
  'own suspension': {
    means: 'a party lifts what its own agency suspended, and nobody else’s',
    denied: 'not-found',
    known: 'not-suspended',
  },
  'consumer of a grant': { means: 'a grant is for the caller’s agency and for the purpose named', denied: 'refused' },
  'policing body': { means: 'under s.17 the caller’s agency is a local policing body', denied: 'capacity-required' },
  addressee: {
    means: 'the request was made to the caller’s agency',
    denied: 'not-found',
    known: 'other-agency-required',
  },
  requester: { means: 'the caller’s agency made the request', denied: 'not-found', known: 'other-agency-required' },
  'either of two': { means: 'the caller’s agency made the request or was asked', denied: 'not-found' },
} satisfies Record<string, Belonging>;
export type Whose = keyof typeof BELONGS;
export const WHOSE: Readonly<Record<Whose, Belonging>> = BELONGS;

/**
 * How far the agreement got that a call is about (`hub.md` §7). `edited`: a version is in force and an edit of it waits for
 * signatures; `superseded`: a later version came into force; `left`: one party left, the others carry on.
 */
export const STATES = [
  'drafted',
  'signed-by-some',
  'not-yet',
  'in-force',
  'edited',
  'superseded',
  'suspended',
  'left',
  'ended',
  'expired',
] as const;
export type State = (typeof STATES)[number];

/**
 * What the state of the agreement does to a call.
 * `any`: nothing. `discloses`: allowed only while it is in force.
 * `takes-in`: the same, for what is published. `open`: allowed, but 409 `agreement-over` once it has ended.
 */
export type OfAgreement = 'any' | 'discloses' | 'takes-in' | 'open';

/** In these states an agreement lets data in and out, between those who are still in it; in every other nothing. */
export const IN_FORCE: ReadonlySet<State> = new Set<State>(['in-force', 'edited', 'superseded', 'left']);

export interface Row {
  /** Method and path, as `api.md` has them. */
  readonly call: string;
  readonly roles: Roles;
  readonly whose: Whose;
  readonly agreement: OfAgreement;
  /** The sentence that the row rests on: document, section, words. */
  readonly source: string;
  /** `later`: it must not be there yet. */
  readonly when: 'now' | 'later';
}

/**
 * Calls that are on record whether they are answered or refused, and what the access record calls them (`hub.md` §5:
 * "`disclosure` (Ask, Audit …) leaves an access record"; §7: a rehearsal is "shown through the release rule"; ADR 0005: heads
 * and hashes are not on record, leaves and bundles are). Whoever lacks the role is refused as any other, under the rule
 * `role-not-held`; elsewhere it is 403 `role-required`.
 */
export const ON_RECORD: ReadonlyMap<string, string> = new Map([
  ['GET /v1/releases', 'releases.list'],
  ['GET /v1/releases/{id}/table', 'releases.table'],
  ['POST /v1/agreements/{id}/rehearsal', 'agreements.rehearse'],
  ['GET /v1/audit/entries', 'audit.entries'],
  ['GET /v1/audit/bundle', 'audit.bundle'],
  ['GET /v1/audit/log/{log}/tile/entries/{path}', 'log.entries'],
]);
