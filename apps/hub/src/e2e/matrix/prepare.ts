import type { Role } from '#contracts';
import { instant } from '#kernel';
import { adopt, bringIntoForce, enrol, expectStatus, lawPack } from '../../testing/govern.ts';
import { HOST, hubUnderTest, type HubUnderTest } from '../../testing/running-hub.ts';
import {
  AGENCIES,
  AGREED,
  agreementOf,
  consumerOf,
  documentOf,
  NEEDS,
  party,
  POLICING_BODY,
  STRATEGY,
  underDuty,
  type Agreed,
  type Granted,
} from './world.ts';
import { CODES, codes, geography } from './packs.ts';
import { freezeAll, publishSome, type Published, type Things } from './things.ts';
import type { State } from './words.ts';

const DAY_MS = 86_400_000;
const dayFromNow = (days: number): string => instant(Date.now() + days * DAY_MS).slice(0, 10);

/** Roles in which agencies act before the matrix begins. */
const ACTING: readonly Role[] = ['publisher', 'steward', 'signatory'];

/** A hub where everybody is enrolled and packs are adopted, before anything is agreed. */
export async function peopledHub(): Promise<HubUnderTest> {
  const others = AGENCIES.filter(({ agency }) => agency !== HOST);
  const hub = await hubUnderTest(Object.fromEntries(others.map(({ agency }) => [agency, ACTING])));
  for (const { agency, held } of others) if (held !== undefined) await enrol(hub, agency, party(agency).capacity, held);
  for (const pack of [lawPack(), codes(CODES), geography()]) await adopt(hub, pack);
  return hub;
}

/** Brings every agreement into its state, through the API alone, and publishes while it is in force. */
export async function agreeAll(hub: HubUnderTest): Promise<Things> {
  const made = new Map<State, Published>();
  for (const one of AGREED) await REACHED[one.state](hub, one, made);
  const digests = new Map<State, string>();
  for (const one of AGREED) digests.set(one.state, await digestOf(hub, one));
  const duty = { open: await askUnderDuty(hub), over: await withdrawn(hub) };
  return { published: made, releases: await freezeAll(hub), digests, duty };
}

type Reach = (hub: HubUnderTest, one: Agreed, published: Map<State, Published>) => Promise<void>;
const REACHED: Readonly<Record<State, Reach>> = {
  drafted: (hub, one) => draft(hub, one).then(() => undefined),
  'signed-by-some': async (hub, one) => {
    const digest = await draft(hub, one);
    await sign(hub, one.publisher, one.state, digest);
  },
  'not-yet': (hub, one) =>
    bringIntoForce(hub, {
      ...documentOf(one, one.grants),
      validity: { from: dayFromNow(30), to: dayFromNow(700) },
      review: dayFromNow(200),
    }),
  'in-force': async (hub, one, published) => {
    await bringIntoForce(hub, documentOf(one, one.grants));
    published.set(one.state, await publishSome(hub, one.state));
  },
  edited: async (hub, one) => {
    await bringIntoForce(hub, documentOf(one, one.grants));
    await edit(hub, one, widened(one.grants));
  },
  superseded: async (hub, one) => {
    await bringIntoForce(hub, documentOf(one, widened(one.grants)));
    const digest = await edit(hub, one, one.grants);
    for (const agency of one.parties) await sign(hub, agency, one.state, digest);
  },
  suspended: async (hub, one, published) => {
    await bringIntoForce(hub, documentOf(one, one.grants));
    published.set(one.state, await publishSome(hub, one.state));
    await act(hub, one.publisher, one.state, 'suspension', { reason: 'concern' });
  },
  left: async (hub, one) => {
    const leaver = consumerOf('left');
    const before = one.grants.map((grant) => ({ ...grant, consumer: leaver }));
    await bringIntoForce(hub, documentOf(one, [...before, ...one.grants]));
    await act(hub, leaver, one.state, 'ending', { scope: 'own', reason: 'no-longer-needed' });
  },
  ended: async (hub, one, published) => {
    await bringIntoForce(hub, documentOf(one, one.grants));
    published.set(one.state, await publishSome(hub, one.state));
    await act(hub, one.publisher, one.state, 'ending', { scope: 'agreement', reason: 'breach' });
  },
  // signed while it was valid: the hub's clock is put back for as long as that takes
  expired: async (hub, one) => {
    const { clock } = hub.running.ports;
    const now = clock.now.bind(clock);
    clock.now = () => instant(Date.now() - 60 * DAY_MS);
    try {
      await bringIntoForce(hub, {
        ...documentOf(one, one.grants),
        validity: { from: dayFromNow(-300), to: dayFromNow(-30) },
        review: dayFromNow(-100),
      });
    } finally {
      clock.now = now;
    }
  },
};

const widened = (grants: readonly Granted[]): readonly Granted[] =>
  grants.map((grant) => ({ ...grant, purposes: [NEEDS, STRATEGY] }));

async function draft(hub: HubUnderTest, one: Agreed): Promise<string> {
  const steward = hub.as(one.publisher, 'steward');
  const answer = await steward.call('POST', '/v1/agreements', documentOf(one, one.grants));
  return expectStatus(answer, 201).json<{ digest: string }>().digest;
}
async function digestOf(hub: HubUnderTest, { publisher, state }: Agreed): Promise<string> {
  const read = await hub.as(publisher, 'steward').call('GET', `/v1/agreements/${agreementOf(state)}`);
  return expectStatus(read, 200).json<{ digest: string }>().digest;
}
async function edit(hub: HubUnderTest, one: Agreed, grants: readonly Granted[]): Promise<string> {
  const steward = hub.as(one.publisher, 'steward');
  const path = `/v1/agreements/${agreementOf(one.state)}`;
  const digest = await digestOf(hub, one);
  const edited = await steward.call('PUT', path, documentOf(one, grants), { 'if-match': `"${digest}"` });
  return expectStatus(edited, 200).json<{ digest: string }>().digest;
}
async function sign(hub: HubUnderTest, agency: string, state: State, digest: string): Promise<void> {
  const path = `/v1/agreements/${agreementOf(state)}/signatures`;
  expectStatus(await hub.as(agency, 'signatory').call('POST', path, { digest }), 201);
}
async function act(hub: HubUnderTest, agency: string, state: State, what: string, body: object): Promise<void> {
  const answer = await hub.as(agency, 'signatory').call('POST', `/v1/agreements/${agreementOf(state)}/${what}`, body);
  if (answer.status >= 300) throw new Error(`${what} of ${state}: ${answer.status} ${answer.text}`);
}

async function askUnderDuty(hub: HubUnderTest): Promise<string> {
  const answer = await hub.as(POLICING_BODY, 'steward').call('POST', '/v1/duty/requests', underDuty(dayFromNow(60)));
  return expectStatus(answer, 201).json<{ id: string }>().id;
}
async function withdrawn(hub: HubUnderTest): Promise<string> {
  const id = await askUnderDuty(hub);
  expectStatus(await hub.as(POLICING_BODY, 'steward').call('POST', `/v1/duty/requests/${id}/withdrawal`), 200);
  return id;
}
