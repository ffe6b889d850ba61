import { EVENT_EXAMPLES } from '#contracts';
import { EVENT, incident } from '../../testing/county.ts';
import { adopt, expectStatus } from '../../testing/govern.ts';
import { HOST, type HubUnderTest } from '../../testing/running-hub.ts';
import { codes, CODES_LATER, UNMAPPED } from './packs.ts';
import { ATTENDANCES, EXCLUSIONS, INCIDENTS, PATIENTS, PRISON, PROFILES, publisherOf } from './world.ts';
import type { State } from './words.ts';

/** What an agency published while it could. */
export interface Published {
  readonly position: string;
  /** Ids of held records, each good for one release or discard. */
  readonly held: string[];
}
export interface Things {
  readonly published: ReadonlyMap<State, Published>;
  /** Ids of the releases that are asked, by type. */
  readonly releases: ReadonlyMap<string, string>;
  /** Of the newest text of each agreement. */
  readonly digests: ReadonlyMap<State, string>;
  /** Requests of the policing body to the agency that publishes: one that waits, one that is over. */
  readonly duty: { readonly open: string; readonly over: string };
}

const HELD = 40;

let made = 0;
/** A valid event of the agency's; no two are alike. */
export function eventOf(agency: string, type: string, data: Readonly<Record<string, unknown>> = {}): object {
  const id = `${'ab'.repeat(10)}${(++made).toString(16).padStart(12, '0')}`;
  if (type === INCIDENTS) return incident({ id, agency, data });
  const example = EVENT_EXAMPLES.find((one) => one.type === type);
  if (example === undefined) throw new Error(`no example of ${type}`);
  return { ...example, id, source: `urn:svd:agency:${agency}` };
}

/** One event that is taken in, and some that wait for a code. */
export async function publishSome(hub: HubUnderTest, state: State): Promise<Published> {
  const agency = publisherOf(state);
  const publish = (event: object) => hub.as(agency, 'publisher').call('POST', '/v1/events', event, EVENT);
  const { position } = expectStatus(await publish(eventOf(agency, INCIDENTS)), 201).json<{ position: string }>();
  const held: string[] = [];
  for (let i = 0; i < HELD; i++) {
    const answer = await publish(eventOf(agency, INCIDENTS, { category: UNMAPPED }));
    held.push(expectStatus(answer, 202).json<{ quarantineId: string }>().quarantineId);
  }
  return { position, held };
}

export const DEFINITIONS: Readonly<Record<string, { readonly name: string; readonly period: string }>> = {
  [INCIDENTS]: { name: 'police-incidents@1', period: '2024-01' },
  [PROFILES]: { name: 'police-profiles@1', period: '2024-01' },
  [PRISON]: { name: 'prison-releases@1', period: '2024-Q1' },
  [EXCLUSIONS]: { name: 'school-exclusions@1', period: '2023' },
  [ATTENDANCES]: { name: 'ed-attendances@1', period: '2024-01' },
  [PATIENTS]: { name: 'ed-profiles@1', period: '2024-01' },
};
/** A period without events: freezing it again finds nothing new. */
export const QUIET = { definition: 'police-incidents@1', period: '2022-01' };

/** Maps the code that held records wait for, and freezes a release of every type. */
export async function freezeAll(hub: HubUnderTest): Promise<ReadonlyMap<string, string>> {
  await adopt(hub, codes(CODES_LATER, { [UNMAPPED]: 'Cattle raiding' }));
  const steward = hub.as(HOST, 'steward');
  const freeze = async (body: object): Promise<string> =>
    expectStatus(await steward.call('POST', '/v1/releases', body), 201).json<{ id: string }>().id;
  await freeze(QUIET);
  const releases = new Map<string, string>();
  for (const [type, { name: definition, period }] of Object.entries(DEFINITIONS))
    releases.set(type, await freeze({ definition, period }));
  return releases;
}
