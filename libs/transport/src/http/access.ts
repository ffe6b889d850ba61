import { type AgencyId, isAgencyId, parseStrictJson, Problem } from '#kernel';
import { isObject, type JsonObject } from '../read-answers.ts';
import { type RetryPolicy, withRetries } from './retry.ts';
import { type Answer, askedDelay, isBusy, refusalOf, safeUrl, send, type Sending } from './wire.ts';

export interface Credentials {
  /** Address of the hub, e.g. `https://hub.example`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Lets the secret travel over http to another machine: inside a closed network only. Default false. */
  readonly allowPlainHttp?: boolean;
}
/** What this client's own token says; the hub checks it, this side only reads it. */
export interface Claims {
  readonly agency: AgencyId;
  readonly roles: readonly string[];
}
type Held = { readonly token: string; readonly until: number };

/**
 * Access tokens for one client (OAuth 2.0 client credentials, RFC 6749 §4.4): the issuer is found through the hub
 * (RFC 9728) and its metadata (OpenID Connect Discovery), which must name the issuer it was asked for. A token is kept
 * until a minute, or a tenth of its life, before it ends; callers at the same time share one request.
 */
export class Access {
  readonly #credentials: Credentials;
  readonly #retry: RetryPolicy;
  readonly #idle: number;
  #endpoint: Promise<{ url: URL; resource: string }> | undefined;
  #held: Held | undefined;
  #pending: Promise<Held> | undefined;

  constructor(credentials: Credentials, retry: RetryPolicy, idle: number) {
    this.#credentials = credentials;
    this.#retry = retry;
    this.#idle = idle;
  }

  /** @throws Problem `hub-unreachable`, `hub-refused` (the issuer doesn't know the client), `hub-answer-malformed` */
  async token(): Promise<string> {
    if (this.#held !== undefined && this.#held.until > Date.now()) return this.#held.token;
    this.#pending ??= this.#fetch().finally(() => (this.#pending = undefined));
    this.#held = await this.#pending;
    return this.#held.token;
  }

  /** The token is no longer taken: the next call fetches another. */
  forget(): void {
    this.#held = undefined;
  }

  async claims(): Promise<Claims> {
    const [, payload = ''] = (await this.token()).split('.');
    const parsed = parseStrictJson(Buffer.from(payload, 'base64url'));
    if (!parsed.ok || !isObject(parsed.value)) throw new Problem('token-malformed');
    const { agency, roles } = parsed.value;
    if (!isAgencyId(agency)) throw new Problem('token-malformed', { field: 'agency' });
    return { agency, roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [] };
  }

  async #fetch(): Promise<Held> {
    this.#endpoint ??= this.#discover();
    const endpoint = await this.#endpoint.catch((error: unknown) => {
      this.#endpoint = undefined;
      throw error;
    });
    const { clientId, clientSecret } = this.#credentials;
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
    const asked = Date.now();
    const body = await this.#json({
      method: 'POST',
      url: endpoint.url,
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: endpoint.resource }).toString(),
      idle: this.#idle,
    });
    const { access_token: token, expires_in: seconds } = body;
    if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16000}$/.test(token)) throw malformed('access_token');
    const life = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : 60_000;
    return { token, until: asked + Math.max(life - 60_000, life * 0.9 - 10_000, life / 2) };
  }

  async #discover(): Promise<{ url: URL; resource: string }> {
    const { url, allowPlainHttp = false } = this.#credentials;
    const hub = safeUrl(url, 'url', allowPlainHttp);
    const resource = await this.#get(new URL('/.well-known/oauth-protected-resource', hub));
    const issuers = resource['authorization_servers'];
    const issuer: unknown = Array.isArray(issuers) ? issuers[0] : undefined;
    if (typeof issuer !== 'string') throw malformed('authorization_servers');
    safeUrl(issuer, 'authorization_servers', allowPlainHttp);
    const metadata = await this.#get(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    // RFC 8414 §3.3: metadata of another issuer must not be used
    if (metadata['issuer'] !== issuer) throw malformed('issuer');
    const endpoint = metadata['token_endpoint'];
    if (typeof endpoint !== 'string') throw malformed('token_endpoint');
    const name = typeof resource['resource'] === 'string' ? resource['resource'] : 'svd-hub';
    return { url: safeUrl(endpoint, 'token_endpoint', allowPlainHttp), resource: name };
  }

  #get(url: URL): Promise<JsonObject> {
    return this.#json({ method: 'GET', url, headers: { accept: 'application/json' }, idle: this.#idle });
  }

  async #json(sending: Sending): Promise<JsonObject> {
    const answer = await sendAgain(this.#retry, sending);
    if (answer.status === 400 && isObject(answer.body) && typeof answer.body['error'] === 'string')
      throw new Problem('hub-refused', { field: answer.body['error'] });
    if (answer.status !== 200) throw refusalOf(answer);
    if (!isObject(answer.body)) throw malformed('body');
    return answer.body;
  }
}

const malformed = (field: string): Problem => new Problem('hub-answer-malformed', { field });

/** {@link send}, tried again on a broken connection, 429 and 503. For what may be sent twice. */
export const sendAgain = (retry: RetryPolicy, sending: Sending): Promise<Answer> =>
  withRetries(retry, async () => {
    try {
      const answer = await send(sending);
      return isBusy(answer.status) ? { again: answer, retryAfter: askedDelay(answer) } : { done: answer };
    } catch (error) {
      if (error instanceof Problem && error.code === 'hub-unreachable') return { again: error };
      throw error;
    }
  });
