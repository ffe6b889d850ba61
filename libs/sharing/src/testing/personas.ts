import { readFileSync } from 'node:fs';
import {
  hubFactType,
  ORDINARY_ROLES,
  type Capacity,
  type PolicyFact,
  type Principal,
  type Request,
  type Role,
} from '#contracts';
import { canonicalJson, eventType, instant, position, sha256, type AgencyId, type Instant, type Sha256 } from '#kernel';
import type { Agreement, AnonymisationTest, Grant } from '../agreement.ts';
import { compile } from '../compile.ts';
import type { NewPolicyFact } from '../draft.ts';
import type { CompiledPolicy } from '../policy.ts';

/** People and agencies of the tests, and a small history of facts to decide by. */
export const INCIDENT = eventType('uk.svd.police.incident-recorded.v1');
export const ATTENDANCE = eventType('uk.svd.health.ed-attendance-recorded.v1');
export const NOW = '2026-11-23T09:00:00.000Z' as Instant;
export const ISSUER = 'https://id.example';
export const agency = (name: string) => name as AgencyId;
export const POLICE = agency('county-police');
export const ANALYSTS = agency('county-analysts');
export const HOSPITAL = agency('north-hospital');
export const CHARITY = agency('mentor-charity');

export const AGENCIES: readonly (readonly [AgencyId, Capacity])[] = [
  [POLICE, 'specified-authority'],
  [ANALYSTS, 'analysis-unit'],
  [HOSPITAL, 'health-provider'],
  [CHARITY, 'voluntary-sector'],
];

export const person = (name: string, of: AgencyId, ...roles: Role[]): Principal => ({
  issuer: ISSUER,
  person: name,
  agency: of,
  roles: new Set(roles),
});
export const asha = person('asha', ANALYSTS, 'analyst', 'steward', 'signatory');
export const piotr = person('piotr', POLICE, 'publisher', 'steward', 'signatory');
export const carys = person('carys', HOSPITAL, 'steward', 'signatory');
export const mo = person('mo', CHARITY, 'analyst', 'practitioner');

export const LAW_BYTES: Uint8Array = readFileSync(new URL('../../packs/law-2026-11.json', import.meta.url));

export const grant = (changes: Partial<Grant> = {}): Grant => ({
  id: 'g1',
  publishers: [POLICE],
  types: [INCIDENT],
  consumer: ANALYSTS,
  purposes: ['sv-needs-assessment'],
  mode: 'count',
  gateway: 'anonymous',
  fields: ['category'],
  place: 'ward',
  time: 'month',
  ageBands: 'standard',
  threshold: 7,
  openness: 'protected',
  conditions: [],
  ...changes,
});

export const tested = (recipient: AgencyId, changes: Partial<AnonymisationTest> = {}): AnonymisationTest => ({
  recipient,
  method: 'Motivated intruder',
  assessor: 'County DPO',
  date: '2026-01-10',
  recipientKnowledge: 'Local press, open street-level files',
  review: '2027-01-10',
  place: 'lsoa',
  mode: 'count',
  ...changes,
});

export const agreement = (changes: Partial<Agreement> = {}): Agreement => ({
  id: 'police-counts',
  title: 'Counts of police incidents for the needs assessment',
  parties: [
    { agency: POLICE, capacity: 'specified-authority' },
    { agency: ANALYSTS, capacity: 'analysis-unit' },
  ],
  jointControllers: [],
  purposes: ['sv-needs-assessment', 'sv-strategy'],
  validity: { from: '2026-01-01', to: '2027-12-31' },
  review: '2027-01-01',
  retention: 'P2Y',
  onwardSharing: 'none',
  contacts: [{ agency: POLICE, role: 'Information governance', mailbox: 'ig@police.example' }],
  lawful: {
    dpia: 'DPIA-1',
    dpoAdvice: 'Advice of 1 December 2025',
    article6: '6(1)(e)',
    lawEnforcement: false,
    privacyNotice: 'https://police.example/privacy',
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
  anonymisationTests: [tested(ANALYSTS)],
  returns: [],
  grants: [grant()],
  ...changes,
});

export const request = (changes: Partial<Request> = {}): Request => ({
  operation: 'releases.table',
  roles: ['analyst'],
  mode: 'count',
  purpose: 'sv-needs-assessment',
  types: [INCIDENT],
  publishers: 'all',
  fields: ['category'],
  place: 'district',
  time: 'month',
  oldest: '2026-01-01',
  justification: false,
  caseReference: false,
  subject: 'none',
  ...changes,
});

export const bytesOf = (document: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(document));

/** The fact that enrols an agency in these capacities, since the duty began. */
export const enrolled = (name: AgencyId, ...capacities: readonly Capacity[]) =>
  ({
    type: hubFactType('uk.svd.hub.agency-enrolled.v1'),
    data: {
      agency: name,
      name,
      issuers: [ISSUER],
      capacities: capacities.map((capacity) => ({ capacity, from: '2023-01-31' })),
      roles: ORDINARY_ROLES,
      by: { issuer: 'host', person: 'host', agency: name },
    },
  }) as const;

/** A history under construction: facts in order, and the artefacts they name. */
export class History {
  readonly facts: PolicyFact[] = [];
  readonly artefacts = new Map<Sha256, Uint8Array>();

  /** Every agency enrolled and the shipped law adopted. */
  static begun(): History {
    const history = new History();
    for (const [name, capacity] of AGENCIES) history.add(enrolled(name, capacity));
    return history.adopt(LAW_BYTES, '2026-11');
  }

  add(...facts: readonly NewPolicyFact[]): this {
    for (const { type, data } of facts)
      this.facts.push({
        position: position(this.facts.length),
        recordedTime: instant(Date.parse(NOW) + this.facts.length),
        type,
        data,
      });
    return this;
  }

  adopt(law: Uint8Array, version: string): this {
    const digest = this.put(JSON.parse(new TextDecoder().decode(law)));
    const by = { issuer: ISSUER, person: 'asha', agency: ANALYSTS };
    return this.add({ type: hubFactType('uk.svd.hub.pack-adopted.v1'), data: { kind: 'law', version, digest, by } });
  }

  /** Canonical bytes under their digest. */
  put(document: unknown): Sha256 {
    const bytes = bytesOf(document);
    const digest = sha256(bytes);
    this.artefacts.set(digest, bytes);
    return digest;
  }

  drafted(text: Agreement, version = 1): this {
    const digest = this.put(text);
    const parties = text.parties.map((party) => party.agency);
    const by = { issuer: ISSUER, person: 'steward', agency: parties[0] ?? POLICE };
    const data = { agreement: text.id, version, digest, parties, by };
    return this.add({ type: hubFactType('uk.svd.hub.agreement-drafted.v1'), data });
  }

  signedBy(text: Agreement, name: string, of: AgencyId, version = 1): this {
    const by = { issuer: ISSUER, person: name, agency: of };
    const data = { agreement: text.id, version, digest: this.put(text), by };
    return this.add({ type: hubFactType('uk.svd.hub.agreement-signed.v1'), data });
  }

  declaredInForce(text: Agreement, version = 1): this {
    const data = { agreement: text.id, version, digest: this.put(text), ...text.validity };
    return this.add({ type: hubFactType('uk.svd.hub.agreement-in-force.v1'), data });
  }

  /** Drafted, signed by one person of each party, in force. */
  inForce(text: Agreement, version = 1): this {
    this.drafted(text, version);
    for (const party of text.parties) this.signedBy(text, `signatory of ${party.agency}`, party.agency, version);
    return this.declaredInForce(text, version);
  }

  compiled(): CompiledPolicy {
    return compile(this.facts, this.artefacts);
  }
}

export const policyWith = (...texts: readonly Agreement[]): CompiledPolicy =>
  texts.reduce((history, text) => history.inForce(text), History.begun()).compiled();
