import { ORDINARY_ROLES, ROLES, type Capacity } from '#contracts';
import { agreementBetween, type Party } from '../../testing/govern.ts';
import { HOST } from '../../testing/running-hub.ts';
import type { Enrolled } from './cells.ts';
import { STATES, type State } from './words.ts';

/** Who there is, and what they have agreed: one agreement in each state, each between agencies of its own. */

export const INCIDENTS = 'uk.svd.police.incident-recorded.v1';
export const PROFILES = 'uk.svd.police.incident-profiled.v1';
export const EXCLUSIONS = 'uk.svd.education.exclusion-profiled.v1';
export const PRISON = 'uk.svd.prison.release-profiled.v1';
export const ATTENDANCES = 'uk.svd.health.ed-attendance-recorded.v1';
export const PATIENTS = 'uk.svd.health.ed-attendance-profiled.v1';

export const NEEDS = 'sv-needs-assessment';
export const STRATEGY = 'sv-strategy';

export const STRANGER = 'county-stranger';
export const POLICING_BODY = 'county-commissioner';
/** Its tokens are good, but nobody enrolled it. */
export const NOBODY = 'county-nobody';
/** Party of `agreement-left` beside the two: the agency that carries on. */
export const STAYER = 'stayer-left';

export const publisherOf = (state: State): string => `publisher-${state}`;
export const consumerOf = (state: State): string => `consumer-${state}`;
export const agreementOf = (state: State): string => `agreement-${state}`;

const PARTIES = STATES.flatMap((state) => [publisherOf(state), consumerOf(state)]);
const MAY_HOLD_ALL = [HOST, publisherOf('in-force'), consumerOf('in-force')];
const capacityOf = (agency: string): Capacity => {
  if (agency === HOST) return 'host';
  return agency === POLICING_BODY ? 'local-policing-body' : 'specified-authority';
};
export const party = (agency: string): Party => ({ agency, capacity: capacityOf(agency) });

export const AGENCIES: readonly Enrolled[] = [
  ...[HOST, ...PARTIES, STAYER, STRANGER, POLICING_BODY].map((agency) => ({
    agency,
    held: MAY_HOLD_ALL.includes(agency) ? ROLES : ORDINARY_ROLES,
  })),
  { agency: NOBODY, held: undefined },
];
export function enrolled(agency: string): Enrolled {
  const known = AGENCIES.find((one) => one.agency === agency);
  if (known === undefined) throw new Error(`no agency ${agency}`);
  return known;
}

/** One of each kind of agency that a call of an agency's own can come from. */
export const CAST: readonly string[] = [
  publisherOf('in-force'),
  consumerOf('in-force'),
  STRANGER,
  POLICING_BODY,
  HOST,
  NOBODY,
];

/** What an agreement grants, as far as a question can be told apart by it. */
export interface Granted {
  readonly type: string;
  readonly consumer: string;
  readonly purposes: readonly string[];
  readonly fields: readonly string[];
  readonly time: 'month' | 'quarter' | 'year';
}
export interface Agreed {
  readonly state: State;
  readonly publisher: string;
  /** Those who are in it today. */
  readonly parties: readonly string[];
  /** Of the version that counts today; of a draft, what it would grant. */
  readonly grants: readonly Granted[];
}

/**
 * Beside incidents, of which others have an agreement in force whatever the state of this one, a type that only agreements
 * of its sort grant: so that neither `no-agreement` nor `not-a-party` can stand for the other.
 */
const SECOND: Readonly<Record<State, string>> = {
  drafted: PROFILES,
  'signed-by-some': PROFILES,
  'not-yet': PROFILES,
  'in-force': PRISON,
  edited: PRISON,
  superseded: PRISON,
  suspended: PROFILES,
  left: EXCLUSIONS,
  ended: PROFILES,
  expired: PROFILES,
};
const OF_TYPE: Readonly<Record<string, Pick<Granted, 'fields' | 'time'>>> = {
  [INCIDENTS]: { fields: ['category'], time: 'month' },
  [PROFILES]: { fields: ['subjectRole'], time: 'month' },
  [PRISON]: { fields: ['releaseType'], time: 'quarter' },
  [EXCLUSIONS]: { fields: ['kind'], time: 'year' },
};

function granted(type: string, consumer: string, more: Partial<Granted> = {}): Granted {
  const of = OF_TYPE[type];
  if (of === undefined) throw new Error(`nothing of ${type} is agreed`);
  return { type, consumer, purposes: [NEEDS], ...of, ...more };
}

function agreed(state: State): Agreed {
  const [publisher, consumer] = [publisherOf(state), consumerOf(state)];
  const grants = [granted(INCIDENTS, consumer), granted(SECOND[state], consumer)];
  if (state !== 'left') return { state, publisher, parties: [publisher, consumer], grants };
  // its consumer left; the other one's incidents are granted by year only
  const others = [granted(INCIDENTS, STAYER, { time: 'year' }), granted(EXCLUSIONS, STAYER)];
  return { state, publisher, parties: [publisher, STAYER], grants: others };
}
export const AGREED: readonly Agreed[] = STATES.map(agreed);

/** Everyone who is in one of these agreements or was, and those who are in none. */
export function agenciesOf(among: readonly Agreed[]): readonly string[] {
  const inOne = among.flatMap(({ state, parties }) => [publisherOf(state), consumerOf(state), ...parties]);
  return [...new Set([...inOne, HOST, STRANGER, POLICING_BODY, NOBODY])];
}

/** The document of an agreement that grants these things. */
export function documentOf({ state, publisher, parties }: Agreed, grants: readonly Granted[]): Record<string, unknown> {
  const members = [...new Set([publisher, ...parties, ...grants.map(({ consumer }) => consumer)])];
  const [first = '', second = ''] = members;
  const base = agreementBetween(agreementOf(state), party(first), party(second));
  const [grant] = base['grants'] as readonly [object];
  const [contact] = base['contacts'] as readonly [object];
  const [test] = base['anonymisationTests'] as readonly [object];
  const recipients = [...new Set(grants.map(({ consumer }) => consumer))];
  return {
    ...base,
    parties: members.map(party),
    contacts: members.map((agency) => ({ ...contact, agency, mailbox: `ig@${agency}.example` })),
    anonymisationTests: recipients.map((recipient) => ({ ...test, recipient })),
    grants: grants.map(({ type, ...one }, i) => ({ ...grant, ...one, id: `g${i + 1}`, types: [type] })),
  };
}

/** What the policing body asks the agency that publishes, by that day. */
export const underDuty = (due: string): Readonly<Record<string, unknown>> => ({
  under: 's17',
  to: publisherOf('in-force'),
  types: [INCIDENTS],
  fields: [],
  period: { from: '2024-01-01', to: '2024-03-31' },
  use: 'monitoring',
  due,
});
