import { canonicalJson, type Json, sourceOf } from '#kernel';
import { keyedDigest } from '#privacy/source';
import type { ConnectorContext, EventBytes, RowFault } from '../connector.ts';
import type { StreetLayout } from './layout.ts';

export const STREET_EVENT = 'uk.svd.police.incident-recorded.v1';

/** What a row says, before it is anyone's event. */
export interface StreetRow {
  readonly crimeId: string;
  readonly month: string;
  /** LSOA code, or `unknown` where the source has none. */
  readonly place: string;
  readonly category: string;
  readonly outcome: string | undefined;
}

const MONTH = /^[0-9]{4}-(0[1-9]|1[0-2])$/;
const LSOA = /^[EW]01[0-9]{6}$/;
const MAX_SLUG = 60;

/** Lower case, every run of other characters than letters and digits one hyphen, none at the ends. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Reads one row. A crime type or outcome that nobody knows yet is no fault here: the hub holds it. */
export function readStreetRow(columns: readonly string[], layout: StreetLayout): StreetRow | RowFault {
  if (columns.length !== layout.width) return { code: 'column-count', field: 'row' };
  const cell = (index: number): string => columns[index] ?? '';
  const month = cell(layout.month);
  if (!MONTH.test(month)) return { code: 'month-malformed', field: 'Month' };
  const lsoa = cell(layout.lsoa);
  if (lsoa !== '' && !LSOA.test(lsoa)) return { code: 'lsoa-malformed', field: 'LSOA code' };
  const category = slug(cell(layout.category));
  if (category === '') return { code: 'category-missing', field: 'Crime type' };
  if (category.length > MAX_SLUG) return { code: 'category-malformed', field: 'Crime type' };
  const outcome = cell(layout.outcome);
  const code = slug(outcome);
  if (code.length > MAX_SLUG || (code === '' && outcome !== ''))
    return { code: 'outcome-malformed', field: 'Last outcome category' };
  return {
    crimeId: cell(layout.crimeId).trim(),
    month,
    place: lsoa === '' ? 'unknown' : lsoa,
    category,
    outcome: code === '' ? undefined : code,
  };
}

/** What tells one incident from another: its Crime ID, else its bytes; and which of the equal ones of its file it is, from 1. */
export interface Occurrence {
  readonly row: StreetRow;
  readonly rowBytes: Uint8Array;
  readonly n: number;
}

/** The place event (P) of an occurrence. Its id: keyed digest of month / Crime ID / n, or of month / row bytes / n. */
export const streetEvent = (of: Occurrence, context: ConnectorContext): EventBytes =>
  written(of, context, firstId(of, context));

/** Its correction, under an id of its own: keyed digest of month / Crime ID / n / row bytes. */
export function streetCorrection(of: Occurrence, context: ConnectorContext): EventBytes {
  const { row, rowBytes, n } = of;
  const id = keyedDigest(context.key, 'police-street-csv/P/correction', row.month, row.crimeId, String(n), rowBytes);
  return written(of, context, id, { id: firstId(of, context), reason: 'reclassified' });
}

function firstId({ row, rowBytes, n }: Occurrence, { key }: ConnectorContext): string {
  return row.crimeId === ''
    ? keyedDigest(key, 'police-street-csv/P/row', row.month, rowBytes, String(n))
    : keyedDigest(key, 'police-street-csv/P/crime-id', row.month, row.crimeId, String(n));
}

function written({ row }: Occurrence, context: ConnectorContext, id: string, corrects?: Json): EventBytes {
  const { agency, key } = context;
  const event = {
    specversion: '1.0',
    id,
    source: sourceOf(agency),
    type: STREET_EVENT,
    datacontenttype: 'application/json',
    basis: 'anonymised',
    schemaversion: '1.0',
    submission: keyedDigest(key, 'submission', agency, STREET_EVENT, 'P', row.month),
    data: {
      category: row.category,
      occurredFrom: row.month,
      occurredTo: row.month,
      timePrecision: 'month',
      place: row.place,
      placeConfidence: row.place === 'unknown' ? 'none' : 'street',
      lookupVersion: 'lsoa21',
      ...(row.outcome === undefined ? {} : { outcome: { code: row.outcome } }),
      ...(corrects === undefined ? {} : { corrects }),
    },
  };
  return { id, bytes: Buffer.from(canonicalJson(event), 'utf8') };
}
