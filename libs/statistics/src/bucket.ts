import type { Threshold } from '#contracts';

/** What is shown of one count: a number, or a symbol and its reason. Never the count behind a symbol. */
export type Shown = { readonly value: number } | { readonly symbol: 'low'; readonly reason: 'small-count' };

export interface DisplayRule {
  readonly threshold: Threshold;
  /** Already published elsewhere at this detail, or the publisher's own: no rule applies. */
  readonly exact: boolean;
}

const BASE = 5;

/** 0 to the threshold is `low`; above it the nearest 5 (8–12 → 10). `count` is a whole number from 0. */
export function shown(count: number, rule: DisplayRule): Shown {
  if (rule.exact) return { value: count };
  if (count <= rule.threshold) return { symbol: 'low', reason: 'small-count' };
  return { value: nearest(count) };
}

/** The counts that a shown number may stand for, both inclusive. */
export const bucketOf = (value: number): { readonly from: number; readonly to: number } => ({
  from: nearest(value) - 2,
  to: nearest(value) + 2,
});

const nearest = (count: number): number => Math.floor((count + 2) / BASE) * BASE;
