import fc from 'fast-check';
import type { Threshold } from '#contracts';
import { bucketOf, shown } from './bucket.ts';

const thresholds = fc.constantFrom<Threshold>(7, 12, 17);
const counts = fc.oneof(fc.nat({ max: 60 }), fc.nat());
const protectedAt = (threshold: Threshold) => ({ threshold, exact: false });

describe('the display rule', () => {
  it.each([
    [402, 400],
    [1139, 1140],
    [616, 615],
    [726, 725],
    [932, 930],
    [18, 20],
    [32, 30],
    [17, 15],
    [3882, 3880],
    [317, 315],
    [13, 15],
    [11, 10],
    [8, 10],
    [12, 10],
  ])('shows %d as %d', (count, value) => {
    expect(shown(count, protectedAt(7))).toEqual({ value });
  });

  it.each([0, 1, 2, 7])('shows %d as low', (count) => {
    expect(shown(count, protectedAt(7))).toEqual({ symbol: 'low', reason: 'small-count' });
  });

  it('shows what is open as it is, nought too', () => {
    expect([0, 2, 11, 13, 317].map((count) => shown(count, { threshold: 7, exact: true }))).toEqual(
      [0, 2, 11, 13, 317].map((value) => ({ value })),
    );
  });

  it('keeps a count in the bucket of what is shown, and hides exactly what is at or under the threshold', () => {
    fc.assert(
      fc.property(counts, thresholds, (count, threshold) => {
        const seen = shown(count, protectedAt(threshold));
        expect('value' in seen).toBe(count > threshold);
        if (!('value' in seen)) return;
        const { from, to } = bucketOf(seen.value);
        expect(from).toBeGreaterThan(threshold);
        expect(count).toBeGreaterThanOrEqual(from);
        expect(count).toBeLessThanOrEqual(to);
      }),
    );
  });

  it('begins a bucket just above the threshold, so that no shown number stands for fewer counts than another', () => {
    fc.assert(
      fc.property(thresholds, (threshold) => {
        const first = shown(threshold + 1, protectedAt(threshold));
        expect('value' in first && bucketOf(first.value).from).toBe(threshold + 1);
      }),
    );
  });

  it('never shows more for less', () => {
    fc.assert(
      fc.property(counts, counts, thresholds, (a, b, threshold) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((count) => {
          const seen = shown(count, protectedAt(threshold));
          return 'value' in seen ? seen.value : -1;
        });
        expect(less).toBeLessThanOrEqual(more ?? -1);
      }),
    );
  });
});
