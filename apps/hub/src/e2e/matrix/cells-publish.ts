import { BATCH, EVENT, NDJSON } from '../../testing/county.ts';
import { callers, EVERY_SET } from './callers.ts';
import { atTheDoor, expectedOf, othersGet, type Caller, type Cell, type Expected } from './cells.ts';
import { rowOf } from './expectations.ts';
import { eventOf, type Things } from './things.ts';
import {
  agenciesOf,
  ATTENDANCES,
  CAST,
  enrolled,
  EXCLUSIONS,
  INCIDENTS,
  PATIENTS,
  PRISON,
  PROFILES,
  publisherOf,
  type Agreed,
} from './world.ts';
import { IN_FORCE } from './words.ts';

/** What agencies send, and what they may do with what they sent. */

const TYPES = [INCIDENTS, PROFILES, EXCLUSIONS, PRISON, ATTENDANCES, PATIENTS];
const MEDIA = [
  { name: 'one event', headers: EVENT, body: (event: object) => JSON.stringify(event), accepted: '201' },
  { name: 'a batch', headers: BATCH, body: (event: object) => JSON.stringify([event]), accepted: '201' },
  {
    name: 'a stream',
    headers: NDJSON,
    body: (event: object) => `${JSON.stringify(event)}\n`,
    accepted: '200 accepted',
  },
];
type Media = (typeof MEDIA)[number];

const REQUIRED = '403 agreement-required';
/** An agreement in force that covers what this agency sends (law.md, The operator). */
const isCovered = (agreed: readonly Agreed[], agency: string, type: string): boolean =>
  agreed.some(
    ({ state, publisher, grants }) =>
      IN_FORCE.has(state) && publisher === agency && grants.some((grant) => grant.type === type),
  );

function eventCell(agreed: readonly Agreed[], by: Caller, type: string, source: string, media: Media): Cell {
  const row = rowOf('POST /v1/events');
  const uncovered = row.agreement === 'takes-in' && !isCovered(agreed, by.agency, type);
  // of two reasons that hold no document says which comes first
  const reasons = [...(source === by.agency ? [] : [othersGet(row)]), ...(uncovered ? [REQUIRED] : [])];
  const judged: Expected = reasons.length === 0 ? { allow: [media.accepted] } : { deny: reasons };
  return {
    call: row.call,
    by,
    about: `${media.name} of ${type} from ${source}`,
    sent: { method: 'POST', path: '/v1/events', headers: media.headers, body: media.body(eventOf(source, type)) },
    expected: atTheDoor(row, by, enrolled(by.agency)) ?? judged,
  };
}

const publisher = (agency: string): Caller => ({ agency, roles: ['publisher'] });

export function eventCells(agreed: readonly Agreed[]): readonly Cell[] {
  const agencies = agenciesOf(agreed);
  const other = (agency: string): string => publisherOf(agency === publisherOf('in-force') ? 'expired' : 'in-force');
  return MEDIA.flatMap((media) => [
    ...agencies.flatMap((agency) => TYPES.map((type) => eventCell(agreed, publisher(agency), type, agency, media))),
    ...agencies.flatMap((agency) =>
      TYPES.map((type) => eventCell(agreed, publisher(agency), type, other(agency), media)),
    ),
    ...callers(CAST, EVERY_SET)
      .filter(({ roles }) => roles === 'no token' || roles.join() !== 'publisher')
      .map((by) => eventCell(agreed, by, INCIDENTS, by.agency, media)),
  ]);
}

/** That nothing happened in a month long ago: said again it changes nothing, and the first time it is no event. */
export function nilCells(agreed: readonly Agreed[]): readonly Cell[] {
  const row = rowOf('POST /v1/nil-returns');
  const agencies = agenciesOf(agreed);
  const cell = (by: Caller, type: string): Cell => {
    const uncovered = row.agreement === 'takes-in' && !isCovered(agreed, by.agency, type);
    const judged: Expected = uncovered ? { deny: [REQUIRED] } : { allow: ['200', '201'] };
    const body = JSON.stringify({ feed: type, period: '2021-Q1' });
    return {
      call: row.call,
      by,
      about: `of ${type}`,
      sent: { method: 'POST', path: '/v1/nil-returns', headers: { 'content-type': 'application/json' }, body },
      expected: atTheDoor(row, by, enrolled(by.agency)) ?? judged,
    };
  };
  return [
    ...agencies.flatMap((agency) => TYPES.map((type) => cell(publisher(agency), type))),
    ...callers(CAST, EVERY_SET)
      .filter(({ roles }) => roles === 'no token' || roles.join() !== 'publisher')
      .map((by) => cell(by, INCIDENTS)),
  ];
}

/** Receipts and held records of an agency, asked for by itself and by others; each release and discard has its own. */
export function keptCells({ published }: Things): readonly Cell[] {
  return [...published].flatMap(([state, { position, held }]) => {
    const owner = publisherOf(state);
    const [spare = '', ...others] = held;
    const fresh = others.values();
    const of = (call: string, path: (id: string) => string, allow: readonly string[]) =>
      callers([owner, ...CAST.filter((agency) => agency !== owner)], EVERY_SET).map((by): Cell => {
        const row = rowOf(call);
        const judged = expectedOf(row, by, enrolled(by.agency), { own: by.agency === owner, allow });
        const barred = 'allow' in judged && row.agreement === 'takes-in' && !IN_FORCE.has(state);
        const expected: Expected = barred ? { deny: [REQUIRED] } : judged;
        const id = 'allow' in expected && call.includes('{id}') ? next(fresh) : spare;
        const [method = ''] = call.split(' ');
        return { call, by, about: `of ${owner}`, sent: { method, path: path(id) }, expected };
      });
    return [
      ...of('GET /v1/receipts/{position}', () => `/v1/receipts/${position}`, ['200']),
      ...of('POST /v1/quarantine/{id}/release', (id) => `/v1/quarantine/${id}/release`, ['200']),
      ...of('POST /v1/quarantine/{id}/discard', (id) => `/v1/quarantine/${id}/discard`, ['204']),
    ];
  });
}
function next(ids: Iterator<string>): string {
  const id = ids.next();
  if (id.done === true) throw new Error('too few held records were made');
  return id.value;
}

export function heldLists({ published }: Things): readonly Cell[] {
  const row = rowOf('GET /v1/quarantine');
  const owners = [...published.keys()].map(publisherOf);
  return callers([...new Set([...CAST, ...owners])], EVERY_SET).map((by) => ({
    call: row.call,
    by,
    about: 'its own',
    sent: { method: 'GET', path: '/v1/quarantine?limit=1000' },
    expected: expectedOf(row, by, enrolled(by.agency), { own: true, allow: ['200'] }),
    hides: [...published].filter(([state]) => publisherOf(state) !== by.agency).flatMap(([, { held }]) => held),
  }));
}
