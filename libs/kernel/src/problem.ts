/**
 * The one error class. `code` is stable and documented (the edge turns it into an RFC 9457 problem); the rest names
 * places, never values, so that nothing an agency sent is echoed.
 */
export class Problem extends Error {
  readonly code: string;
  /** Path of the offending field as the definition names it, e.g. `data.category`. */
  readonly field: string | undefined;
  /** Index of the offending item of a batch, from 0. */
  readonly index: number | undefined;
  /** Seconds after which the same request may succeed (429 and 503). */
  readonly retryAfter: number | undefined;

  constructor(code: string, where: { field?: string; index?: number; retryAfter?: number } = {}) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.field = where.field;
    this.index = where.index;
    this.retryAfter = where.retryAfter;
  }
}
