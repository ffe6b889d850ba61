import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { ROLES, type Role } from '#contracts';
import type { HubUnderTest } from '../../testing/running-hub.ts';
import type { Caller } from './cells.ts';

const NONE: readonly Role[] = [];
export const SINGLES: readonly (readonly Role[])[] = ROLES.map((role) => [role]);
export const PAIRS: readonly (readonly Role[])[] = ROLES.flatMap((a, i) => ROLES.slice(i + 1).map((b) => [a, b]));

/** No token, a token without a role, each role, and every two of them held together. */
export const EVERY_SET: readonly Caller['roles'][] = ['no token', NONE, ...SINGLES, ...PAIRS];
/** The same without pairs. */
export const EACH_ROLE: readonly Caller['roles'][] = ['no token', NONE, ...SINGLES];

export const nameOf = ({ agency, roles }: Caller): string =>
  `${agency} as ${roles === 'no token' ? 'nobody, without a token' : roles.join(' and ') || 'nobody, without a role'}`;

/**
 * Tokens as the hub's own provider would sign them, of any agency and with any roles: what a careless or wicked issuer
 * might assert. One for each caller, for an hour.
 */
export function tokensOf({ directory, url }: HubUnderTest): (by: Caller) => Promise<string | undefined> {
  const { keys } = JSON.parse(readFileSync(join(directory, 'demo-identity.json'), 'utf8')) as {
    keys: readonly [{ readonly kid: string }];
  };
  const [jwk] = keys;
  const key = importJWK(jwk, 'ES256');
  const signed = new Map<string, Promise<string>>();
  const sign = async ({ agency, roles }: Caller): Promise<string> =>
    new SignJWT({ agency, roles })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid })
      .setIssuer(`${url}/oidc`)
      .setAudience('svd-hub')
      .setSubject(nameOf({ agency, roles }).replace(/[^a-z]+/g, '-'))
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await key);
  return async (by) => {
    if (by.roles === 'no token') return undefined;
    const name = nameOf(by);
    const token = signed.get(name) ?? sign(by);
    signed.set(name, token);
    return token;
  };
}

/** People of these agencies with these sets of roles; who has no token is of no agency, so that there is one of them. */
export function callers(agencies: readonly string[], sets: readonly Caller['roles'][]): readonly Caller[] {
  return agencies.flatMap((agency, i) =>
    sets.filter((roles) => i === 0 || roles !== 'no token').map((roles): Caller => ({ agency, roles })),
  );
}
