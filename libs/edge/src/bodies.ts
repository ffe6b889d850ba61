import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EVENT_LIMITS, Problem } from '#kernel';
import type { MediaType } from './operation.ts';
import { operationOfRoute } from './route.ts';

/** Bytes of a body by media type, where the operation states no limit of its own. */
export const BODY_LIMITS = {
  'application/json': 1_048_576,
  'application/cloudevents+json': EVENT_LIMITS.bytes,
  'application/cloudevents-batch+json': 524_288,
} as const satisfies Partial<Record<MediaType, number>>;

const NDJSON = 'application/x-ndjson';

/** The media type of a request, without parameters, if it is one that any call takes. */
export function mediaTypeOf(request: FastifyRequest): MediaType | undefined {
  const essence = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return essence === NDJSON || Object.hasOwn(BODY_LIMITS, essence) ? (essence as MediaType) : undefined;
}

/**
 * Bodies reach handlers as the bytes that came; nothing is parsed before a strict parser sees it. NDJSON reaches them as
 * the request's own stream, so that reading it is what admits more.
 */
export function takeBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  for (const [mediaType, bodyLimit] of Object.entries(BODY_LIMITS)) {
    instance.addContentTypeParser(mediaType, { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
  }
  instance.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
  instance.addHook('preParsing', async (request) => {
    const operation = operationOfRoute(request);
    if (operation === undefined || !hasBody(request)) return;
    const accepted: readonly MediaType[] = operation.accepts ?? ['application/json'];
    const mediaType = mediaTypeOf(request);
    if (mediaType === undefined || !accepted.includes(mediaType)) throw new Problem('media-type-unsupported');
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
