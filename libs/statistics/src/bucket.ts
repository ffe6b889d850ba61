import { declassify, joined, type LegalLabel, type Threshold } from '#contracts';

/** What is shown of one count: a number, or a symbol and its reason. Never the count behind a symbol. */
export type Shown =
  | { readonly value: number }
  | { readonly symbol: 'low'; readonly reason: 'small-count' }
  /** A sum over what the law has counted apart: there is none. */
  | { readonly symbol: 'z'; readonly reason: 'counted-apart' };

export interface DisplayRule {
  readonly threshold: Threshold;
  /** Already published elsewhere at this detail, or the publisher's own: no rule applies. */
  readonly exact: boolean;
}

/** A true count: what is open data already, and what the rule guards. */
export interface Count {
  readonly open: number;
  readonly guarded: number;
}

const BASE = 5;

/** 0 to the threshold is `low`; above it the nearest 5 (8–12 → 10). `count` is a whole number from 0. */
export function shown(count: number, rule: DisplayRule): Shown {
  if (rule.exact) return { value: count };
  if (count <= rule.threshold) return { symbol: 'low', reason: 'small-count' };
  return { value: nearest(count) };
}

/**
 * A sum of open and guarded counts. The rule rules the guarded part by itself: whoever knows the open part, and anyone
 * may, learns no more of the other than its bucket. `guards`: some guarded publisher's rows could be in the sum.
 */
export function shownSum({ open, guarded }: Count, threshold: Threshold, guards: boolean): Shown {
  if (!guards) return { value: open };
  const part = shown(guarded, { threshold, exact: false });
  return 'value' in part ? { value: open + part.value } : part;
}

/**
 * Legal labels of what {@link shownSum} shows of rows that carry `labels`. The rule is a declassifier of the part that it
 * rules; the open part is shown exact, so that all of its labels stand. `opens`: some open publisher's rows could be in it.
 */
export const labelsShown = (
  labels: ReadonlySet<LegalLabel>,
  { guards, opens }: { readonly guards: boolean; readonly opens: boolean },
): ReadonlySet<LegalLabel> =>
  joined(guards ? declassify('aggregated-under-disclosure-control', labels) : [], opens || !guards ? labels : []);

/** The counts that a shown number may stand for, both inclusive. */
export const bucketOf = (value: number): { readonly from: number; readonly to: number } => ({
  from: nearest(value) - 2,
  to: nearest(value) + 2,
});

const nearest = (count: number): number => Math.floor((count + 2) / BASE) * BASE;
