import { readFileSync } from 'node:fs';
import type { Capacity, Role } from '#contracts';
import { HOST, type Answered, type HubUnderTest } from './running-hub.ts';

/** Says what was answered instead when a step of the set-up is refused. */
export function expectStatus(answer: Answered, status: number): Answered {
  if (answer.status !== status) throw new Error(`expected ${status}, was ${answer.status}: ${answer.text}`);
  return answer;
}

/** Status and code of a problem; an empty code for what is none. */
export const told = (answer: Answered): [number, string] => [
  answer.status,
  answer.json<{ type?: string }>().type?.replace('/problems/', '') ?? '',
];

/** Enrols an agency; `roles` are those that its people may hold where it isn't the ordinary ones. */
export async function enrol(
  hub: HubUnderTest,
  agency: string,
  capacity: Capacity,
  roles?: readonly Role[],
): Promise<void> {
  const capacities = [{ capacity, from: '2023-01-31' }];
  const body = {
    agency,
    name: agency,
    issuers: [`${hub.url}/oidc`],
    capacities,
    ...(roles === undefined ? {} : { roles }),
  };
  expectStatus(await hub.as(HOST, 'operator').call('POST', '/v1/agencies', body), 201);
}

export async function adopt(
  hub: HubUnderTest,
  pack: { readonly kind: string; readonly version: string },
): Promise<void> {
  const steward = hub.as(HOST, 'steward');
  expectStatus(await steward.call('PUT', `/v1/reference/${pack.kind}/${pack.version}`, pack), 201);
  expectStatus(await steward.call('POST', `/v1/reference/${pack.kind}/${pack.version}/adoption`, {}), 201);
}

export const lawPack = (): { kind: string; version: string } =>
  JSON.parse(readFileSync('libs/sharing/packs/law-2026-11.json', 'utf8')) as { kind: string; version: string };

/** The labels of data.police.uk's street files that the real months use, as code lists. */
export function streetCodes(version = '2026-11'): { kind: string; version: string } & Record<string, unknown> {
  const slug = (label: string): string => label.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const list = (title: string, labels: readonly string[]) => ({
    title,
    version,
    codes: Object.fromEntries(labels.map((label) => [slug(label), label])),
  });
  return {
    kind: 'codes',
    version,
    title: 'Street crime codes',
    source: 'data.police.uk',
    licence: 'OGL-UK-3.0',
    lists: { 'street-category': list('Categories', CATEGORIES), 'street-outcome': list('Outcomes', OUTCOMES) },
  };
}
const CATEGORIES = [
  'Anti-social behaviour',
  'Bicycle theft',
  'Burglary',
  'Criminal damage and arson',
  'Drugs',
  'Other crime',
  'Other theft',
  'Possession of weapons',
  'Public order',
  'Robbery',
  'Shoplifting',
  'Theft from the person',
  'Vehicle crime',
  'Violence and sexual offences',
];
const OUTCOMES = [
  'Action to be taken by another organisation',
  'Awaiting court outcome',
  'Court result unavailable',
  'Formal action is not in the public interest',
  'Further action is not in the public interest',
  'Further investigation is not in the public interest',
  'Investigation complete; no suspect identified',
  'Local resolution',
  'Offender given a caution',
  'Status update unavailable',
  'Suspect charged as part of another case',
  'Unable to prosecute suspect',
  'Under investigation',
];

export interface GrantOf {
  readonly openness?: 'protected' | 'open';
  readonly place?: string;
  readonly purposes?: readonly string[];
  readonly publishers?: readonly string[];
  readonly types?: readonly string[];
  readonly fields?: readonly string[];
}
/** A count agreement between two agencies with everything that the law asks for. */
export function agreementBetween(
  id: string,
  publisher: Party,
  consumer: Party,
  grant: GrantOf = {},
): Record<string, unknown> {
  const open = grant.openness === 'open';
  return {
    id,
    title: `Counts for ${consumer.agency}`,
    parties: [publisher, consumer],
    jointControllers: [],
    purposes: ['sv-needs-assessment', 'sv-strategy'],
    validity: { from: '2024-01-01', to: '2028-12-31' },
    review: '2027-06-30',
    retention: 'P2Y',
    onwardSharing: 'none',
    contacts: [publisher, consumer].map(({ agency }) => ({
      agency,
      role: 'Information governance',
      mailbox: `ig@${agency}.example`,
    })),
    lawful: {
      dpia: 'DPIA-2026-01',
      dpoAdvice: 'Advice of 2026-10-01: proceed',
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
        recipient: consumer.agency,
        method: 'Motivated intruder test',
        assessor: 'County information governance',
        date: '2026-10-01',
        recipientKnowledge: 'Local knowledge and open police data',
        review: '2027-09-30',
        place: 'lsoa',
        mode: 'count',
      },
    ],
    returns: [],
    grants: [
      {
        id: 'g1',
        publishers: grant.publishers ?? [publisher.agency],
        types: grant.types ?? ['uk.svd.police.incident-recorded.v1'],
        consumer: consumer.agency,
        purposes: grant.purposes ?? ['sv-needs-assessment'],
        mode: 'count',
        gateway: 'anonymous',
        fields: grant.fields ?? ['category'],
        place: grant.place ?? 'district',
        time: 'month',
        ageBands: 'standard',
        threshold: 7,
        openness: grant.openness ?? 'protected',
        conditions: [],
        ...(open ? { licence: 'OGL-UK-3.0', address: 'https://data.police.uk/' } : {}),
      },
    ],
  };
}
export interface Party {
  readonly agency: string;
  readonly capacity: Capacity;
}

/** Drafts it as the first party's steward and has every party's signatory sign. */
export async function bringIntoForce(hub: HubUnderTest, document: Record<string, unknown>): Promise<void> {
  const parties = document['parties'] as readonly Party[];
  const drafter = parties[0]?.agency ?? '';
  const drafted = expectStatus(await hub.as(drafter, 'steward').call('POST', '/v1/agreements', document), 201);
  const { id, digest } = drafted.json<{ id: string; digest: string }>();
  for (const { agency } of parties) {
    expectStatus(await hub.as(agency, 'signatory').call('POST', `/v1/agreements/${id}/signatures`, { digest }), 201);
  }
}

export const PUBLISHER_ROLES: readonly Role[] = ['publisher', 'steward', 'signatory'];
export const CONSUMER_ROLES: readonly Role[] = ['analyst', 'signatory'];
