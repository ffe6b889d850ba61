import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { isUint8Array } from 'node:util/types';
import { Problem } from '#kernel';
import { isMounted, operationOfRoute } from './route.ts';
import { PROBLEM_JSON, problemBody, retryAfterOf } from './problems.ts';
import type { Rendered } from './results.ts';

/** What the interceptor found fit; the adapter writes nothing else. */
export class Outgoing {
  readonly rendered: Rendered;
  constructor(rendered: Rendered) {
    this.rendered = rendered;
  }
}

const ALLOWED_HEADERS: ReadonlySet<string> = new Set([
  'etag',
  'location',
  'content-type',
  'content-disposition',
  'content-language',
  'cache-control',
  'link',
  'retry-after',
  'vary',
  'content-security-policy',
]);

const cleared = new WeakSet<object>();

/**
 * Writes an answer that was found fit. A stream that fails after its first write is cut, and `cut` is told; one that
 * fails before is answered with a problem. @throws TypeError, before anything is written, on a header outside the list.
 */
export function sendAnswer(reply: FastifyReply, { rendered }: Outgoing, cut: (error: unknown) => void): FastifyReply {
  const { status, body } = rendered;
  const headers: [string, unknown][] = Object.entries(rendered.headers);
  for (const [name, value] of headers) {
    if (!ALLOWED_HEADERS.has(name) || typeof value !== 'string')
      throw new TypeError('an answer may not set this header');
  }
  cleared.add(reply);
  reply.code(status);
  for (const [name, value] of headers) reply.header(name, value);
  if (status === 200 && isUnchanged(reply.request, rendered.headers.etag)) {
    return reply.code(304).removeHeader('content-type').send();
  }
  if (body === undefined || typeof body === 'string') return reply.send(body);
  if (isUint8Array(body)) return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  const stream = Readable.from(body, { objectMode: true, highWaterMark: 4 });
  stream.once('error', (error) => {
    if (reply.raw.headersSent) cut(error);
  });
  return reply.send(stream);
}

/** RFC 9110 §13.1.2, compared weakly. What was found fit and recorded is so whether or not its bytes are sent again. */
function isUnchanged({ method, headers }: FastifyRequest, etag: string | undefined): boolean {
  const known = headers['if-none-match'];
  if (etag === undefined || known === undefined || method !== 'GET') return false;
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === bare(etag));
}

/** Writes the problem of anything thrown; as bytes, since Fastify would add a charset that the media type hasn't got. */
export function sendProblem(reply: FastifyReply, error: unknown, resourceMetadata: string): FastifyReply {
  const body = problemBody(error, reply.request.id);
  const retryAfter = retryAfterOf(error);
  cleared.add(reply);
  // what a handler set before it failed describes an answer that is not sent
  for (const name of ['etag', 'location', 'content-disposition', 'content-length', 'link']) reply.removeHeader(name);
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  if (body.status === 401) reply.header('www-authenticate', challenge(body.type, resourceMetadata));
  return reply
    .code(body.status)
    .header('content-type', PROBLEM_JSON)
    .header('cache-control', 'no-store')
    .send(Buffer.from(JSON.stringify(body)));
}

/** RFC 6750 §3, with the address of RFC 9728 §5.1. */
const challenge = (type: string, resourceMetadata: string): string =>
  `Bearer realm="svd-hub"${type.endsWith('token-invalid') ? ', error="invalid_token"' : ''}, resource_metadata="${resourceMetadata}"`;

/**
 * Last fence: a payload that came to Fastify by another way than the two functions above is replaced, so that a reply
 * written by a hook or a handler by itself tells nothing.
 */
export async function onlyCleared(reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (cleared.has(reply) || isMounted(reply.request)) return payload;
  if (payload instanceof Readable) payload.destroy();
  const problem = new Problem('not-disclosable');
  for (const name of Object.keys(reply.getHeaders())) {
    if (ALLOWED_HEADERS.has(name) || name === 'content-length') reply.removeHeader(name);
  }
  reply
    .code(503)
    .header('content-type', PROBLEM_JSON)
    .header('retry-after', String(retryAfterOf(problem)));
  return JSON.stringify(problemBody(problem, reply.request.id));
}

/** Name of the operation for logs and metrics; `none` where no route was met. */
export const operationName = (reply: FastifyReply): string => operationOfRoute(reply.request)?.id ?? 'none';
