/** One thing measured, beside the same on the bare engine (SQLite, HTTP, EventStoreDB) in the same run. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly hub: number;
  readonly raw: number;
  readonly note: string;
}

/** How near the hub comes to raw: 1 is as good. */
export const ratioOf = ({ better, hub, raw }: Figure): number => (better === 'more' ? hub / raw : raw / hub);

export const rounded = (value: number): number => (value >= 1_000 ? Math.round(value) : Number(value.toPrecision(3)));
const shown = (value: number): string => rounded(value).toLocaleString('en-GB', { maximumFractionDigits: 3 });

/** A table of figures in plain text. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    `${shown(figure.hub)} ${figure.unit}`,
    `${shown(figure.raw)} ${figure.unit}`,
    `${Math.round(ratioOf(figure) * 100)} %`,
    figure.note,
  ]);
  const all = [['', 'hub', 'raw', 'of raw', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : i === 4 ? cell : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n') + '\n';
}
