import type { Instant } from './ids.ts';

/** Passed in wherever time matters, so that a rule is a function of its arguments. */
export interface Clock {
  now(): Instant;
}
export const systemClock: Clock = { now: () => new Date().toISOString() as Instant };

/** Milliseconds since 1970 as an {@link Instant}. */
export const instant = (ms: number): Instant => new Date(ms).toISOString() as Instant;
export const millis = (at: Instant): number => Date.parse(at);

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
/** Reads an RFC 3339 UTC time; `undefined` when it is not one or names no real moment (31 February). */
export function parseInstant(text: string): Instant | undefined {
  if (!INSTANT.test(text)) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const written = new Date(ms).toISOString();
  return written.slice(0, 19) === text.slice(0, 19) ? (written as Instant) : undefined;
}
