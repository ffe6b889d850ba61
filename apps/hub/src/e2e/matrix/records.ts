import type { Position } from '#kernel';
import type { HubUnderTest } from '../../testing/running-hub.ts';
import type { Cell } from './cells.ts';
import { ON_RECORD } from './words.ts';

/** Numbers of something by name, in order of name. */
type Counts = Readonly<Record<string, number>>;
function countsOf(names: readonly string[]): Counts {
  const groups = Map.groupBy([...names].sort(), (name) => name);
  return Object.fromEntries([...groups].map(([name, all]) => [name, all.length]));
}

/**
 * Access records that these cells must leave: each question of an enrolled agency one, answered or refused under the rule
 * that it was told. What cannot be tied to an enrolled agency leaves none (`hub.md` §10: it is counted).
 */
export function recordsDue(cells: readonly Cell[]): Counts {
  const due = cells.flatMap(({ call, by, expected }) => {
    const operation = ON_RECORD.get(call);
    if (operation === undefined) return [];
    if ('allow' in expected) {
      const told = `${operation} by ${by.agency}: ${allowedAs(expected.allow[0] ?? '')}`;
      // a rehearsal is on record as it begins, and again before its report leaves (ADR 0008)
      return operation === 'agreements.rehearse' && told.endsWith('answered') ? [told, told] : [told];
    }
    const [denial = ''] = expected.deny;
    // the record says what the answer conceals
    const rule = expected.deny.includes('404 not-found') ? 'refused not-a-party' : denial.slice(4);
    return rule.startsWith('refused ') ? [`${operation} by ${by.agency}: ${rule}`] : [];
  });
  return countsOf(due);
}

/** Access records after this number, told in the same words. */
export async function recordsAfter(hub: HubUnderTest, after: number): Promise<Counts> {
  const names: string[] = [];
  const { access } = hub.running.ports;
  for (let last = after; ;) {
    const page = await access.entries({ after: last, limit: 1_000 });
    for (const { operation, who, kind, decision } of page) {
      const told = decision.kind === 'refuse' ? `refused ${decision.rule}` : 'answered';
      if ((kind === 'refused') !== (decision.kind === 'refuse'))
        throw new Error(`a record of ${kind} that says ${told}`);
      names.push(`${operation} by ${who.agency}: ${told}`);
    }
    const newest = page.at(-1);
    if (newest === undefined) return countsOf(names);
    last = newest.number;
  }
}

/** Types of the facts after this position, but for the anchors of the access log, which grows by every question. */
export async function factsAfter({ running }: HubUnderTest, after: Position | 'start'): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const batch of running.ports.log.readAll(after)) types.push(...batch.map(({ type }) => String(type)));
  return types.filter((type) => type !== 'uk.svd.hub.access-log-anchored.v1');
}

/** Whoever may ask and asks for what there is not is on record too. */
const allowedAs = (answer: string): string => (answer.startsWith('2') ? 'answered' : `refused ${answer.slice(4)}`);
