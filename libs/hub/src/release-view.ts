import { definitionOf, dimensionsOf, parsePeriod } from '#statistics';
import type { PublishedRelease } from './policy-feed.ts';

/** What may be known of a release beside its tables. Neither its position nor its digest: they move with live data. */
export interface ReleaseView {
  readonly id: string;
  readonly definition: string;
  readonly title: string;
  /** What one count is. */
  readonly counts: string;
  readonly period: string;
  readonly version: number;
  readonly publishedAt: string;
  readonly geography: string;
  readonly dimensions: readonly { readonly name: string; readonly label: string }[];
}

export function releaseView({
  release,
  definition: name,
  period: text,
  version,
  publishedAt,
  geography,
}: PublishedRelease): ReleaseView {
  const definition = definitionOf(name);
  const period = parsePeriod(text);
  const dimensions = definition === undefined || period === undefined ? [] : dimensionsOf(definition, period);
  return {
    id: release,
    definition: name,
    title: definition?.title ?? name,
    counts: definition?.counts ?? '',
    period: text,
    version,
    publishedAt,
    geography: geography.version,
    dimensions: dimensions.map((dimension) => ({ name: dimension.name, label: dimension.label })),
  };
}
