import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import { ROLES, type Principal, type Role } from '#contracts';
import { isAgencyId, Problem, sha256, type AgencyId, type Clock } from '#kernel';

/** Signature algorithms that a token may use; `none` and every symmetric one are absent. */
export const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'PS256', 'RS256'] as const;
/** `aud` that a token must carry. */
export const AUDIENCE = 'svd-hub';

/** An issuer and the agencies that it may assert. Keys come from `keys` when given, else from `jwksUri`. */
export interface TrustedIssuer {
  /** Exactly as in `iss`. */
  readonly issuer: string;
  readonly agencies: readonly AgencyId[] | 'any';
  readonly jwksUri?: string;
  readonly keys?: JSONWebKeySet;
}

const CACHED_MS = 60_000;
const CACHED_TOKENS = 10_000;
const LONGEST_TOKEN = 8_192;
const LEEWAY_SECONDS = 5;

/**
 * Verifies bearer tokens (RFC 9068): allowed algorithm, `typ` at+jwt, audience, expiry, an issuer of the configuration
 * that may assert the agency. A verified token is remembered for at most 60 s and never past its expiry. Whether the
 * agency is enrolled is not its business.
 */
export class Authentication {
  readonly #issuers: ReadonlyMap<string, { readonly trusted: TrustedIssuer; readonly keys: JWTVerifyGetKey }>;
  readonly #clock: Clock;
  readonly #verified = new Map<string, { readonly principal: Principal; readonly until: number }>();

  /** @throws Problem `setting-invalid` when an issuer has no agencies, or neither keys nor a safe address of keys. */
  constructor(issuers: readonly TrustedIssuer[], clock: Clock) {
    this.#issuers = new Map(issuers.map((trusted) => [trusted.issuer, { trusted, keys: keysOf(trusted) }]));
    this.#clock = clock;
  }

  /** @throws Problem `token-missing`, `token-invalid`, or `issuer-unavailable` when its keys can't be fetched. */
  async principal(authorization: string | undefined): Promise<Principal> {
    if (authorization === undefined || authorization === '') throw new Problem('token-missing');
    const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > LONGEST_TOKEN) throw new Problem('token-invalid');
    const key = sha256(token);
    const now = Date.parse(this.#clock.now());
    const known = this.#verified.get(key);
    if (known !== undefined && now < known.until) return known.principal;
    this.#verified.delete(key);
    const { principal, expires } = await this.#verify(token, now);
    this.#remember(key, { principal, until: Math.min(now + CACHED_MS, expires) });
    return principal;
  }

  async #verify(token: string, now: number): Promise<{ principal: Principal; expires: number }> {
    const issuer = this.#issuers.get(claimedIssuer(token));
    if (issuer === undefined) throw new Problem('token-invalid');
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, issuer.keys, {
        algorithms: [...ALGORITHMS],
        typ: 'at+jwt',
        audience: AUDIENCE,
        issuer: issuer.trusted.issuer,
        requiredClaims: ['exp', 'sub', 'agency', 'roles'],
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(now),
      }));
    } catch (error) {
      throw new Problem(isOutage(error) ? 'issuer-unavailable' : 'token-invalid');
    }
    return { principal: principalOf(payload, issuer.trusted), expires: (payload.exp ?? 0) * 1_000 };
  }

  #remember(key: string, entry: { readonly principal: Principal; readonly until: number }): void {
    if (this.#verified.size >= CACHED_TOKENS) {
      const oldest = this.#verified.keys().next();
      if (oldest.done !== true) this.#verified.delete(oldest.value);
    }
    this.#verified.set(key, entry);
  }
}

/** Settings are read from files: what they hold is checked, not believed. */
function keysOf(trusted: TrustedIssuer): JWTVerifyGetKey {
  const { issuer, keys, jwksUri, agencies }: Partial<TrustedIssuer> = trusted;
  if (typeof issuer !== 'string' || issuer === '') throw new Problem('setting-invalid', { field: 'issuers' });
  const invalid = new Problem('setting-invalid', { field: `issuers.${issuer}` });
  if (agencies !== 'any' && !(Array.isArray(agencies) && agencies.every(isAgencyId))) throw invalid;
  if (keys !== undefined) return createLocalJWKSet(keys);
  if (jwksUri === undefined || !isSafeAddress(jwksUri)) throw invalid;
  return createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 3_000, cooldownDuration: 30_000 });
}

/** Keys that decide who is believed come by https, or from this machine. */
function isSafeAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url === null) return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname))
  );
}

/** Read before verification only to choose the keys that verify it. */
function claimedIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw new Problem('token-invalid');
  }
}

/** A fetch that failed is an outage; everything that jose says of the token itself is the token's fault. */
const isOutage = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  !(error instanceof errors.JOSEError) ||
  error.code === 'ERR_JOSE_GENERIC';

function principalOf(payload: JWTPayload, { issuer, agencies }: TrustedIssuer): Principal {
  const { sub, agency, roles } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw new Problem('token-invalid');
  if (!isAgencyId(agency)) throw new Problem('token-invalid');
  if (agencies !== 'any' && !agencies.includes(agency)) throw new Problem('token-invalid');
  if (!Array.isArray(roles) || !roles.every(isRole)) throw new Problem('token-invalid');
  return { issuer, person: sub, agency, roles: new Set(roles) };
}

const isRole = (text: unknown): text is Role => ROLES.some((role) => role === text);
