import { joined, type ColumnLabels, type LegalLabel } from '#contracts';
import { Problem } from '#kernel';
import { releaseColumns, type Definition } from './definition.ts';
import type { Period } from './period.ts';

/**
 * Legal labels of a release as it is frozen, that is of true counts: no declassifier stands between it and its rows.
 * `labels` are those of the rows' columns as the read model computes them. What `tabulate` shows of a release has its own.
 */
export const releaseLabels = (definition: Definition, period: Period, labels: ColumnLabels): ReadonlySet<LegalLabel> =>
  labelsRead(releaseColumns(definition, period), labels);

/** @throws Problem `labels-unknown` of a column whose labels nobody has computed: none is not the same as unknown. */
export const labelsRead = (columns: readonly string[], labels: ColumnLabels): ReadonlySet<LegalLabel> =>
  joined(
    ...columns.map((column) => {
      const known = labels.get(column);
      if (known === undefined) throw new Problem('labels-unknown', { field: column });
      return known;
    }),
  );
