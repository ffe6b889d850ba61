import { readFileSync } from 'node:fs';
import { openMemoryAccessLog, type LogTrees } from '#audit';
import type { Capacity, PackKind, Principal, Role } from '#contracts';
import { openMemoryStore } from '#event-store';
import { canonicalJson, instant, streamName, type AgencyId, type Clock, type Json } from '#kernel';
import type { ReadModels } from '#read-models';
import { DraftAgreementHandler, DraftAgreement } from '../draft-agreement.ts';
import { EndAgreement, EndAgreementHandler } from '../end-agreement.ts';
import { EnrolAgency, enrolAgency } from '../enrol-agency.ts';
import { HubKeys } from '../keys.ts';
import { ownFact } from '../own-facts.ts';
import { PolicyFeed } from '../policy-feed.ts';
import { HubPorts } from '../ports.ts';
import { ResumeAgreement, ResumeAgreementHandler } from '../resume-agreement.ts';
import { SignAgreement, SignAgreementHandler } from '../sign-agreement.ts';
import { SuspendAgreement, SuspendAgreementHandler } from '../suspend-agreement.ts';

export const ISSUER = 'https://issuer.example';
export const POLICE = 'county-police' as AgencyId;
export const ANALYSTS = 'county-analysts' as AgencyId;
export const COUNCIL = 'county-council' as AgencyId;

export const someone = (agency: AgencyId, ...roles: readonly Role[]): Principal => ({
  issuer: ISSUER,
  person: `${agency}.${roles.join('.')}`,
  agency,
  roles: new Set(roles),
});

export interface MemoryHub {
  readonly ports: HubPorts;
  readonly feed: PolicyFeed;
}

/** Ports that forget with the process, over a clock that stands in November 2026; no live models, no trees. */
export function memoryPorts(replaced: Partial<HubPorts> = {}): HubPorts {
  let now = Date.UTC(2026, 10, 23, 12);
  const clock: Clock = { now: () => instant(now++) };
  const { writer, reader: log, artefacts, held } = openMemoryStore(clock);
  return new HubPorts({
    writer,
    log,
    artefacts,
    held,
    models: {} as ReadModels,
    access: openMemoryAccessLog(clock),
    trees: { checkpoint: () => undefined } as Partial<LogTrees> as LogTrees,
    keys: new HubKeys(Buffer.alloc(32, 7)),
    clock,
    build: 'test',
    ...replaced,
  });
}

/** Police, analysts and a council enrolled, and the law adopted. */
export async function memoryHub(replaced: Partial<HubPorts> = {}): Promise<MemoryHub> {
  const ports = memoryPorts(replaced);
  const feed = new PolicyFeed(ports);
  await enrolled(ports, feed, POLICE, 'specified-authority');
  await enrolled(ports, feed, ANALYSTS, 'analysis-unit');
  await enrolled(ports, feed, COUNCIL, 'specified-authority');
  await adopted(ports, 'law', 'law-2026-11', readFileSync('libs/sharing/packs/law-2026-11.json', 'utf8'));
  await feed.caughtUp();
  return { ports, feed };
}

async function enrolled(ports: HubPorts, feed: PolicyFeed, agency: AgencyId, capacity: Capacity): Promise<void> {
  const by = { issuer: ISSUER, person: 'host', agency };
  const capacities = [{ capacity, from: '2023-01-31' }];
  await enrolAgency(ports, feed, new EnrolAgency(by, { agency, name: agency, issuers: [ISSUER], capacities }));
}

/** Adopts a pack past the use case, so that what is adopted needn't be fit. */
export async function adopted(ports: HubPorts, kind: PackKind, version: string, json: string): Promise<void> {
  const digest = await ports.artefacts.put(Buffer.from(canonicalJson(JSON.parse(json))));
  const by = { issuer: ISSUER, person: 'host', agency: POLICE };
  const fact = ownFact(ports.keys, 'uk.svd.hub.pack-adopted.v1', { kind, version, digest, by }, POLICE);
  await ports.writer.append([{ stream: streamName(`pack:${kind}`), fact }]);
}

/** Counts of police incidents by category and district, for the analysts. */
export const countAgreement = (id: string, title = 'Counts'): Json => ({
  id,
  title,
  parties: [
    { agency: POLICE, capacity: 'specified-authority' },
    { agency: ANALYSTS, capacity: 'analysis-unit' },
  ],
  jointControllers: [],
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  validity: { from: '2024-01-01', to: '2028-12-31' },
  review: '2027-06-30',
  retention: 'P2Y',
  onwardSharing: 'none',
  contacts: [POLICE, ANALYSTS].map((agency) => ({ agency, role: 'Governance', mailbox: `ig@${agency}.example` })),
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
      recipient: ANALYSTS,
      method: 'Motivated intruder test',
      assessor: 'Information governance',
      date: '2026-10-01',
      recipientKnowledge: 'Local knowledge',
      review: '2027-09-30',
      place: 'lsoa',
      mode: 'count',
    },
  ],
  returns: [],
  grants: [
    {
      id: 'g1',
      publishers: [POLICE],
      types: ['uk.svd.police.incident-recorded.v1'],
      consumer: ANALYSTS,
      purposes: ['sv-needs-assessment'],
      mode: 'count',
      gateway: 'anonymous',
      fields: ['category'],
      place: 'district',
      time: 'month',
      ageBands: 'standard',
      threshold: 7,
      openness: 'protected',
      conditions: [],
    },
  ],
});

export const drafting = (
  { ports, feed }: MemoryHub,
  id: string,
  title?: string,
  edit?: { id: string; ifMatch: string },
) =>
  new DraftAgreementHandler(ports, feed).execute(
    new DraftAgreement(someone(POLICE, 'steward'), countAgreement(id, title), edit),
  );

export const signing = (
  { ports, feed }: MemoryHub,
  id: string,
  digest: Awaited<ReturnType<typeof drafting>>['digest'],
  agency: AgencyId,
) => new SignAgreementHandler(ports, feed).execute(new SignAgreement(someone(agency, 'signatory'), id, digest));

export async function inForce(hub: MemoryHub, id: string): Promise<void> {
  const { digest } = await drafting(hub, id);
  await signing(hub, id, digest, POLICE);
  await signing(hub, id, digest, ANALYSTS);
}

export const suspending = ({ ports, feed }: MemoryHub, id: string, agency: AgencyId) =>
  new SuspendAgreementHandler(ports, feed).execute(new SuspendAgreement(someone(agency, 'guardian'), id, 'concern'));

export const resuming = ({ ports, feed }: MemoryHub, id: string, agency: AgencyId) =>
  new ResumeAgreementHandler(ports, feed).execute(new ResumeAgreement(someone(agency, 'guardian'), id));

export const ending = (
  { ports, feed }: MemoryHub,
  id: string,
  agency: AgencyId,
  { on, scope = 'agreement' }: { readonly on?: string; readonly scope?: 'agreement' | 'own' } = {},
) =>
  new EndAgreementHandler(ports, feed).execute(
    new EndAgreement(someone(agency, 'signatory'), id, { on, reason: 'no-longer-needed', scope }),
  );
