import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Principal } from '#contracts';
import { Problem } from '#kernel';
import { principalOf } from './admission.ts';
import { mediaTypeOf } from './bodies.ts';
import type { MediaType } from './operation.ts';

/**
 * A body as it came: whole, or, for NDJSON, the chunks that are still being received. Chunks can be read once; reading
 * is what admits more. They throw when the sender goes; stopping early leaves the answer its connection.
 */
export type Incoming =
  | { readonly mediaType: Exclude<MediaType, 'application/x-ndjson'>; readonly bytes: Buffer }
  | { readonly mediaType: 'application/x-ndjson'; readonly chunks: AsyncIterable<Buffer> };

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

/** The {@link Principal} who asks. On a call without sign-in it throws: such a handler may not take it. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = principalOf(requestOf(context));
  if (principal === undefined) throw new Problem('token-missing');
  return principal;
});

/** The body as {@link Incoming}. */
export const IncomingBody = createParamDecorator((_: unknown, context: ExecutionContext): Incoming => {
  const request = requestOf(context);
  const mediaType = mediaTypeOf(request);
  if (mediaType === undefined) throw new Problem('media-type-unsupported');
  if (mediaType === 'application/x-ndjson') return { mediaType, chunks: chunksOf(request.body as IncomingMessage) };
  if (!Buffer.isBuffer(request.body)) throw new Problem('json-malformed');
  return { mediaType, bytes: request.body };
});

/** The correlation id of the request: a UUID, as in every problem, log line and `x-correlation-id`. */
export const CorrelationId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => requestOf(context).id,
);

/** An `AbortSignal` that fires when the connection goes before the answer is complete. */
export const Gone = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const { raw } = context.switchToHttp().getResponse<FastifyReply>();
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
});

/** Without destroying the request when reading stops: its socket carries the answer. */
const chunksOf = (body: IncomingMessage): AsyncIterable<Buffer> =>
  body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
