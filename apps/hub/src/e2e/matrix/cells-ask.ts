import { PURPOSES } from '#contracts';
import { callers, EVERY_SET } from './callers.ts';
import { atTheDoor, othersGet, type Caller, type Cell, type Expected } from './cells.ts';
import { rowOf } from './expectations.ts';
import type { Things } from './things.ts';
import {
  agenciesOf,
  ATTENDANCES,
  enrolled,
  EXCLUSIONS,
  INCIDENTS,
  NEEDS,
  PATIENTS,
  PRISON,
  PROFILES,
  type Agreed,
  type Granted,
} from './world.ts';
import { IN_FORCE } from './words.ts';

/** Questions: who asks, what about, for which purpose, how finely; under whatever agreements there are. */

interface Question {
  readonly type: string;
  readonly purpose: string;
  readonly rows: string;
  readonly columns?: string;
  readonly fields: readonly string[];
  readonly place: 'lsoa' | 'district' | 'force';
  readonly time: Granted['time'];
}

const ORDER = [
  'no-agreement',
  'not-a-party',
  'purpose-not-granted',
  'field-not-granted',
  'place-too-fine',
  'time-too-fine',
] as const;
type Rule = (typeof ORDER)[number];
const TIMES = ['month', 'quarter', 'year'];

/**
 * Why not, as `api.md` (Ask) orders it: "`no-agreement` (none in force covers these publishers and types for anyone),
 * `not-a-party`, `purpose-not-granted`, then the gateway's and the grant's own rules"; `undefined` where nothing is in the way.
 */
function obstacle(
  agreed: readonly Agreed[],
  agency: string,
  { type, purpose, fields, place, time }: Question,
): Rule | undefined {
  const inForce = agreed.filter(
    ({ state, grants }) => IN_FORCE.has(state) && grants.some((grant) => grant.type === type),
  );
  if (inForce.length === 0) return 'no-agreement';
  const own = inForce.filter(({ parties }) => parties.includes(agency));
  if (own.length === 0) return 'not-a-party';
  const grant = own
    .flatMap(({ grants }) => grants)
    .find((one) => one.type === type && one.consumer === agency && one.purposes.includes(purpose));
  if (grant === undefined) return 'purpose-not-granted';
  if (!fields.every((field) => grant.fields.includes(field))) return 'field-not-granted';
  if (place === 'lsoa') return 'place-too-fine';
  return TIMES.indexOf(time) < TIMES.indexOf(grant.time) ? 'time-too-fine' : undefined;
}

/** The plainest question about a type, and one that asks for more than any grant gives. */
const PLAIN: Readonly<Record<string, Omit<Question, 'purpose' | 'type'>>> = {
  [INCIDENTS]: { rows: 'place.district', columns: 'category', fields: ['category'], place: 'district', time: 'month' },
  [PROFILES]: {
    rows: 'place.district',
    columns: 'subjectRole',
    fields: ['subjectRole'],
    place: 'district',
    time: 'month',
  },
  [EXCLUSIONS]: { rows: 'place.district', columns: 'kind', fields: ['kind'], place: 'district', time: 'year' },
  [PRISON]: {
    rows: 'place.district',
    columns: 'releaseType',
    fields: ['releaseType'],
    place: 'district',
    time: 'quarter',
  },
  [ATTENDANCES]: { rows: 'place.district', columns: 'method', fields: ['method'], place: 'district', time: 'month' },
  [PATIENTS]: { rows: 'place.district', columns: 'sex', fields: ['sex'], place: 'district', time: 'month' },
};
const TYPES = Object.keys(PLAIN);
const about = (type: string, purpose: string): Question => {
  const plain = PLAIN[type];
  if (plain === undefined) throw new Error(`nothing is asked of ${type}`);
  return { type, purpose, ...plain };
};
const FINER: readonly Question[] = [
  { ...about(INCIDENTS, NEEDS), columns: 'weapon', fields: ['weapon'] },
  { ...about(INCIDENTS, NEEDS), rows: 'place.lsoa', place: 'lsoa' },
  { ...about(INCIDENTS, NEEDS), rows: 'place.force', place: 'force' },
  { ...about(PROFILES, NEEDS), rows: 'ageBand', fields: ['subjectRole', 'ageBand'], place: 'force' },
  { ...about(EXCLUSIONS, NEEDS), columns: 'weaponKind', fields: ['weaponKind'] },
  { ...about(PRISON, NEEDS), columns: 'sex', fields: ['sex'] },
];

function tableCell({ agreed, releases }: Asked, by: Caller, question: Question): Cell {
  const row = rowOf('GET /v1/releases/{id}/table');
  const { type, purpose, rows, columns } = question;
  const rule = row.agreement === 'discloses' ? obstacle(agreed, by.agency, question) : undefined;
  const answer: Expected = rule === undefined ? { allow: ['200'] } : { deny: [`${othersGet(row)} ${rule}`] };
  const query = new URLSearchParams({ rows, ...(columns === undefined ? {} : { columns }), purpose });
  return {
    call: row.call,
    by,
    about: `${type} by ${rows} and ${columns} for ${purpose}`,
    sent: { method: 'GET', path: `/v1/releases/${releases.get(type)}/table?${query.toString()}` },
    expected: atTheDoor(row, by, enrolled(by.agency)) ?? answer,
  };
}

/** The same question explained: the decision as it would be taken, to whoever of the agency holds a role at all. */
function explainCell({ agreed }: Asked, by: Caller, question: Question): Cell {
  const row = rowOf('POST /v1/decisions/explain');
  const { type, purpose, fields, place, time } = question;
  const rule = obstacle(agreed, by.agency, question);
  const answer: Expected = rule === undefined ? { allow: ['200 permit'] } : { deny: [`200 refuse ${rule}`] };
  const body = JSON.stringify({ mode: 'count', purpose, types: [type], fields, place, time });
  return {
    call: row.call,
    by,
    about: `${type} with ${fields.join()} by ${place} for ${purpose}`,
    sent: { method: 'POST', path: '/v1/decisions/explain', headers: { 'content-type': 'application/json' }, body },
    expected: atTheDoor(row, by, enrolled(by.agency)) ?? answer,
    says: (told) => {
      const { decision } = told as { decision: { kind: string; rule?: string } };
      return [decision.kind, decision.rule].filter((part) => part !== undefined).join(' ');
    },
  };
}

/** The list answers when something of it may be asked for the purpose; of several obstacles it tells the furthest. */
function listCell({ agreed, releases }: Asked, by: Caller, purpose: string): Cell {
  const row = rowOf('GET /v1/releases');
  const found = TYPES.map((type) => ({
    type,
    // whether anything may be asked: no field, the coarsest place and time
    rule: obstacle(agreed, by.agency, { ...about(type, purpose), fields: [], place: 'force', time: 'year' }),
    asItIs: obstacle(agreed, by.agency, { ...about(type, purpose), place: 'force' }),
  }));
  const rules = found.flatMap(({ rule }) => rule ?? []);
  const furthest = ORDER.findLast((rule) => rules.includes(rule));
  const some = row.agreement !== 'discloses' || found.some(({ rule }) => rule === undefined);
  const answer: Expected = some ? { allow: ['200'] } : { deny: [`${othersGet(row)} ${furthest}`] };
  return {
    call: row.call,
    by,
    about: `for ${purpose}`,
    sent: { method: 'GET', path: `/v1/releases?purpose=${purpose}` },
    expected: atTheDoor(row, by, enrolled(by.agency)) ?? answer,
    hides: found.filter(({ asItIs }) => asItIs !== undefined).map(({ type }) => `"${releases.get(type)}"`),
  };
}

const analyst = (agency: string): Caller => ({ agency, roles: ['analyst'] });

interface Asked extends Pick<Things, 'releases'> {
  readonly agreed: readonly Agreed[];
}
export function askCells(agreed: readonly Agreed[], { releases }: Things): readonly Cell[] {
  const asked = { agreed, releases };
  const agencies = agenciesOf(agreed);
  const others = callers(agencies, EVERY_SET).filter(({ roles }) => roles === 'no token' || roles.join() !== 'analyst');
  return [
    ...agencies.flatMap((agency) =>
      TYPES.flatMap((type) => PURPOSES.map((purpose) => tableCell(asked, analyst(agency), about(type, purpose)))),
    ),
    ...agencies.flatMap((agency) => FINER.map((question) => tableCell(asked, analyst(agency), question))),
    ...others.flatMap((by) => TYPES.map((type) => tableCell(asked, by, about(type, NEEDS)))),
    ...agencies.flatMap((agency) => PURPOSES.map((purpose) => listCell(asked, analyst(agency), purpose))),
    ...others.map((by) => listCell(asked, by, NEEDS)),
    ...agencies.flatMap((agency) =>
      TYPES.flatMap((type) => PURPOSES.map((purpose) => explainCell(asked, analyst(agency), about(type, purpose)))),
    ),
    ...agencies.flatMap((agency) => FINER.map((question) => explainCell(asked, analyst(agency), question))),
    ...others.map((by) => explainCell(asked, by, about(INCIDENTS, NEEDS))),
  ];
}
