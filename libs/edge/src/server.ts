import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '#kernel';
import { onlyCleared, operationName, sendProblem } from './answer.ts';
import { takeBodies } from './bodies.ts';
import type { EdgeLog } from './log.ts';
import type { EdgeMetrics } from './metrics.ts';
import { codeOf, PROBLEM_JSON, problemBody } from './problems.ts';
import { watchRoutes } from './route.ts';

/** An NDJSON push may last an hour; a socket on which nothing moves may not. */
const LONGEST_REQUEST_MS = 3_900_000;
const IDLE_SOCKET_MS = 120_000;
const DISCARD_MS = 5_000;
const HEADERS_MS = 30_000;
const HEADERS_BYTES = 16_384;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface ServerParts {
  readonly log: EdgeLog;
  readonly metrics: EdgeMetrics;
  /** Address of `/.well-known/oauth-protected-resource`. */
  readonly resourceMetadata: string;
}

/** The one way in which anything thrown is answered. */
export interface Faults {
  answer(reply: FastifyReply, error: unknown): FastifyReply;
  /** A stream was cut after its first write: only the log can tell why. */
  cut(reply: FastifyReply, error: unknown): void;
}

/** The Fastify server under the hub. */
export function edgeServer({ log, metrics, resourceMetadata }: ServerParts): {
  readonly instance: FastifyInstance;
  readonly faults: Faults;
} {
  const fault = (reply: FastifyReply, error: unknown): FastifyReply => {
    const code = codeOf(error);
    if (code === 'unavailable' || code === 'not-disclosable') log.fault(reply.request.id, operationName(reply), error);
    return sendProblem(reply, error, resourceMetadata);
  };
  const cut = (reply: FastifyReply, error: unknown): void => {
    if (codeOf(error) === 'unavailable') log.fault(reply.request.id, operationName(reply), error);
  };
  const instance = fastify({
    logger: false,
    trustProxy: false,
    requestIdHeader: false,
    genReqId: correlationId,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    connectionTimeout: IDLE_SOCKET_MS,
    requestTimeout: LONGEST_REQUEST_MS,
    keepAliveTimeout: 65_000,
    bodyLimit: 1_048_576,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false, caseSensitive: true },
    http: { maxHeaderSize: HEADERS_BYTES, headersTimeout: HEADERS_MS },
    frameworkErrors: (error, _request, reply) => {
      secure(reply);
      fault(reply, error);
    },
    clientErrorHandler: refuseConnection,
  });
  const routes = watchRoutes(instance);
  takeBodies(instance);
  instance.setErrorHandler((error, _request, reply) => fault(reply, error));
  instance.setNotFoundHandler((request, reply) => {
    const allowed = routes.methodsAt(request.url.split('?', 1)[0] ?? '');
    if (allowed.length === 0) return fault(reply, new Problem('not-found'));
    reply.header('allow', allowed.join(', '));
    return fault(reply, new Problem('method-not-allowed'));
  });
  instance.addHook('onRequest', async (_request, reply) => secure(reply));
  instance.addHook('onSend', async (_request, reply, payload) => onlyCleared(reply, payload));
  instance.addHook('onResponse', async (request, reply) => {
    discardRest(request.raw);
    const operation = operationName(reply);
    metrics.observe(operation, reply.statusCode, reply.elapsedTime / 1_000);
    const { method, id } = request;
    log.request({ method, operation, status: reply.statusCode, ms: reply.elapsedTime, correlationId: id });
  });
  return { instance, faults: { answer: fault, cut } };
}

/** A caller's own UUID is kept; anything else is replaced, so that a header can't carry text into a log. */
function correlationId(request: IncomingMessage): string {
  const given = request.headers['x-correlation-id'];
  return typeof given === 'string' && UUID.test(given) ? given.toLowerCase() : randomUUID();
}

function secure(reply: Pick<FastifyReply, 'header' | 'request'>): void {
  reply
    .header('x-correlation-id', reply.request.id)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
}

/** An answer that came before the end of its request: the rest is read and forgotten, for a moment, then cut. */
function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, DISCARD_MS).unref();
}

/** What Node can't read as HTTP never becomes a request; it is answered on the socket and the socket is closed. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = error.code === 'HPE_HEADER_OVERFLOW' || error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const body = problemBody(known ? error : new Problem('request-malformed'), randomUUID());
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${body.status} ${body.title}\r\ncontent-type: ${PROBLEM_JSON}\r\ncache-control: no-store\r\n` +
      `x-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}
