import { HOST } from '../../testing/running-hub.ts';
import { callers, EACH_ROLE, EVERY_SET } from './callers.ts';
import { expectedOf, type Cell, type Sent } from './cells.ts';
import { rowOf } from './expectations.ts';
import { CODES_LATER, GEOGRAPHY, codes, geography, UNMAPPED } from './packs.ts';
import { QUIET } from './things.ts';
import { CAST, documentOf, enrolled, NOBODY, party, publisherOf, consumerOf, STRANGER, type Agreed } from './world.ts';
import { agreementBetween } from '../../testing/govern.ts';

/** Calls that no agreement bears on: of the caller's own agency, of the host, of auditors and operators, and of anyone. */

interface Probe {
  readonly call: string;
  readonly about?: string;
  readonly path?: string;
  readonly body?: unknown;
  /** What an allowed call answers: it changes nothing, or repeats what is so already. */
  readonly allow: readonly string[];
  readonly own?: (agency: string) => boolean;
}
const JSON_BODY = { 'content-type': 'application/json' };
const isHost = (agency: string): boolean => agency === HOST;

const enrolment = {
  agency: STRANGER,
  name: STRANGER,
  issuers: ['https://issuer.example'],
  capacities: [{ capacity: 'specified-authority', from: '2024-01-01' }],
};
const pack = (kind: string, version: string) => `/v1/reference/${kind}/${version}`;
const known = codes(CODES_LATER, { [UNMAPPED]: 'Cattle raiding' });

const PROBES: readonly Probe[] = [
  { call: 'POST /v1/agencies', body: enrolment, allow: ['409 already-exists'] },
  { call: 'GET /v1/agencies', allow: ['200'] },
  { call: 'GET /v1/purposes', allow: ['200'] },
  ...[known, geography()].flatMap((one): readonly Probe[] => [
    {
      call: 'PUT /v1/reference/{kind}/{version}',
      about: `the ${one.kind} there are`,
      path: pack(one.kind, one.version),
      body: one,
      allow: ['201'],
      own: isHost,
    },
    {
      call: 'POST /v1/reference/{kind}/{version}/adoption',
      about: `the ${one.kind} adopted already`,
      path: `${pack(one.kind, one.version)}/adoption`,
      body: {},
      allow: ['201'],
      own: isHost,
    },
  ]),
  {
    call: 'GET /v1/reference/geography/{version}/boundaries',
    path: `${pack('geography', GEOGRAPHY)}/boundaries`,
    allow: ['200'],
  },
  {
    call: 'POST /v1/releases',
    about: 'counts that are frozen already',
    body: QUIET,
    allow: ['409 release-unchanged'],
    own: isHost,
  },
  { call: 'GET /v1/audit/entries', path: '/v1/audit/entries?limit=1', allow: ['200'] },
  ...['facts', 'access'].flatMap((log): readonly Probe[] =>
    [
      ['checkpoint', ''],
      ['key', ''],
      ['proof/inclusion', '?index=0&size=1'],
      ['proof/consistency', '?from=1&to=1'],
      ['tile/{path}', ''],
      ['tile/entries/{path}', ''],
    ].map(([what = '', query]) => ({
      call: `GET /v1/audit/log/{log}/${what}`,
      about: `the ${log} log`,
      path: `/v1/audit/log/${log}/${what.replace('tile/{path}', 'tile/0/000.p/1').replace('{path}', '000.p/1')}${query}`,
      allow: ['200'],
    })),
  ),
  { call: 'GET /metrics', allow: ['200'] },
  { call: 'GET /v1/projections', allow: ['200'] },
  { call: 'POST /v1/projections/rebuild', allow: ['202'] },
  { call: 'GET /v1/parked', allow: ['200'] },
  ...['retry', 'skip'].map((what): Probe => ({
    call: `POST /v1/parked/{id}/${what}`,
    about: 'nothing that is parked',
    path: `/v1/parked/incidents:999999/${what}`,
    allow: ['404 not-found'],
  })),
];

const ANYBODY: readonly Probe[] = [
  { call: 'GET /health/live', allow: ['200'] },
  { call: 'GET /health/ready', allow: ['200'] },
  { call: 'GET /openapi.json', allow: ['200'] },
  { call: 'GET /docs', allow: ['200'] },
  { call: 'GET /docs/{file}', path: '/docs/start.js', allow: ['200'] },
  { call: 'GET /problems/{code}', path: '/problems/refused', allow: ['200'] },
  { call: 'GET /.well-known/oauth-protected-resource', allow: ['200'] },
  { call: 'GET /v1/register', allow: ['200'] },
];

const sentOf = ({ call, path, body }: Probe): Sent => {
  const [method = '', named = ''] = call.split(' ');
  return {
    method,
    path: path ?? named,
    ...(body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) }),
  };
};

function cellsOf(probe: Probe, sets: typeof EVERY_SET): readonly Cell[] {
  const row = rowOf(probe.call);
  const { about = 'its own', allow, own = () => true } = probe;
  const sent = sentOf(probe);
  return callers(CAST, row.roles === 'no sign-in' ? EACH_ROLE : sets).map((by) => ({
    call: probe.call,
    by,
    about,
    sent,
    expected: expectedOf(row, by, enrolled(by.agency), { own: own(by.agency), allow }),
  }));
}

/** Drafts: of an agency's own agreement with somebody who is not enrolled, and of one between others. */
function drafts(agreed: readonly Agreed[]): readonly Cell[] {
  const others = [publisherOf('expired'), consumerOf('expired')] as const;
  const row = rowOf('POST /v1/agreements');
  const between = (first: string, second: string) => agreementBetween('agreement-never', party(first), party(second));
  const draft = agreed.find(({ state }) => state === 'drafted');
  if (draft === undefined) throw new Error('a draft there is');
  return callers([...CAST, draft.publisher], EVERY_SET).flatMap((by) =>
    [
      {
        about: 'with an agency that is not enrolled',
        document: between(by.agency, NOBODY),
        own: true,
        allow: ['409 party-not-enrolled'],
      },
      { about: 'between others', document: between(...others), own: false, allow: [] },
      {
        about: 'the text of a draft that there is',
        document: documentOf(draft, draft.grants),
        own: draft.parties.includes(by.agency),
        allow: ['201'],
      },
    ].map(({ about, document, own, allow }) => ({
      call: row.call,
      by,
      about,
      sent: { method: 'POST', path: '/v1/agreements', headers: JSON_BODY, body: JSON.stringify(document) },
      expected: expectedOf(row, by, enrolled(by.agency), { own, allow }),
    })),
  );
}

export const ownCells = (agreed: readonly Agreed[]): readonly Cell[] => [
  ...PROBES.flatMap((probe) => cellsOf(probe, EVERY_SET)),
  ...ANYBODY.flatMap((probe) => cellsOf(probe, EACH_ROLE)),
  ...drafts(agreed),
];

/** Bundles hold every access record: they are asked for before there are many. */
export const bundleCells = (): readonly Cell[] => cellsOf({ call: 'GET /v1/audit/bundle', allow: ['200'] }, EVERY_SET);
