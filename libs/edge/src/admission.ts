import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Role } from '#contracts';
import { Problem, type AgencyId } from '#kernel';
import type { Authentication } from './authentication.ts';
import { PROBLEMS } from './problem-table.ts';
import { codeOf } from './problems.ts';
import { operationOfRoute } from './route.ts';

/** Injection token of {@link AgencyDirectory}. */
export const AGENCY_DIRECTORY = Symbol('AgencyDirectory');
/** Injection token of {@link Unauthenticated}. */
export const UNAUTHENTICATED = Symbol('Unauthenticated');

export interface AgencyDirectory {
  /**
   * Roles that the agency's enrolment lets this issuer assert; `undefined` unless the agency is enrolled and its enrolment
   * names the issuer. Asked on every request.
   */
  roles(agency: AgencyId, issuer: string): ReadonlySet<Role> | undefined;
}

/** Told of every request that was refused for want of a valid token, to be counted by the minute. Must not throw. */
export interface Unauthenticated {
  onUnauthenticated(operationId: string): void;
}

interface Doors {
  readonly authentication: Authentication;
  readonly directory: AgencyDirectory;
  readonly unauthenticated: Unauthenticated;
}

const admitted = new WeakMap<object, { readonly principal: Principal | undefined }>();

/** True once the request passed {@link admission}; the guard lets nothing else reach a handler. */
export const wasAdmitted = (request: FastifyRequest): boolean => admitted.has(request);
/** Who asks; `undefined` on a call without sign-in. */
export const principalOf = (request: FastifyRequest): Principal | undefined => admitted.get(request)?.principal;

/**
 * Before a byte of the body is read: token, enrolment, role. A disclosure passes without its role, so that the use case
 * refuses and records it; what cannot be tied to an enrolled agency is refused here and only counted. What a token says of
 * roles counts only as far as the enrolment allows: an issuer can't make its people auditors of everybody. Nothing behind
 * this sees the token's own.
 */
export function admission(doors: Doors): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request) => {
    const operation = operationOfRoute(request);
    if (operation === undefined) return;
    if (operation.roles === 'none') {
      admitted.set(request, { principal: undefined });
      return;
    }
    const { authentication, directory, unauthenticated } = doors;
    let asserted: Principal;
    try {
      asserted = await authentication.principal(request.headers.authorization);
    } catch (error) {
      if (PROBLEMS[codeOf(error)].status === 401) unauthenticated.onUnauthenticated(operation.id);
      throw error;
    }
    const held = directory.roles(asserted.agency, asserted.issuer);
    if (held === undefined) throw new Problem('agency-not-enrolled');
    const principal = { ...asserted, roles: new Set([...asserted.roles].filter((role) => held.has(role))) };
    const mayAsk =
      operation.roles === 'any' ? principal.roles.size > 0 : operation.roles.some((role) => principal.roles.has(role));
    if (!mayAsk && operation.kind !== 'disclosure') throw new Problem('role-required');
    admitted.set(request, { principal });
  };
}
