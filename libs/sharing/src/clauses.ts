import { wrapped } from './plain-text.ts';

/** One thing that an agreement says. Texts are one line each: what others wrote is quoted before it comes here. */
export interface Clause {
  readonly text: string;
  readonly items?: readonly string[];
  /** Paths of the document that it tells, e.g. `lawful.dpia`; of what lies below them too. */
  readonly at?: readonly string[];
  readonly clauses?: readonly Clause[];
}
export interface Section {
  readonly title: string;
  readonly clauses: readonly Clause[];
}
export interface Numbered extends Omit<Clause, 'clauses'> {
  /** `7.2.1`: the first clause below the second of section 7. */
  readonly number: string;
}

/** Clauses with their numbers, each before those below it. */
export const numbered = (clauses: readonly Clause[], above: string): readonly Numbered[] =>
  clauses.flatMap(({ clauses: below = [], ...clause }, i) => {
    const number = `${above}.${i + 1}`;
    return [{ ...clause, number }, ...numbered(below, number)];
  });

/** Finds the number of the clause that tells most closely what stands at a path; undefined where none does. */
export function clauseFinder(clauses: readonly Numbered[]): (path: string) => string | undefined {
  const told = new Map(clauses.flatMap(({ number, at = [] }) => at.map((path) => [path, number] as const)));
  return (path) => {
    const names = path.split('.');
    for (let length = names.length; length > 0; length--) {
      const number = told.get(names.slice(0, length).join('.'));
      if (number !== undefined) return number;
    }
    return undefined;
  };
}

/** Wide enough for `11.6.99` and two spaces. */
const INDENT = 10;

/** Nothing but the number of a section or clause stands in the first column: whatever a text says, it begins no clause. */
export const sectionLines = (number: number, title: string, clauses: readonly Numbered[]): readonly string[] => [
  '',
  ...wrapped(`${number}`.padEnd(INDENT), title),
  ...clauses.flatMap((clause) => [
    '',
    ...wrapped(clause.number.padEnd(INDENT), clause.text),
    ...(clause.items ?? []).flatMap((item) => wrapped(`${' '.repeat(INDENT)}- `, item)),
  ]),
];
