import { quantile } from './load.ts';

describe('a quantile', () => {
  it('is the smallest value that the share does not exceed', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.99, 1].map((share) => quantile(values, share))).toEqual([50, 99, 100]);
    expect(quantile(Float64Array.of(3), 0.5)).toBe(3);
  });

  it('of nothing is no number', () => {
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN();
  });
});
