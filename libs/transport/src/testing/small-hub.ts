import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  body: () => Promise<string>,
) => void | Promise<void>;
/** A server with an issuer of its own and whatever `/v1` handler a test gives it. */
export interface SmallHub {
  readonly url: string;
  handler: Handler;
  /** Answers of the token endpoint before it works again. */
  readonly tokenFaults: number[];
  expiresIn: number;
  /** What the issuer's metadata calls itself; undefined: the truth. */
  issuer: string | undefined;
  readonly asked: { discovery: number; tokens: number; forms: URLSearchParams[]; authorizations: string[] };
  close(): Promise<void>;
}

export const CLIENT = { clientId: 'warwickshire:push', clientSecret: 'a secret+%' };
const payload = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');

export async function smallHub(): Promise<SmallHub> {
  const asked: SmallHub['asked'] = { discovery: 0, tokens: 0, forms: [], authorizations: [] };
  const server: Server = createServer((request, response) => void serve(request, response));
  const json = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const issuer = `${hub.url}/oidc`;
    switch (request.url) {
      case '/.well-known/oauth-protected-resource':
        asked.discovery++;
        return json(response, 200, { resource: 'urn:svd:hub', authorization_servers: [issuer] });
      case '/oidc/.well-known/openid-configuration':
        return json(response, 200, { issuer: hub.issuer ?? issuer, token_endpoint: `${issuer}/token` });
      case '/oidc/token': {
        asked.tokens++;
        asked.authorizations.push(request.headers.authorization ?? '');
        asked.forms.push(new URLSearchParams(await textOf(request)));
        const fault = hub.tokenFaults.shift();
        if (fault !== undefined) return json(response, fault, { error: 'invalid_client' });
        const claims = { agency: 'warwickshire-police', roles: ['publisher'], n: asked.tokens };
        return json(response, 200, {
          access_token: `h.${payload(claims)}.s${asked.tokens}`,
          expires_in: hub.expiresIn,
        });
      }
      default:
        await hub.handler(request, response, () => textOf(request));
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: SmallHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    handler: (_request, response) => void response.writeHead(404).end(),
    tokenFaults: [],
    expiresIn: 600,
    issuer: undefined,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return hub;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString('utf8');
  return text;
}

/** Complete lines of a request as they come. */
export async function* linesOf(request: IncomingMessage): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const lines = (held + chunk.toString('utf8')).split('\n');
    held = lines.pop() ?? '';
    yield* lines;
  }
}

/** Reads lines and accepts each at the position of its number, as the hub would. */
export const acceptAll: Handler = async (request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  let line = 0;
  for await (const _ of linesOf(request)) {
    const more = response.write(
      `${JSON.stringify({ line: ++line, status: 'accepted', position: String(line - 1) })}\n`,
    );
    if (!more) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end(`${JSON.stringify({ done: true, accepted: line, repeated: 0, quarantined: 0, rejected: 0 })}\n`);
};
