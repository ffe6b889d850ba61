import { setTimeout as sleep } from 'node:timers/promises';

/** How often and how long to try again. Delays are milliseconds. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Upper bound of the first delay; doubled each time up to `longest`. The delay itself is drawn between half and all of it. */
  readonly first: number;
  readonly longest: number;
}
export const RETRY: RetryPolicy = { attempts: 6, first: 200, longest: 10_000 };

/** Milliseconds before try number `attempt` + 1. What the hub asked for is a lower bound, itself bounded by a minute. */
export function delayAfter(
  policy: RetryPolicy,
  attempt: number,
  retryAfterSeconds: number | undefined,
  random: number,
): number {
  const bound = Math.min(policy.longest, policy.first * 2 ** (attempt - 1));
  const asked = Math.min(60, retryAfterSeconds ?? 0) * 1000;
  return Math.round(Math.max(bound * (0.5 + random / 2), asked + (asked > 0 ? bound * 0.1 * random : 0)));
}

export type Tried<T> = { readonly done: T } | { readonly again: T | Error; readonly retryAfter?: number | undefined };

/** Runs `attempt` until it says `done` or the tries are used up; then its last `again` is returned, or thrown if an error. */
export async function withRetries<T>(policy: RetryPolicy, attempt: () => Promise<Tried<T>>): Promise<T> {
  for (let n = 1; ; n++) {
    const tried = await attempt();
    if ('done' in tried) return tried.done;
    if (n >= policy.attempts) {
      if (tried.again instanceof Error) throw tried.again;
      return tried.again;
    }
    await sleep(delayAfter(policy, n, tried.retryAfter, Math.random()));
  }
}

/** Seconds of a Retry-After header (RFC 9110 §10.2.3), given as seconds or as a date. */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^[0-9]{1,6}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
