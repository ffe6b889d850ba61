import {
  EVENT_TYPES,
  eventDefinition,
  hubFactType,
  ORDINARY_ROLES,
  type HubFacts,
  type HubFactType,
  type PlaceGrain,
  type PolicyFact,
  type Principal,
  type Purpose,
  type Request,
} from '#contracts';
import { canonicalJson, instant, position, sha256, type AgencyId, type EventType, type Sha256 } from '#kernel';
import { compile, type Agreement, type CompiledPolicy, type Grant } from '#sharing';
import { lawPack } from './packs.ts';

/** Whom the agreements name: each a consumer of its own, or all of them one. */
export type Consumers = 'each its own' | 'one for all';
export interface Asked {
  readonly who: Principal;
  readonly request: Request;
}

const ISSUER = 'https://id.example';
const PURPOSES: readonly Purpose[] = ['sv-needs-assessment', 'sv-strategy', 'evaluation'];
const TYPES = EVENT_TYPES.filter((type) => eventDefinition(type)?.way === 'P') as [EventType, ...EventType[]];
const PLACES: readonly PlaceGrain[] = ['ward', 'district', 'csp'];

const publisherAt = (n: number) => `publisher-${n}` as AgencyId;
const consumerAt = (n: number, consumers: Consumers) =>
  (consumers === 'one for all' ? 'consumer' : `consumer-${n}`) as AgencyId;
const fieldsOf = (type: EventType): readonly string[] => [...(eventDefinition(type)?.fields.keys() ?? [])].slice(0, 6);

/** An agreement of three grants, each for its own purpose and by another grain, in which nothing is missing. */
export function agreementAt(n: number, consumers: Consumers): Agreement {
  const publisher = publisherAt(n);
  const consumer = consumerAt(n, consumers);
  const type = TYPES[consumers === 'one for all' ? 0 : n % TYPES.length] ?? TYPES[0];
  const grant = (i: number): Grant => ({
    id: `g${i}`,
    publishers: [publisher],
    types: [type],
    consumer,
    purposes: [PURPOSES[i] ?? 'evaluation'],
    mode: 'count',
    gateway: 'anonymous',
    fields: fieldsOf(type),
    place: PLACES[i] ?? 'district',
    time: 'month',
    ageBands: 'standard',
    threshold: 7,
    openness: 'protected',
    conditions: [],
  });
  return {
    id: `agreement-${n}`,
    title: 'Counts',
    parties: [
      { agency: publisher, capacity: 'specified-authority' },
      { agency: consumer, capacity: 'analysis-unit' },
    ],
    jointControllers: [],
    purposes: PURPOSES,
    validity: { from: '2026-01-01', to: '2027-12-31' },
    review: '2027-01-01',
    retention: 'P2Y',
    onwardSharing: 'none',
    contacts: [],
    lawful: { dpia: 'D', dpoAdvice: 'A', article6: '6(1)(e)', lawEnforcement: false, privacyNotice: '' },
    handling: { rights: '', accuracy: '', deletion: '', security: '', breach: '', training: '', termination: '' },
    anonymisationTests: [
      {
        recipient: consumer,
        method: 'Motivated intruder',
        assessor: 'Invented',
        date: '2026-01-10',
        recipientKnowledge: 'None: the agencies are invented',
        review: '2027-01-10',
        place: 'lsoa',
        mode: 'count',
      },
    ],
    returns: [],
    grants: [0, 1, 2].map(grant),
  };
}

/** The policy of a hub in which all of them were drafted, signed and brought into force. */
export function policyOf(agreements: readonly Agreement[]): CompiledPolicy {
  const facts: PolicyFact[] = [];
  const texts = new Map<Sha256, Uint8Array>();
  const add = <T extends HubFactType>(type: T, data: HubFacts[T]): void => {
    const at = facts.length;
    facts.push({ position: position(at), recordedTime: instant(at), type: hubFactType(type), data });
  };
  const put = (document: unknown): Sha256 => {
    const bytes = Buffer.from(canonicalJson(document));
    const digest = sha256(bytes);
    texts.set(digest, bytes);
    return digest;
  };
  const by = (agency: AgencyId) => ({ issuer: ISSUER, person: `signatory of ${agency}`, agency });
  const law = lawPack();
  const host = by('host' as AgencyId);
  add('uk.svd.hub.pack-adopted.v1', { kind: 'law', version: law.version, digest: put(law), by: host });
  const enrolled = new Set<AgencyId>();
  for (const { id, parties, validity, ...rest } of agreements) {
    for (const { agency, capacity } of parties) {
      if (enrolled.has(agency)) continue;
      enrolled.add(agency);
      const capacities = [{ capacity, from: '2023-01-31' }];
      const enrolment = { agency, name: agency, issuers: [ISSUER], capacities, roles: ORDINARY_ROLES, by: host };
      add('uk.svd.hub.agency-enrolled.v1', enrolment);
    }
    const named = { agreement: id, version: 1, digest: put({ id, parties, validity, ...rest }) };
    const agencies = parties.map(({ agency }) => agency);
    add('uk.svd.hub.agreement-drafted.v1', { ...named, parties: agencies, by: host });
    for (const agency of agencies) add('uk.svd.hub.agreement-signed.v1', { ...named, by: by(agency) });
    add('uk.svd.hub.agreement-in-force.v1', { ...named, ...validity });
  }
  return compile(facts, texts);
}

/** Questions to grants of these agreements: one in four asks more finely than is granted, every second of one publisher. */
export function questionsFor(agreements: readonly Agreement[], random: () => number, count: number): readonly Asked[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: count }, (_, n) => {
    const grant = pick(pick(agreements).grants);
    const place = n % 4 < 2 ? grant.place : 'force';
    return {
      who: { issuer: ISSUER, person: 'asker', agency: grant.consumer, roles: new Set(['analyst'] as const) },
      request: {
        operation: 'releases.table',
        roles: ['analyst'],
        mode: 'count',
        purpose: pick(grant.purposes),
        types: grant.types,
        publishers: n % 2 === 0 ? 'all' : grant.publishers,
        fields: grant.fields.filter(() => random() < 0.3),
        place: n % 4 === 3 ? 'lsoa' : place,
        time: 'quarter',
        oldest: '2026-07-01',
        justification: false,
        caseReference: false,
        subject: 'none',
      },
    };
  });
}
