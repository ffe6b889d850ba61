import { callers, EVERY_SET } from './callers.ts';
import { castOf, isOwn } from './cells-agreements.ts';
import { expectedOf, type Caller, type Cell } from './cells.ts';
import { rowOf } from './expectations.ts';
import { agreementOf, enrolled, publisherOf, type Agreed } from './world.ts';
import type { State } from './words.ts';

/** Suspending an agreement, and lifting that again. */

const SUSPEND = 'POST /v1/agreements/{id}/suspension';
const LIFT = 'DELETE /v1/agreements/{id}/suspension';
const DONE = ['200', '201', '204'];
const OVER = '409 agreement-over';
const NOT_IN_FORCE = '409 agreement-not-in-force';

/** What stands can be suspended: what is in force, or will be. What isn't is told to those who might. */
const ELSE: Readonly<Partial<Record<State, readonly string[]>>> = {
  drafted: [NOT_IN_FORCE],
  'signed-by-some': [NOT_IN_FORCE],
  ended: [OVER],
  expired: [NOT_IN_FORCE, OVER],
};

function act(call: string, one: Agreed, by: Caller, suspended: boolean): Cell {
  const row = rowOf(call);
  const party = isOwn(row, by, one.parties);
  const own = call === LIFT && party === true && !suspended ? 'known' : party;
  const otherwise = ELSE[one.state] ?? (call === SUSPEND && suspended ? ['409 already-suspended'] : DONE);
  const [method = '', path = ''] = call.split(' ');
  const body = call === LIFT ? {} : { headers: JSON_BODY, body: JSON.stringify({ reason: 'concern' }) };
  const expected = expectedOf(row, by, enrolled(by.agency), { own, allow: otherwise });
  return {
    call,
    by,
    about: `the agreement ${one.state}${suspended ? ', suspended by its agency' : ''}`,
    sent: { method, path: path.replace('{id}', agreementOf(one.state)), ...body },
    expected,
    alone: 'allow' in expected && otherwise === DONE,
  };
}
const JSON_BODY = { 'content-type': 'application/json' };

/** Those that change something come alone and in this order, since each is undone by the next. */
export function suspensionCells(agreed: readonly Agreed[]): readonly Cell[] {
  return agreed.flatMap((one) => {
    const begins = (agency: string): boolean => one.state === 'suspended' && agency === publisherOf('suspended');
    return callers(castOf(one), EVERY_SET).flatMap((by) => {
      const suspended = begins(by.agency);
      const first = act(suspended ? LIFT : SUSPEND, one, by, suspended);
      // an act that is not allowed, or finds nothing to suspend, leaves the agreement as it was
      const acted = first.alone === true;
      return [first, act(suspended ? SUSPEND : LIFT, one, by, acted ? !suspended : suspended)];
    });
  });
}
