import type { PolicyFact } from '#contracts';
import { canonicalJson, sha256, type AgencyId, type EventType, type Position, type Sha256 } from '#kernel';
import { readAgreement, type Agreement, type AgreementRead, type Grant } from './agreement.ts';
import { isSuspended, lastDayOf, type AgreementState, type AgreementVersion } from './agreement-state.ts';
import { cut, dayBefore, isEmpty, type Window } from './calendar.ts';
import { dutyRequestsOf } from './duty-requests.ts';
import { fold, type AgreementRecord, type VersionRecord } from './fold.ts';
import { readLawPack, type LawPack, type LawPackRead } from './law-pack.ts';
import { feedKey, useKey, type AdoptedPack, type CompiledPolicy, type LiveGrant } from './policy.ts';

/**
 * Folds the hub's own facts, in order of position, into a policy. Pure: the same facts and artefacts give the same
 * digest, in whatever order the facts of different agreements came. `packs` holds at least {@link artefactsNamedBy};
 * an artefact that is missing, or isn't what its fact named, grants nothing.
 * @throws Problem `policy-fact-unknown` on a fact about agencies, packs or agreements that this build doesn't know:
 * skipping it might widen access.
 */
export function compile(facts: readonly PolicyFact[], packs: ReadonlyMap<Sha256, Uint8Array>): CompiledPolicy {
  const { agencies, packs: adopted, agreements: records } = fold(facts);
  const law = lawOf(adopted.law, packs);
  const agreements = new Map<string, AgreementState>();
  for (const [id, record] of records) agreements.set(id, stateOf(record, packs));
  const dutyRequests = dutyRequestsOf(facts);
  const position: Position | 'empty' = facts.at(-1)?.position ?? 'empty';
  const digest = sha256(
    canonicalJson({
      agencies: [...agencies.values()].sort(by((one) => one.agency)),
      agreements: [...agreements.values()].sort(by((one) => one.id)).map(whatDecides),
      dutyRequests: [...dutyRequests.values()].sort(by((one) => one.id)),
      law: law !== undefined,
      packs: adopted,
    }),
  );
  return { position, digest, agencies, packs: adopted, law, agreements, dutyRequests, ...index(agreements) };
}

/**
 * Digests whose bytes {@link compile} needs: the adopted law pack, each text that has or had days of force, and the newest
 * text of each agreement while it may still be signed.
 */
export function artefactsNamedBy(facts: readonly PolicyFact[]): readonly Sha256[] {
  const { packs, agreements } = fold(facts);
  const named = packs.law === undefined ? [] : [packs.law.digest];
  for (const record of agreements.values())
    for (const { version, force } of windowsOf(record))
      if (isNeeded(record, version, force)) named.push(version.digest);
  return [...new Set(named)];
}

/** A text that nobody can sign any more and that never stood is kept beside the log alone. */
const isNeeded = ({ versions, ended }: AgreementRecord, version: VersionRecord, force: Window | undefined): boolean =>
  force === undefined ? version === versions.at(-1) && ended === undefined : !isEmpty(force);

interface Forced {
  readonly version: VersionRecord;
  readonly force: Window | undefined;
  readonly supersededBy: number | undefined;
}
/** The versions with their days: an ending cuts all of them, and each one in force those before it from its own first day on. */
function windowsOf({ versions, ended }: AgreementRecord): readonly Forced[] {
  let end = ended?.on;
  let supersededBy: number | undefined;
  const forced: Forced[] = [];
  for (const version of [...versions].reverse()) {
    if (version.force === undefined) {
      forced.push({ version, force: undefined, supersededBy: undefined });
      continue;
    }
    const force = cut(version.force, undefined, end === undefined ? undefined : dayBefore(end));
    forced.push({ version, force, supersededBy: force.to < version.force.to ? supersededBy : undefined });
    if (end === undefined || version.force.from < end) [end, supersededBy] = [version.force.from, version.version];
  }
  return forced.reverse();
}

function stateOf(record: AgreementRecord, packs: ReadonlyMap<Sha256, Uint8Array>): AgreementState {
  const { id, begunBy, suspensions, ended, left, reviewsNoted } = record;
  const versions = windowsOf(record).map(({ version: one, force: window, supersededBy }): AgreementVersion => {
    const { version, digest, parties, draftedBy, signatures } = one;
    const agreement = isNeeded(record, one, window) ? textOf(id, one, packs) : undefined;
    return { version, digest, parties, draftedBy, signatures, window, supersededBy, agreement };
  });
  const newest = versions.at(-1) as AgreementVersion;
  return { ...newest, id, begunBy, versions, suspensions, ended, left, reviewsNoted };
}

/** The text of a version, if it is the one that the facts speak of. */
function textOf(id: string, version: VersionRecord, packs: ReadonlyMap<Sha256, Uint8Array>): Agreement | undefined {
  const { digest, parties, force } = version;
  const bytes = packs.get(digest);
  const read = bytes && once(agreementsRead, bytes, readAgreement);
  if (read?.ok !== true || read.digest !== digest || read.agreement.id !== id) return undefined;
  const { agreement } = read;
  const named = agreement.parties.map((party) => party.agency);
  if (named.length !== parties.length || !named.every((agency) => parties.includes(agency))) return undefined;
  const { from, to } = agreement.validity;
  return force === undefined || (force.from === from && force.to === to) ? agreement : undefined;
}

/**
 * All that can change a decision, of an agreement: not when or why something was done, and no draft that another draft
 * replaced.
 */
const whatDecides = ({ id, begunBy, version: newest, versions, ...state }: AgreementState) => ({
  id,
  begunBy,
  versions: versions
    .filter(({ version, window }) => version === newest || window !== undefined)
    .map(({ agreement, window, supersededBy: _, signatures, ...version }) => ({
      ...version,
      signatures: [...signatures].sort(by((one) => one.agency)),
      window: window ?? null,
      readable: agreement !== undefined,
    })),
  suspendedBy: state.suspensions.map(({ agency }) => agency).sort(),
  endedOn: state.ended?.on ?? null,
  left: state.left.map(({ agency, on, version }) => `${agency} ${on} ${version}`).sort(),
  reviewsNoted: [...new Set(state.reviewsNoted)].sort((a, b) => a - b),
});

const by =
  <T>(name: (one: T) => string) =>
  (a: T, b: T): number =>
    name(a) < name(b) ? -1 : 1;

// Bytes never change under a digest, so what was read from an array need not be read again.
const agreementsRead = new WeakMap<Uint8Array, AgreementRead>();
const lawPacksRead = new WeakMap<Uint8Array, LawPackRead>();
function once<R>(reads: WeakMap<Uint8Array, R>, bytes: Uint8Array, read: (bytes: Uint8Array) => R): R {
  const known = reads.get(bytes) ?? read(bytes);
  reads.set(bytes, known);
  return known;
}

function lawOf(adopted: AdoptedPack | undefined, packs: ReadonlyMap<Sha256, Uint8Array>): LawPack | undefined {
  const bytes = adopted && packs.get(adopted.digest);
  const read = bytes && once(lawPacksRead, bytes, readLawPack);
  return read?.ok === true && read.digest === adopted?.digest ? read.law : undefined;
}

/** Every grant of these agreements that may stand on some day, by what it is looked up by. */
export function index(
  agreements: ReadonlyMap<string, AgreementState>,
): Pick<CompiledPolicy, 'grantsByType' | 'grantsByUse' | 'grantsByFeed'> {
  const grantsByType = new Map<EventType, LiveGrant[]>();
  const grantsByUse = new Map<string, LiveGrant[]>();
  const grantsByFeed = new Map<string, LiveGrant[]>();
  const put = <K>(map: Map<K, LiveGrant[]>, key: K, live: LiveGrant) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [live]);
    else list.push(live);
  };
  for (const state of [...agreements.values()].sort(by((one) => one.id))) {
    for (const live of state.versions.flatMap((version) => liveGrants(state, version))) {
      const { grant } = live;
      for (const type of grant.types) {
        put(grantsByType, type, live);
        for (const purpose of grant.purposes) put(grantsByUse, useKey(grant.consumer, purpose, type), live);
        for (const publisher of grant.publishers) put(grantsByFeed, feedKey(publisher, type), live);
      }
    }
  }
  return { grantsByType, grantsByUse, grantsByFeed };
}

function liveGrants(state: AgreementState, version: AgreementVersion): readonly LiveGrant[] {
  const { agreement, window } = version;
  if (agreement === undefined || window === undefined || isSuspended(state, version)) return [];
  const parties = new Map(agreement.parties.map((party) => [party.agency, party.capacity]));
  const takingPart = new Map(
    agreement.parties.map(({ agency, from }) => [agency, cut(window, from, lastDayOf(state, version, agency))]),
  );
  // a grant to or from somebody who is no party keeps the days of the version: its gateway refuses it by name
  const during = (within: Window, agency: AgencyId): Window => {
    const own = takingPart.get(agency);
    return own === undefined ? within : cut(within, own.from, own.to);
  };
  return agreement.grants.flatMap((grant) => {
    const consumed = during(window, grant.consumer);
    const groups = Map.groupBy(grant.publishers, (publisher) => {
      const { from, to } = during(consumed, publisher);
      return `${from} ${to}`;
    });
    return [...groups].flatMap(([key, publishers]): readonly LiveGrant[] => {
      const [from = '', to = ''] = key.split(' ');
      if (isEmpty({ from, to })) return [];
      const whole = publishers.length === grant.publishers.length;
      const narrowed: Grant = whole ? grant : { ...grant, publishers };
      return [{ agreement, version: version.version, grant: narrowed, parties, takingPart, window: { from, to } }];
    });
  });
}
