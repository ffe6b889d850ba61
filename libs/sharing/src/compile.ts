import type { Actor, HubFacts, PackKind, PolicyFact } from '#contracts';
import { canonicalJson, Problem, sha256, type AgencyId, type EventType, type Position, type Sha256 } from '#kernel';
import { readAgreement, type AgreementRead } from './agreement.ts';
import { readLawPack, type LawPack, type LawPackRead } from './law-pack.ts';
import {
  feedKey,
  useKey,
  type AdoptedPack,
  type AgreementState,
  type CompiledPolicy,
  type EnrolledAgency,
} from './policy.ts';
import type { LiveGrant } from './policy.ts';

/**
 * Folds the hub's own facts, in order of position, into a policy. Pure: the same facts and artefacts give the same
 * digest, in whatever order the facts of different agreements came. `packs` holds at least {@link artefactsNamedBy};
 * an artefact that is missing, or isn't what its fact named, grants nothing.
 * @throws Problem `policy-fact-unknown` on a fact about agencies, packs or agreements that this build doesn't know:
 * skipping it might widen access.
 */
export function compile(facts: readonly PolicyFact[], packs: ReadonlyMap<Sha256, Uint8Array>): CompiledPolicy {
  const folded = fold(facts);
  const law = lawOf(folded.packs.law, packs);
  const agreements = new Map<string, AgreementState>();
  for (const [id, record] of folded.agreements) agreements.set(id, stateOf(record, packs));
  const { agencies } = folded;
  const byName = <V>(map: ReadonlyMap<string, V>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const position: Position | 'empty' = facts.at(-1)?.position ?? 'empty';
  const digest = sha256(
    canonicalJson({
      agencies: byName(agencies).map(([, agency]) => agency),
      agreements: byName(agreements).map(([, { agreement, ...state }]) => ({
        ...state,
        signatures: byName(new Map(state.signatures.map((actor) => [actor.agency, actor]))).map(([, actor]) => actor),
        readable: agreement !== undefined,
      })),
      law: law !== undefined,
      packs: folded.packs,
    }),
  );
  return {
    position,
    digest,
    agencies,
    packs: folded.packs,
    law,
    agreements,
    dutyRequests: new Map(),
    ...index(agreements),
  };
}

/** Digests whose bytes {@link compile} needs: the adopted law pack and the current text of each agreement. */
export function artefactsNamedBy(facts: readonly PolicyFact[]): readonly Sha256[] {
  const { packs, agreements } = fold(facts);
  const named = [...agreements.values()].map((record) => record.digest);
  return [...new Set(packs.law === undefined ? named : [packs.law.digest, ...named])];
}

type Drafted = HubFacts['uk.svd.hub.agreement-drafted.v1'];
interface AgreementRecord {
  readonly id: string;
  readonly version: number;
  readonly digest: Sha256;
  readonly parties: readonly AgencyId[];
  readonly by: Actor;
  readonly begunBy: AgencyId;
  readonly wasInForce: boolean;
  readonly signatures: readonly Actor[];
  readonly force: { readonly from: string; readonly to: string } | undefined;
}
interface Folded {
  readonly agencies: Map<AgencyId, EnrolledAgency>;
  readonly packs: Partial<Record<PackKind, AdoptedPack>>;
  readonly agreements: Map<string, AgreementRecord>;
}

const POLICY_FACT = /^uk\.svd\.hub\.(agency|agreement|pack)-/;

function fold(facts: readonly PolicyFact[]): Folded {
  const folded: Folded = { agencies: new Map(), packs: {}, agreements: new Map() };
  for (const fact of facts) {
    const apply = FOLDS[fact.type];
    if (apply !== undefined) apply(folded, fact.data);
    else if (POLICY_FACT.test(fact.type)) throw new Problem('policy-fact-unknown');
  }
  return folded;
}

const FOLDS: Readonly<Record<string, (folded: Folded, data: unknown) => void>> = {
  'uk.svd.hub.agency-enrolled.v1': (folded, data) => {
    const { agency, name, issuers, capacities, roles } = data as HubFacts['uk.svd.hub.agency-enrolled.v1'];
    folded.agencies.set(agency, { agency, name, issuers, capacities, roles });
  },
  'uk.svd.hub.pack-adopted.v1': (folded, data) => {
    const { kind, version, digest } = data as HubFacts['uk.svd.hub.pack-adopted.v1'];
    folded.packs[kind] = { version, digest };
  },
  'uk.svd.hub.agreement-drafted.v1': (folded, data) => {
    const { agreement: id, version, digest, parties, by } = data as Drafted;
    const before = folded.agreements.get(id);
    const begun = { begunBy: before?.begunBy ?? by.agency, wasInForce: before?.wasInForce ?? false };
    folded.agreements.set(id, { id, version, digest, parties, by, ...begun, signatures: [], force: undefined });
  },
  'uk.svd.hub.agreement-signed.v1': (folded, data) => {
    const { agreement, version, digest, by } = data as HubFacts['uk.svd.hub.agreement-signed.v1'];
    const record = current(folded, agreement, version, digest);
    if (record === undefined || !record.parties.includes(by.agency) || hasSigned(record.signatures, by)) return;
    folded.agreements.set(agreement, { ...record, signatures: [...record.signatures, by] });
  },
  'uk.svd.hub.agreement-in-force.v1': (folded, data) => {
    const { agreement, version, digest, from, to } = data as HubFacts['uk.svd.hub.agreement-in-force.v1'];
    const record = current(folded, agreement, version, digest);
    if (record === undefined || !fullySigned(record)) return;
    folded.agreements.set(agreement, { ...record, force: { from, to }, wasInForce: true });
  },
};

/** The record, if the fact speaks of its current version and text. */
function current(folded: Folded, id: string, version: number, digest: Sha256): AgreementRecord | undefined {
  const record = folded.agreements.get(id);
  return record?.version === version && record.digest === digest ? record : undefined;
}

/** The agency has signed, or the person has, for whichever agency. */
export const hasSigned = (signatures: readonly Actor[], by: Actor): boolean =>
  signatures.some((one) => one.agency === by.agency || (one.issuer === by.issuer && one.person === by.person));

/** Every party, and so at least two people of two agencies. */
const fullySigned = (record: AgreementRecord): boolean =>
  new Set(record.parties).size >= 2 &&
  record.parties.every((party) => record.signatures.some((by) => by.agency === party));

function stateOf(record: AgreementRecord, packs: ReadonlyMap<Sha256, Uint8Array>): AgreementState {
  const { id, version, digest, parties, by: draftedBy, begunBy, wasInForce, signatures, force } = record;
  const text = textOf(digest, packs);
  const agreement =
    text?.id === id &&
    sameNames(
      text.parties.map((party) => party.agency),
      parties,
    ) &&
    (force === undefined || (force.from === text.validity.from && force.to === text.validity.to))
      ? text
      : undefined;
  const status = force !== undefined ? 'in-force' : signatures.length > 0 ? 'signed' : 'drafted';
  return { id, version, digest, status, parties, draftedBy, begunBy, wasInForce, signatures, agreement };
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));

// Bytes never change under a digest, so what was read from an array need not be read again.
const agreementsRead = new WeakMap<Uint8Array, AgreementRead>();
const lawPacksRead = new WeakMap<Uint8Array, LawPackRead>();
function once<R>(reads: WeakMap<Uint8Array, R>, bytes: Uint8Array, read: (bytes: Uint8Array) => R): R {
  const known = reads.get(bytes) ?? read(bytes);
  reads.set(bytes, known);
  return known;
}

function textOf(digest: Sha256, packs: ReadonlyMap<Sha256, Uint8Array>) {
  const bytes = packs.get(digest);
  const read = bytes && once(agreementsRead, bytes, readAgreement);
  return read?.ok === true && read.digest === digest ? read.agreement : undefined;
}

function lawOf(adopted: AdoptedPack | undefined, packs: ReadonlyMap<Sha256, Uint8Array>): LawPack | undefined {
  const bytes = adopted && packs.get(adopted.digest);
  const read = bytes && once(lawPacksRead, bytes, readLawPack);
  return read?.ok === true && read.digest === adopted?.digest ? read.law : undefined;
}

function index(agreements: ReadonlyMap<string, AgreementState>) {
  const grantsByType = new Map<EventType, LiveGrant[]>();
  const grantsByUse = new Map<string, LiveGrant[]>();
  const grantsByFeed = new Map<string, LiveGrant[]>();
  const put = <K>(map: Map<K, LiveGrant[]>, key: K, live: LiveGrant) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [live]);
    else list.push(live);
  };
  const inForce = [...agreements.values()].filter((state) => state.status === 'in-force');
  for (const { agreement, version } of inForce.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (agreement === undefined) continue;
    const parties = new Map(agreement.parties.map((party) => [party.agency, party.capacity]));
    for (const grant of agreement.grants) {
      const live: LiveGrant = { agreement, version, grant, parties };
      for (const type of grant.types) {
        put(grantsByType, type, live);
        for (const purpose of grant.purposes) put(grantsByUse, useKey(grant.consumer, purpose, type), live);
        for (const publisher of grant.publishers) put(grantsByFeed, feedKey(publisher, type), live);
      }
    }
  }
  return { grantsByType, grantsByUse, grantsByFeed };
}
