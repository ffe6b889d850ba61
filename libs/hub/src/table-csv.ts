import type { ResultTable, Shown } from '#statistics';
import type { Sharing } from './disclosed.ts';

/** A table with what it is a table of. */
export interface TableAnswer extends ResultTable {
  readonly definition: string;
  readonly period: string;
  /** Dimensions of the rows and of the columns, as asked. */
  readonly dimensions: { readonly rows: string; readonly columns?: string };
}

/**
 * A table as CSV (RFC 4180), one line a cell, its sharing in columns of its own so that a line never travels without it.
 * Cells that a spreadsheet would run as a formula are quoted with an apostrophe.
 */
export function tableCsv(data: TableAnswer, sharing: Sharing): string {
  const agreements = sharing.agreements
    .map(({ id, version, gateway, licence, address }) =>
      [`${id} v${version} (${gateway})`, licence, address].filter((part) => part !== undefined).join(' '),
    )
    .join('; ');
  const tail = [sharing.release ?? '', sharing.purpose, agreements, sharing.disclosureId];
  const head = ['rows', 'row', 'row label', 'columns', 'column', 'column label', 'value', 'symbol', 'reason'];
  const lines = [[...head, 'release', 'purpose', 'agreements', 'disclosure']];
  const { rows: rowName, columns: columnName = '' } = data.dimensions;
  const put = (row: [string, string], column: [string, string], shown: Shown | undefined): void => {
    if (shown === undefined) return;
    const cell = 'value' in shown ? [String(shown.value), '', ''] : ['', shown.symbol, shown.reason];
    lines.push([rowName, ...row, columnName, ...column, ...cell, ...tail]);
  };
  for (const [i, row] of data.rows.entries()) {
    for (const [j, column] of data.columns.entries())
      put([row.code, row.label], [column.code, column.label], data.cells[i]?.[j]);
    put([row.code, row.label], ['all', 'All'], data.rowTotals[i]);
  }
  for (const [j, column] of data.columns.entries())
    put(['all', 'All'], [column.code, column.label], data.columnTotals[j]);
  put(['all', 'All'], ['all', 'All'], data.total);
  return lines.map((line) => line.map(quoted).join(',')).join('\r\n') + '\r\n';
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
