import { HOST } from '../../testing/running-hub.ts';
import { callers, EVERY_SET } from './callers.ts';
import { expectedOf, type Cell } from './cells.ts';
import { rowOf } from './expectations.ts';
import type { Things } from './things.ts';
import { consumerOf, enrolled, NOBODY, POLICING_BODY, publisherOf, STRANGER, underDuty } from './world.ts';

/** Requests under the duty: by whoever may make them, and about one that the policing body made. */

const ADDRESSEE = publisherOf('in-force');
const CAST = [POLICING_BODY, ADDRESSEE, consumerOf('in-force'), STRANGER, HOST, NOBODY];
const JSON_BODY = { 'content-type': 'application/json' };

interface Act {
  readonly call: string;
  readonly own: readonly string[];
  readonly body?: object;
  readonly allow: readonly string[];
}
const OVER = ['409 duty-request-over'];
/** Each is about a request that is over: whoever may do it is told so, and nothing changes. */
const ACTS: readonly Act[] = [
  { call: 'GET /v1/duty/requests/{id}', own: [POLICING_BODY, ADDRESSEE], allow: ['200'] },
  { call: 'POST /v1/duty/requests/{id}/answer', own: [ADDRESSEE], body: { how: 'supplied' }, allow: OVER },
  {
    call: 'POST /v1/duty/requests/{id}/refusal',
    own: [ADDRESSEE],
    body: { reasons: ['disproportionate'] },
    allow: OVER,
  },
  { call: 'POST /v1/duty/requests/{id}/withdrawal', own: [POLICING_BODY], allow: OVER },
];

export function dutyCells({ duty }: Things): readonly Cell[] {
  const asking = rowOf('POST /v1/duty/requests');
  // due before today: whoever may ask is told that, and nothing is asked
  const body = JSON.stringify(underDuty('2024-01-31'));
  const asked = callers(CAST, EVERY_SET).map((by): Cell => {
    const sent = { method: 'POST', path: '/v1/duty/requests', headers: JSON_BODY, body };
    const own = by.agency === POLICING_BODY;
    const expected = expectedOf(asking, by, enrolled(by.agency), { own, allow: ['422 field-invalid'] });
    return { call: asking.call, by, about: 'under s.17', sent, expected };
  });
  return [...asked, ...lists(duty), ...ACTS.flatMap((act) => about(act, duty))];
}

function lists(duty: Things['duty']): readonly Cell[] {
  const own = [POLICING_BODY, ADDRESSEE];
  return ['GET /v1/duty/requests', 'GET /v1/duty/returns'].flatMap((call) => {
    const row = rowOf(call);
    return callers(CAST, EVERY_SET).map((by) => ({
      call,
      by,
      about: 'its own',
      sent: { method: 'GET', path: call.slice(4) },
      expected: expectedOf(row, by, enrolled(by.agency), { own: true, allow: ['200'] }),
      hides: own.includes(by.agency) ? [] : Object.values(duty),
    }));
  });
}

function about({ call, own, body, allow }: Act, duty: Things['duty']): readonly Cell[] {
  const row = rowOf(call);
  const [method = '', path = ''] = call.split(' ');
  const isOwn = (agency: string): boolean | 'known' =>
    own.includes(agency) || ([POLICING_BODY, ADDRESSEE].includes(agency) ? 'known' : false);
  return (['open', 'over'] as const).flatMap((which) =>
    callers(CAST, EVERY_SET)
      .map((by): Cell => {
        const expected = expectedOf(row, by, enrolled(by.agency), { own: isOwn(by.agency), allow });
        const sent = {
          method,
          path: path.replace('{id}', duty[which]),
          ...(body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) }),
        };
        return { call, by, about: `a request that is ${which}`, sent, expected };
      })
      // what waits is answered by nobody, so that it waits for all
      .filter(({ expected }) => which === 'over' || method === 'GET' || 'deny' in expected),
  );
}
