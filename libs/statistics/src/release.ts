import { canonicalJson, parsePosition, Problem, type JsonLimits, type Position, type Sha256 } from '#kernel';
import {
  definitionId,
  definitionOf,
  fieldsOf,
  NOT_STATED,
  PLACE,
  PUBLISHER,
  releaseColumns,
  TIME,
} from './definition.ts';
import type { Definition, FieldDimension } from './definition.ts';
import { documentSchema, readDocument, type Fault } from '#contracts';
import { fills, parsePeriod, rowTimesIn, type Period } from './period.ts';

export interface Code {
  readonly code: string;
  readonly label: string;
}
/** A true count of the rows that agree in every column. */
export interface ReleaseCell {
  /** Publisher, place, time and each field that the definition reads, by column; a field left out is not stated. */
  readonly values: Readonly<Record<string, string>>;
  readonly count: number;
}
/** A pack as it was adopted. */
export interface AdoptedName {
  readonly version: string;
  readonly digest: Sha256;
}
/**
 * A frozen statistical table: an artefact, read back and never recomputed. It holds **true** counts: nothing of it is
 * shown but through `tabulate`.
 */
export interface ReleaseTable {
  readonly kind: 'release-table';
  /** `name@version`. */
  readonly definition: string;
  readonly period: string;
  /** Position of the last fact that it counts. */
  readonly asOf: Position | 'empty';
  readonly geography: AdoptedName;
  /** Pack of the code lists; absent when none was adopted. */
  readonly codesPack?: AdoptedName;
  /** Every code of each field as the lists stood, so that no row of a table tells by being there. */
  readonly codes: Readonly<Record<string, readonly Code[]>>;
  readonly columns: readonly string[];
  /** One value for each column; ordered by them. */
  readonly cells: readonly (readonly [readonly string[], number])[];
}

export interface Freezing {
  readonly definition: Definition;
  /** Closed: the caller has asked `closedAt`. */
  readonly period: Period;
  readonly geography: AdoptedName;
  readonly codesPack?: AdoptedName | undefined;
  /** Codes of an adopted list, in its order; empty for a list that the adopted pack leaves out. */
  readonly codes: (list: string) => readonly Code[];
  readonly cells: readonly ReleaseCell[];
  readonly asOf: Position | 'empty';
}

/**
 * Freezes counts into a release. Pure and deterministic: the same counts in another order give the same bytes.
 * @throws Problem `release-period-too-short` when rows of the definition can't fill such a period, `release-cell-invalid`
 * naming the column when a count or a value cannot be: the model and the definition then disagree.
 */
export function freeze(freezing: Freezing): ReleaseTable {
  const { definition, period, geography, codesPack, codes, cells, asOf } = freezing;
  if (!fills(definition.time, period.grain)) throw new Problem('release-period-too-short', { field: 'period' });
  const fields = fieldsOf(definition, period);
  const columns = releaseColumns(definition, period);
  const times = new Set(rowTimesIn(period, definition.time));
  const shown = new Map(fields.map((field) => [field.column, codesOf(field, codes)]));
  const listed = new Map([...shown].map(([column, of]) => [column, new Set(of.map(({ code }) => code))]));
  const counts = new Map<string, { row: readonly string[]; count: number }>();
  for (const { values, count } of cells) {
    if (!Number.isSafeInteger(count) || count < 0) throw new Problem('release-cell-invalid', { field: 'count' });
    const row = columns.map((column) => listedAs(listed.get(column), valueOf(values, column), column));
    if (!times.has(row[2] ?? '')) throw new Problem('release-cell-invalid', { field: TIME });
    if (count === 0) continue;
    const key = JSON.stringify(row);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { row, count });
    else known.count += count;
  }
  const ordered = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  return {
    kind: 'release-table',
    definition: definitionId(definition),
    period: period.text,
    asOf,
    geography: nameOf(geography),
    ...(codesPack === undefined ? {} : { codesPack: nameOf(codesPack) }),
    codes: Object.fromEntries(fields.map((field) => [field.name, shown.get(field.column) ?? []])),
    columns,
    cells: ordered.map(({ row, count }) => [row, count] as const),
  };
}

const nameOf = ({ version, digest }: AdoptedName): AdoptedName => ({ version, digest });

function valueOf(values: Readonly<Record<string, string>>, column: string): string {
  const value = Object.hasOwn(values, column) ? values[column] : undefined;
  if (value !== undefined && value !== '') return value;
  if (column === PUBLISHER || column === PLACE || column === TIME)
    throw new Problem('release-cell-invalid', { field: column });
  return NOT_STATED;
}

/** A code that the lists of now lack is counted as one of the others: that it was ever used is not told. */
function listedAs(known: ReadonlySet<string> | undefined, value: string, column: string): string {
  if (known === undefined || known.has(value)) return value;
  if (!known.has(OTHER_CODE)) throw new Problem('release-cell-invalid', { field: column });
  return OTHER_CODE;
}
const OTHER_CODE = 'other-code';

/** The known codes in their order, whether counted or not; for lists, which change, one for all others. */
function codesOf(field: FieldDimension, lists: Freezing['codes']): readonly Code[] {
  const others = 'lists' in field.codes ? [{ code: OTHER_CODE, label: 'Code of no list in use' }] : [];
  const known = 'lists' in field.codes ? field.codes.lists.flatMap(lists) : field.codes.map(plain);
  const codes = new Map(known.map(({ code, label }) => [code, { code, label }]));
  return [...codes.values(), ...others, { code: NOT_STATED, label: 'Not stated' }];
}
const plain = (code: string): Code => ({ code, label: code });

/** True when both hold the same counts under the same packs, whatever else was stored between them. */
export const isSameTable = (one: ReleaseTable, other: ReleaseTable): boolean =>
  canonicalJson({ ...one, asOf: '' }) === canonicalJson({ ...other, asOf: '' });

/** RFC 8785 form: the artefact's bytes. */
export const releaseBytes = (release: ReleaseTable): Uint8Array => new TextEncoder().encode(canonicalJson(release));

const text = { type: 'string', maxLength: 300 };
const adopted = () => closed({ version: text, digest: { type: 'string', pattern: '^[0-9a-f]{64}$' } });
const closed = (properties: Record<string, object>, optional = '') => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => name !== optional),
  additionalProperties: false,
});
const fits = documentSchema<ReleaseTable>({
  $id: 'urn:svd:schema:release-table:1',
  ...closed(
    {
      kind: { const: 'release-table' },
      definition: text,
      period: text,
      asOf: text,
      geography: adopted(),
      codesPack: adopted(),
      codes: { type: 'object', additionalProperties: { type: 'array', items: closed({ code: text, label: text }) } },
      columns: { type: 'array', items: text },
      cells: {
        type: 'array',
        items: {
          type: 'array',
          prefixItems: [
            { type: 'array', items: text },
            { type: 'integer', minimum: 1 },
          ],
          minItems: 2,
          maxItems: 2,
          items: false,
        },
      },
    },
    'codesPack',
  ),
});
/** 256 MiB, 5,000,000 cells. */
const LIMITS: JsonLimits = { bytes: 268_435_456, depth: 6, keys: 200, items: 5_000_000 };

/** Reads a release's artefact. Codes: the parser's `json-…`, `release-invalid`, `release-definition-unknown`. */
export function readReleaseTable(
  bytes: Uint8Array,
): { readonly ok: true; readonly release: ReleaseTable; readonly digest: Sha256 } | Fault {
  const read = readDocument(bytes, LIMITS, fits, 'release-invalid');
  if (!read.ok) return read;
  const { value: release, digest } = read;
  const invalid = (field: string): Fault => ({ ok: false, code: 'release-invalid', field });
  const definition = definitionOf(release.definition);
  if (definition === undefined) return { ok: false, code: 'release-definition-unknown', field: 'definition' };
  const period = parsePeriod(release.period);
  if (period === undefined || !fills(definition.time, period.grain)) return invalid('period');
  if (release.asOf !== 'empty' && parsePosition(release.asOf) === undefined) return invalid('asOf');
  const fields = fieldsOf(definition, period);
  const columns = releaseColumns(definition, period);
  if (columns.join(' ') !== release.columns.join(' ')) return invalid('columns');
  if (fields.some((field) => !Object.hasOwn(release.codes, field.name))) return invalid('codes');
  if (release.cells.some(([row]) => row.length !== columns.length)) return invalid('cells');
  return { ok: true, release, digest };
}
