import type { Row } from './words.ts';

interface Paths {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every call of the API's document, as the table names them. */
export const callsOf = ({ paths }: Paths): readonly string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );

/** Where the table and the API's document name different calls. */
export function routeFaults(calls: readonly string[], rows: readonly Row[]): readonly string[] {
  const named = new Map(rows.map((row) => [row.call, row]));
  const unnamed = calls.filter((call) => !named.has(call)).map((call) => `${call}: no row says who may make it`);
  const missing = rows
    .filter(({ call, when }) => when === 'now' && !calls.includes(call))
    .map(({ call }) => `${call}: the API has no such call`);
  const early = calls
    .filter((call) => named.get(call)?.when === 'later')
    .map((call) => `${call}: of a later issue, its row says too little`);
  const repeated = rows.filter((row) => named.get(row.call) !== row).map(({ call }) => `${call}: two rows`);
  return [...unnamed, ...missing, ...early, ...repeated];
}
