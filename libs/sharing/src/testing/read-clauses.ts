/**
 * The clauses that a reader finds in an agreement's text, by number, each on one line again with the clauses below it left
 * out. Knows the layout alone: a number in the first column begins a clause, anything else there is not part of one.
 */
export function readClauses(text: string): ReadonlyMap<string, string> {
  const clauses = new Map<string, string>();
  let number: string | undefined;
  for (const line of text.split('\n')) {
    const [, begun, rest] = /^(\d+(?:\.\d+)*) +(\S.*)$/.exec(line) ?? [];
    if (begun !== undefined && rest !== undefined) {
      if (clauses.has(begun)) throw new Error(`two clauses ${begun}`);
      number = begun;
      clauses.set(begun, rest);
    } else if (line.startsWith(' ') && number !== undefined) {
      const before = clauses.get(number) ?? '';
      clauses.set(number, isBroken(before) ? before.slice(0, -1) + line.trimStart() : `${before} ${line.trimStart()}`);
    } else if (line !== '') number = undefined;
  }
  return clauses;
}

/** What was sent stands doubled, so that an odd `\` is the layout's own. */
const isBroken = (line: string): boolean => (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;

/** A clause with all below it, or a section with all its clauses. */
export const wholeClause = (clauses: ReadonlyMap<string, string>, number: string): string =>
  [...clauses]
    .filter(([one]) => one === number || one.startsWith(`${number}.`))
    .map(([one, said]) => `${one} ${said}`)
    .join('\n');
