import type { AgencyId } from '#kernel';

/** RFC 9457, as the hub writes it: `type` is `/problems/<code>`. */
export interface ProblemDetails {
  readonly type: string;
  readonly title?: string;
  readonly status?: number;
  readonly field?: string;
  readonly index?: number;
  readonly correlationId?: string;
}
/** What became of one line of a push. */
export interface ResultLine {
  /** Number of the line in this push, from 1. */
  readonly line: number;
  readonly id?: string;
  readonly status: 'accepted' | 'repeated' | 'quarantined' | 'rejected';
  /** Unpadded decimal; with `accepted` and `repeated`. */
  readonly position?: string;
  /** With `quarantined`: what held it. */
  readonly quarantineId?: string;
  readonly field?: string;
  readonly reason?: string;
  readonly problem?: ProblemDetails;
}
/** The closing line: without it a push is incomplete. */
export interface PushTotals {
  readonly done: true;
  readonly accepted: number;
  readonly repeated: number;
  readonly quarantined: number;
  readonly rejected: number;
}
/** One answer to one event: `accepted` or `repeated` with its receipt's position, or why not. */
export type PostResult = Omit<ResultLine, 'line'>;

/** How an agency's program sends events. */
export interface Publisher {
  /** The agency for which the hub takes this publisher; Problem `token-malformed` where the token names none. */
  agency(): Promise<AgencyId>;
  /**
   * Sends each line (one event's bytes, no line ending) and yields its result, in order, while it still reads `lines`:
   * neither side runs ahead of the other by more than the buffers between them. A source that waits for results before
   * its next line is served: what it gave is sent at once.
   * Returns the closing totals. Where `lines` throws, what was sent is settled first and then that error is thrown.
   * Stopping early closes the connection; the hub keeps what it acknowledged.
   * @throws Problem `push-incomplete` without a closing line that agrees; `hub-unreachable` before the first line was
   * asked for; `hub-refused` (401, 403), `hub-busy` (429, 503, with `retryAfter`) or `hub-rejected` (other), their
   * `field` the hub's own code.
   */
  pushNdjson(lines: AsyncIterable<Uint8Array>): AsyncGenerator<ResultLine, PushTotals, undefined>;
  /** One event by itself. A broken connection is retried: the same bytes again repeat. Throws as `pushNdjson`, but never for one event's fault. */
  postEvent(bytes: Uint8Array): Promise<PostResult>;
}

const TYPE = /^\/problems\/([a-z0-9][a-z0-9-]{0,60})$/;
/** The stable code in a problem's `type`; undefined where it has none. */
export const problemCode = (problem: ProblemDetails | undefined): string | undefined =>
  problem === undefined ? undefined : TYPE.exec(problem.type)?.[1];
