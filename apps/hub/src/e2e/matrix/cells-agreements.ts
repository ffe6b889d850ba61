import { callers, EACH_ROLE, EVERY_SET } from './callers.ts';
import { expectedOf, mayInRole, type Caller, type Cell, type Expected, type Sent } from './cells.ts';
import { rowOf } from './expectations.ts';
import type { Things } from './things.ts';
import { HOST } from '../../testing/running-hub.ts';
import { agreementOf, consumerOf, documentOf, enrolled, NOBODY, STRANGER, type Agreed } from './world.ts';
import type { Row, State } from './words.ts';

/** Calls about one agreement: by its parties, by a party of another one, a stranger, the host, and nobody's agency. */

const NO_TEXT = '0'.repeat(64);
const JSON_BODY = { 'content-type': 'application/json' };

interface About {
  readonly call: string;
  /** `digest`: of no text; of the newest where the agreement is over, so that nothing else can be the matter. */
  readonly send: (one: Agreed, digest: string) => Omit<Sent, 'method' | 'path'>;
  /** What an allowed call answers while the agreement is not over; it changes nothing. */
  readonly allow: readonly string[];
  /** An agency is let in once at a time, and it takes a while: roles are not held in pairs. */
  readonly alone?: true;
}
const CALLS: readonly About[] = [
  { call: 'GET /v1/agreements/{id}', send: () => ({}), allow: ['200'] },
  { call: 'GET /v1/agreements/{id}/text', send: () => ({}), allow: ['200'] },
  { call: 'GET /v1/agreements/{id}/versions/{version}', send: () => ({}), allow: ['200'] },
  {
    call: 'PUT /v1/agreements/{id}',
    send: (one, digest) => ({
      headers: { ...JSON_BODY, 'if-match': `"${digest}"` },
      body: JSON.stringify({ ...documentOf(one, one.grants), title: 'Another' }),
    }),
    allow: ['412 precondition-failed'],
  },
  {
    call: 'POST /v1/agreements/{id}/signatures',
    send: (_, digest) => ({ headers: JSON_BODY, body: JSON.stringify({ digest }) }),
    allow: ['409 signature-invalid'],
  },
  {
    call: 'POST /v1/agreements/{id}/ending',
    // a day that is over: whoever may end it is told that
    send: () => ({
      headers: JSON_BODY,
      body: JSON.stringify({ scope: 'agreement', reason: 'other', on: '2024-01-31' }),
    }),
    allow: ['422 field-invalid'],
  },
  {
    call: 'POST /v1/agreements/{id}/rehearsal',
    send: () => ({}),
    allow: ['200'],
    alone: true,
  },
];

const OVER = '409 agreement-over';
/** No document says whether an agreement that only expired may still be edited or signed: either answer is no denial. */
function allowedIn(state: State, { agreement }: Row, allow: readonly string[]): readonly string[] {
  if (agreement !== 'open') return allow;
  if (state === 'ended') return [OVER];
  return state === 'expired' ? [...allow, OVER] : allow;
}

/** Parties today, and those who are none. Whoever left may know of it still or not: no document says, nobody asks. */
export function castOf({ state, parties }: Agreed): readonly string[] {
  const other = consumerOf(state === 'in-force' ? 'expired' : 'in-force');
  return [...parties, other, STRANGER, HOST, NOBODY];
}

/** What an auditor may read of others is known to them, and still not theirs to change. */
export function isOwn(row: Row, by: Caller, parties: readonly string[]): boolean | 'known' {
  if (parties.includes(by.agency)) return true;
  if (!mayInRole({ ...row, roles: ['auditor'] }, by, enrolled(by.agency))) return false;
  return row.whose === 'party or auditor' ? true : 'known';
}

export function agreementCells(agreed: readonly Agreed[], { digests }: Things): readonly Cell[] {
  return agreed.flatMap((one) =>
    CALLS.flatMap(({ call, send, allow, alone = false }) => {
      const row = rowOf(call);
      const [method = '', path = ''] = call.split(' ');
      const sent = {
        method,
        path: path.replace('{id}', agreementOf(one.state)).replace('{version}', '1'),
        ...send(one, one.state === 'ended' ? (digests.get('ended') ?? '') : NO_TEXT),
      };
      const expected = (by: Caller): Expected =>
        expectedOf(row, by, enrolled(by.agency), {
          own: isOwn(row, by, one.parties),
          allow: allowedIn(one.state, row, allow),
        });
      return callers(castOf(one), alone ? EACH_ROLE : EVERY_SET).map((by) => ({
        call,
        by,
        about: `the agreement ${one.state}`,
        sent,
        expected: expected(by),
        alone: alone && 'allow' in expected(by),
      }));
    }),
  );
}

/** The list shows the agreements of the caller's agency, and to an auditor all. */
export function agreementLists(agreed: readonly Agreed[]): readonly Cell[] {
  const row = rowOf('GET /v1/agreements');
  const parties = agreed.flatMap((one) => one.parties);
  return callers([...new Set([...parties, STRANGER, HOST, NOBODY])], EVERY_SET).map((by) => ({
    call: row.call,
    by,
    about: 'its own',
    sent: { method: 'GET', path: '/v1/agreements' },
    expected: expectedOf(row, by, enrolled(by.agency), { own: true, allow: ['200'] }),
    hides: agreed
      .filter(({ parties }) => isOwn(row, by, parties) === false)
      .map(({ state }) => `"${agreementOf(state)}"`),
  }));
}
