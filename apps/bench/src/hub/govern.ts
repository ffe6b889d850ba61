import { instant, londonDay, systemClock } from '#kernel';
import type { Answer, Hub } from '#transport';
import type { ChildHub } from './child-hub.ts';
import { codesPack, geographyPack, lawPack } from './packs.ts';
import { ANALYSTS, HOST, POLICE } from './people.ts';
import { INCIDENT, PROFILE } from './events.ts';

export const PURPOSE = 'sv-needs-assessment';
const PARTIES = [
  { agency: POLICE, capacity: 'specified-authority' },
  { agency: ANALYSTS, capacity: 'analysis-unit' },
];

/** Takes a hub that runs to one agreement in force between the police and the analysts, through its API alone. */
export async function governHub(hub: ChildHub): Promise<void> {
  const operator = hub.as(HOST, 'operator');
  for (const { agency, capacity } of PARTIES) {
    const capacities = [{ capacity, from: '2023-01-31' }];
    await done(operator, 'POST', '/v1/agencies', { agency, name: agency, issuers: [`${hub.url}/oidc`], capacities });
  }
  const steward = hub.as(HOST, 'steward');
  for (const pack of [lawPack(), codesPack(), geographyPack()]) {
    const path = `/v1/reference/${pack.kind}/${pack.version}`;
    await done(steward, 'PUT', path, pack);
    await done(steward, 'POST', `${path}/adoption`, {});
  }
  const drafted = await done(hub.as(POLICE, 'steward'), 'POST', '/v1/agreements', agreement());
  const { id, digest } = drafted.body as unknown as { readonly id: string; readonly digest: string };
  for (const { agency } of PARTIES)
    await done(hub.as(agency, 'signatory'), 'POST', `/v1/agreements/${id}/signatures`, { digest });
}

/** Freezes one month of incidents; its id. */
export async function freezeMonth(hub: ChildHub, period: string): Promise<string> {
  const asked = { definition: 'police-incidents@1', period };
  const frozen = await done(hub.as(HOST, 'steward'), 'POST', '/v1/releases', asked);
  return (frozen.body as unknown as { readonly id: string }).id;
}

/** @throws Error naming the call and the answer, unless it succeeded. */
async function done(hub: Hub, method: 'POST' | 'PUT', path: string, body: unknown): Promise<Answer> {
  const answer = await (method === 'PUT' ? hub.put(path, body) : hub.post(path, body));
  if (answer.status < 200 || answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}

const DAY_MS = 86_400_000;
const dayIn = (days: number): string => londonDay(instant(Date.parse(systemClock.now()) + days * DAY_MS));

function agreement(): Record<string, unknown> {
  const grant = {
    publishers: [POLICE],
    consumer: ANALYSTS,
    purposes: [PURPOSE],
    mode: 'count',
    gateway: 'anonymous',
    place: 'district',
    ageBands: 'standard',
    threshold: 7,
    openness: 'protected',
    conditions: [],
  };
  return {
    id: 'bench-counts',
    title: 'Counts for the bench',
    parties: PARTIES,
    jointControllers: [],
    purposes: [PURPOSE],
    validity: { from: dayIn(-30), to: dayIn(330) },
    review: dayIn(300),
    retention: 'P2Y',
    onwardSharing: 'none',
    contacts: PARTIES.map(({ agency }) => ({
      agency,
      role: 'Information governance',
      mailbox: `ig@${agency}.example`,
    })),
    lawful: {
      dpia: 'DPIA-1',
      dpoAdvice: 'Invented events only: proceed',
      article6: '6(1)(e)',
      lawEnforcement: false,
      privacyNotice: 'https://county.example/privacy',
    },
    handling: {
      rights: 'Requests go to the publisher within two days',
      accuracy: 'Corrections are published as events',
      deletion: 'Answers are destroyed when retention ends',
      security: 'Cyber Essentials Plus, or stronger',
      breach: 'Told to every party within a day',
      training: 'Yearly, before access',
      termination: 'Each party may end it; answers are then destroyed',
    },
    anonymisationTests: [
      {
        recipient: ANALYSTS,
        method: 'Motivated intruder test',
        assessor: 'County information governance',
        date: dayIn(-30),
        recipientKnowledge: 'None: the events are invented',
        review: dayIn(300),
        place: 'lsoa',
        mode: 'count',
      },
    ],
    returns: [],
    grants: [
      { ...grant, id: 'incidents', types: [INCIDENT], fields: ['category', 'knifeOrSharp', 'outcome'], time: 'month' },
      { ...grant, id: 'profiles', types: [PROFILE], fields: ['ageBand', 'sex'], time: 'quarter' },
    ],
  };
}
