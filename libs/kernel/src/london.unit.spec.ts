import type { Instant } from './ids.ts';
import { londonDay } from './london.ts';

describe('the day in London', () => {
  it.each([
    ['2026-01-31T23:59:59.999Z', '2026-01-31'],
    ['2026-02-01T00:00:00.000Z', '2026-02-01'],
    ['2026-06-30T22:59:59.999Z', '2026-06-30'],
    ['2026-06-30T23:00:00.000Z', '2026-07-01'],
    ['2026-03-28T23:30:00.000Z', '2026-03-28'],
    ['2026-03-29T23:30:00.000Z', '2026-03-30'],
    ['2026-10-24T23:30:00.000Z', '2026-10-25'],
    ['2026-10-25T23:30:00.000Z', '2026-10-25'],
  ])('at %s is %s', (at, day) => {
    expect(londonDay(at as Instant)).toBe(day);
    expect(londonDay('1999-12-31T12:00:00.000Z' as Instant)).toBe('1999-12-31');
    expect(londonDay(at as Instant)).toBe(day);
  });
});
