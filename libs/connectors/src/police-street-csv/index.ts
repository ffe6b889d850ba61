import { Problem } from '#kernel';
import type { Connector, ConnectorContext, Reading } from '../connector.ts';
import { csvRows, type CsvRow } from '../csv-rows.ts';
import { layoutByHeader, STREET_COLUMNS, type StreetLayout } from './layout.ts';
import { readStreetRow, streetCorrection, streetEvent } from './street-row.ts';

/**
 * data.police.uk street crime (`YYYY-MM-<force>-street.csv`) → place events, one a row.
 * `n` counts equal keys (month and Crime ID, or month and row bytes) among the good rows of one file: the same file, or
 * the same file with another line ending, gives the same ids. A file cut through a group of identical rows without an
 * ID gives fewer ids until the whole is read, and never more.
 */
export const policeStreetCsv: Connector = {
  format: 'police-street-csv',
  title: 'data.police.uk street crime, CSV',
  columns: STREET_COLUMNS,
  read: readStreetFile,
};

async function* readStreetFile(input: AsyncIterable<Uint8Array>, context: ConnectorContext): AsyncGenerator<Reading> {
  let layout: StreetLayout | undefined;
  const seen = new Map<string, number>();
  for await (const csv of csvRows(input)) {
    if (layout === undefined) layout = layoutByHeader(csv.fields);
    else yield reading(csv, layout, context, seen);
  }
  if (layout === undefined) throw new Problem('layout-unknown', { field: '' });
}

function reading(csv: CsvRow, layout: StreetLayout, context: ConnectorContext, seen: Map<string, number>): Reading {
  const read = { row: csv.row, raw: csv.raw, columns: csv.fields };
  if (csv.fault !== undefined) return { ...read, rejected: { code: csv.fault, field: 'row' } };
  const row = readStreetRow(csv.fields, layout);
  if ('code' in row) return { ...read, rejected: row };
  const rowBytes = withLineFeeds(csv.raw);
  const key = row.crimeId === '' ? `row/${row.month}/${rowBytes.toString('latin1')}` : `id/${row.month}/${row.crimeId}`;
  const n = (seen.get(key) ?? 0) + 1;
  seen.set(key, n);
  const occurrence = { row, rowBytes, n };
  return { ...read, event: streetEvent(occurrence, context), correction: () => streetCorrection(occurrence, context) };
}

/** A line break inside quotes is no line ending, but changes with it when a tool rewrites the file. */
const withLineFeeds = (raw: Buffer): Buffer =>
  raw.includes('\r\n') ? Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1') : raw;
