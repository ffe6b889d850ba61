import { HttpException } from '@nestjs/common';
import type { Refusal } from '#contracts';
import { Problem } from '#kernel';
import { isProblemCode, PROBLEMS, type ProblemCode } from './problem-table.ts';

/** Media type of every problem (RFC 9457 §3). */
export const PROBLEM_JSON = 'application/problem+json';

/** The members of a problem that are fit to leave: names of places, never a value that was sent. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly correlationId?: string;
  readonly field?: string;
  readonly index?: number;
  readonly rule?: string;
  readonly section?: string;
  readonly missing?: readonly string[];
  readonly alternatives?: readonly string[];
  readonly disclosureId?: string;
}

/**
 * Thrown by a controller once a refusal has been recorded. Answered 403 with the rule and what would have to exist; a
 * refusal that conceals is answered as a plain 404 `not-found`, the same bytes as for what does not exist.
 */
export class Refused extends Problem {
  readonly refusal: Refusal;
  readonly disclosureId: string;
  constructor(refusal: Refusal, disclosureId: string) {
    super(refusal.conceal ? 'not-found' : 'refused');
    this.refusal = refusal;
    this.disclosureId = disclosureId;
  }
}

/** The code of anything thrown: a code that the table lacks, or no `Problem` at all, is `unavailable`. */
export function codeOf(error: unknown): ProblemCode {
  if (error instanceof Problem) return isProblemCode(error.code) ? error.code : 'unavailable';
  return frameworkCode(error);
}

/** The problem document of anything thrown; without `correlationId` it serves as one line's `problem` in a stream. */
export function problemBody(error: unknown, correlationId?: string): ProblemBody {
  const code = codeOf(error);
  const { status, title } = PROBLEMS[code];
  const base = { type: `/problems/${code}`, title, status, ...(correlationId === undefined ? {} : { correlationId }) };
  if (!(error instanceof Problem) || code === 'unavailable') return base;
  if (error instanceof Refused && code === 'refused') return { ...base, ...refusalMembers(error) };
  return {
    ...base,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.index === undefined ? {} : { index: error.index }),
  };
}

function refusalMembers({ refusal, disclosureId }: Refused): Partial<ProblemBody> {
  const { rule, section, missing, alternatives } = refusal;
  return { rule, ...(section === undefined ? {} : { section }), missing, alternatives, disclosureId };
}

/** Seconds of `Retry-After`, for 429 and 503 only. */
export function retryAfterOf(error: unknown): number | undefined {
  const { status } = PROBLEMS[codeOf(error)];
  if (status !== 429 && status !== 503) return undefined;
  const asked = error instanceof Problem ? error.retryAfter : undefined;
  return asked ?? (status === 429 ? 1 : 5);
}

/** What Fastify, Nest and Node call the faults of a request, as codes of ours. */
const FRAMEWORK: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'body-incomplete',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'json-malformed',
  FST_ERR_BAD_URL: 'request-malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'address-too-long',
  FST_ERR_HANDLER_TIMEOUT: 'unavailable',
  HPE_HEADER_OVERFLOW: 'header-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  ECONNRESET: 'body-incomplete',
};

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'body-too-large',
  414: 'address-too-long',
  415: 'media-type-unsupported',
  431: 'header-too-large',
};

function frameworkCode(error: unknown): ProblemCode {
  if (typeof error !== 'object' || error === null) return 'unavailable';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = Object.hasOwn(FRAMEWORK, code) ? FRAMEWORK[code] : undefined;
  if (known !== undefined) return known;
  const status = statusOf(error);
  if (status === undefined || status < 400 || status >= 500) return 'unavailable';
  return BY_STATUS[status] ?? 'request-malformed';
}

/** Only what the frameworks threw may choose a status: an error of ours that happens to carry one is a fault of ours. */
function statusOf(error: object): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const ofFastify = 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');
  return ofFastify && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
