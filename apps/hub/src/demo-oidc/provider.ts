import type { FastifyInstance } from 'fastify';
import { errors, Provider, type Adapter, type Configuration } from 'oidc-provider';
import { AUDIENCE, type TrustedIssuer } from '#edge';
import type { DemoIdentity, SigningKey } from './clients.ts';

const MOUNTED_AT = '/oidc';
const TOKEN_SECONDS = 600;

export interface DemoProvider {
  /** For `EdgeOptions.mount`. */
  readonly mount: (instance: FastifyInstance) => void;
  /** For `EdgeOptions.issuers`: its own keys, and only the agencies of its clients. */
  readonly trusted: TrustedIssuer;
}

/**
 * A real OpenID provider in the hub's own process, for demonstrations and tests only: client credentials, JWT access
 * tokens (RFC 9068, ES256), nothing else. Issuer = `<publicUrl>/oidc`.
 */
export function demoProvider(publicUrl: string, identity: DemoIdentity): DemoProvider {
  const issuer = new URL(MOUNTED_AT, publicUrl);
  const provider = new Provider(issuer.href, configuration(identity, publicUrl));
  provider.proxy = true;
  const handle = provider.callback();
  return {
    trusted: {
      issuer: issuer.href,
      agencies: [...new Set(identity.clients.map(({ agency }) => agency))],
      keys: { keys: identity.keys.map(publicPart) },
    },
    mount: (instance) => {
      instance.register(async (scope) => {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
        scope.route({
          method: ['GET', 'POST'],
          url: `${MOUNTED_AT}/*`,
          config: { mounted: 'demo-oidc' },
          handler: (request, reply) => {
            reply.hijack();
            const { raw } = request;
            // addresses in its answers come from the issuer, not from what a caller claims
            raw.headers.host = issuer.host;
            raw.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
            delete raw.headers['x-forwarded-host'];
            delete raw.headers['x-forwarded-for'];
            Object.assign(raw, { originalUrl: raw.url });
            raw.url = raw.url?.slice(MOUNTED_AT.length) ?? '/';
            void handle(raw, reply.raw);
          },
        });
      });
    },
  };
}

/** @param hub `resource` of a token request (RFC 8707), as the hub's own metadata names it; used when a request names none */
function configuration({ clients, keys, cookieKey }: DemoIdentity, hub: string): Configuration {
  const byId = new Map(clients.map((client) => [client.client_id, client]));
  return {
    adapter: KeepsNothing,
    clients: clients.map(({ client_id, client_secret }) => ({
      client_id,
      client_secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    })),
    clientAuthMethods: ['client_secret_basic'],
    jwks: { keys: keys },
    cookies: { keys: [cookieKey] },
    responseTypes: [],
    scopes: [],
    ttl: { ClientCredentials: TOKEN_SECONDS },
    renderError: (ctx, { error }) => {
      ctx.type = 'application/json';
      ctx.body = { error };
    },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => hub,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== hub) throw new errors.InvalidTarget();
          return {
            scope: '',
            audience: AUDIENCE,
            accessTokenFormat: 'jwt',
            accessTokenTTL: TOKEN_SECONDS,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    extraTokenClaims: (_ctx, token) => {
      const client = byId.get(token.clientId ?? '');
      return client === undefined ? undefined : { agency: client.agency, roles: client.roles };
    },
  };
}

const publicPart = ({ kty, crv, x, y, kid, use, alg }: SigningKey) => ({ kty, crv, x, y, kid, use, alg });

/** Signed tokens need no store, and clients are configured: whatever else is asked for is not there. */
class KeepsNothing implements Adapter {
  async upsert(): Promise<undefined> {}
  async find(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async findByUid(): Promise<undefined> {}
  async consume(): Promise<undefined> {}
  async destroy(): Promise<undefined> {}
  async revokeByGrantId(): Promise<undefined> {}
}
