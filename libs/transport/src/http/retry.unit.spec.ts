import { delayAfter, retryAfterSeconds, withRetries } from './retry.ts';

const POLICY = { attempts: 4, first: 100, longest: 300 };

describe('trying again', () => {
  it('waits longer each time, between half and all of a bound', () => {
    expect([1, 2, 3, 4].map((n) => delayAfter(POLICY, n, undefined, 1))).toEqual([100, 200, 300, 300]);
    expect(delayAfter(POLICY, 1, undefined, 0)).toBe(50);
  });

  it('waits at least as long as the hub asked, and a minute at most', () => {
    expect(delayAfter(POLICY, 1, 5, 0)).toBe(5000);
    expect(delayAfter(POLICY, 1, 3600, 0)).toBe(60_000);
  });

  it('reads Retry-After in seconds and as a date', () => {
    const now = Date.parse('2026-11-23T09:00:00Z');
    expect(retryAfterSeconds('12', now)).toBe(12);
    expect(retryAfterSeconds('Mon, 23 Nov 2026 09:00:30 GMT', now)).toBe(30);
    expect(retryAfterSeconds('soon', now)).toBeUndefined();
    expect(retryAfterSeconds(undefined, now)).toBeUndefined();
  });

  it('stops after its tries, with the last answer or error', async () => {
    let n = 0;
    const quick = { attempts: 3, first: 1, longest: 1 };
    expect(await withRetries<number>(quick, async () => ({ again: ++n }))).toBe(3);
    await expect(withRetries(quick, async () => ({ again: new Error('last') }))).rejects.toThrow('last');
  });
});
