import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { Problem, type Sha256 } from '#kernel';
import type { Column, Projection } from '../projection.ts';
import { projectionOf } from '../projections.ts';
import { NOT_STATED, type Cell, type Cube, type CubeQuestion, type ModelName } from '../read-models.ts';
import { dictionaryTable, NOTHING } from './dictionary.ts';
import { tableOf } from './model-table.ts';
import { inTransaction, integer, string } from './models-database.ts';
import { liveBuild, positionOf } from './status.ts';

const WIDEST = 24;
const ROWS_A_TURN = 2_000;
const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** Rows of the live build, and where it stands. */
interface Live {
  readonly table: string;
  readonly dictionary: string;
  readonly position: number;
}

/** @throws Problem `projection-rebuilding` while the live build is of an older version than the code. */
function live(db: DatabaseSync, projection: Projection): Live {
  const { version, build, position } = liveBuild(db, projection.name);
  if (version !== projection.version) throw new Problem('projection-rebuilding', { retryAfter: 1 });
  return { table: tableOf(projection, build), dictionary: dictionaryTable(build), position };
}

/** One read transaction. @throws Problem as `ReadModels.cube` says. */
export function cube(db: DatabaseSync, question: CubeQuestion): Cube {
  const projection = projectionOf(question.model);
  const columns = chosen(projection, question.by);
  const months = question.months && [monthNumber(question.months.from), monthNumber(question.months.to)];
  return inTransaction(
    db,
    () => {
      const { table, dictionary, position } = live(db, projection);
      const numbers = (texts: readonly string[]): number[] => numbersOf(db, dictionary, texts);
      const types = numbers(question.types);
      const periods = question.periods && numbers(question.periods);
      const where = [
        'removed = 0',
        `type IN (${marks(types)})`,
        ...(months === undefined ? [] : ['month BETWEEN ? AND ?']),
        ...(periods === undefined ? [] : [`period IN (${marks(periods)})`]),
      ];
      const names = columns.map(({ name }) => `"${name}"`);
      const statement = db.prepare(
        `SELECT ${[...names, 'count(*)'].join(', ')} FROM ${table} WHERE ${where.join(' AND ')}
         GROUP BY ${names.length === 0 ? 'removed' : names.join(', ')}`,
      );
      statement.setReturnArrays(true);
      const rows = statement.all(...types, ...(months ?? []), ...(periods ?? [])) as unknown as SQLOutputValue[][];
      const decode = decoder(db, dictionary);
      return {
        asOf: positionOf(position),
        cells: rows.map((row) => cell(columns, row, decode)).sort(byValues(columns)),
      };
    },
    'DEFERRED',
  );
}

/**
 * Over `db`, a connection of its own, in one read transaction that lets others work between slices of rows.
 * Key, rank, removal and each column's text in order, each with its length before it.
 */
export async function digest(db: DatabaseSync, model: ModelName): Promise<Sha256> {
  const projection = projectionOf(model);
  db.exec('BEGIN');
  const { table, dictionary } = live(db, projection);
  const decode = decoder(db, dictionary);
  const names = projection.columns.map(({ name }) => `"${name}"`).join(', ');
  const rows = db.prepare(`SELECT key, rank, removed, ${names} FROM ${table} ORDER BY key`);
  rows.setReturnArrays(true);
  const hash = createHash('sha256');
  let read = 0;
  for (const row of rows.iterate() as unknown as Iterable<SQLOutputValue[]>) {
    const [key, rank, removed, ...values] = row;
    hash.update(key instanceof Uint8Array ? key : '');
    const texts = values.map((value, i) => decode(projection.columns[i], value));
    hash.update([string(rank), string(removed), ...texts].map((text) => `${text.length}:${text}`).join(''));
    if (++read % ROWS_A_TURN === 0) await setImmediate();
  }
  db.exec('COMMIT');
  return hash.digest('hex') as Sha256;
}

function chosen({ columns }: Projection, by: readonly string[]): readonly Column[] {
  if (by.length > WIDEST || new Set(by).size !== by.length) throw new Problem('cube-too-wide', { field: 'by' });
  return by.map((name, index) => {
    const column = columns.find((known) => known.name === name);
    if (column === undefined) throw new Problem('cube-column-unknown', { field: 'by', index });
    return column;
  });
}

function monthNumber(text: string): number {
  const parts = MONTH.exec(text);
  if (parts === null) throw new Problem('cube-month-malformed', { field: 'months' });
  return Number(parts[1]) * 100 + Number(parts[2]);
}

const marks = (values: readonly SQLInputValue[]): string => values.map(() => '?').join(', ');

/** A text that the build has never seen is left out: no row has it. */
function numbersOf(db: DatabaseSync, dictionary: string, texts: readonly string[]): number[] {
  const known = db.prepare(`SELECT no FROM ${dictionary} WHERE text IN (SELECT value FROM json_each(?))`);
  return known.all(JSON.stringify(texts)).map((row) => integer(row['no']));
}

type Decode = (column: Column | undefined, value: SQLOutputValue | undefined) => string;
function decoder(db: DatabaseSync, dictionary: string): Decode {
  const known = new Map<number, string>([[NOTHING, NOT_STATED]]);
  const text = db.prepare(`SELECT text FROM ${dictionary} WHERE no = ?`);
  return (column, value) => {
    if (value === null || value === undefined) return NOT_STATED;
    const no = integer(value);
    if (column?.kind === 'number') return String(no);
    const decoded = known.get(no) ?? string(text.get(no)?.['text']);
    known.set(no, decoded);
    return decoded;
  };
}

const cell = (columns: readonly Column[], row: readonly SQLOutputValue[], decode: Decode): Cell => ({
  values: Object.fromEntries(columns.map((column, i) => [column.name, decode(column, row[i])])),
  count: integer(row[columns.length]),
});

function byValues(columns: readonly Column[]): (a: Cell, b: Cell) => number {
  return (a, b) => {
    for (const { name } of columns) {
      const [left = '', right = ''] = [a.values[name], b.values[name]];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}
