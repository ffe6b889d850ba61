import type { Actor, HubFacts, PackKind, PolicyFact } from '#contracts';
import { Problem, type AgencyId, type Sha256 } from '#kernel';
import type { AgreementState, Leaving } from './agreement-state.ts';
import type { Window } from './calendar.ts';
import type { AdoptedPack, EnrolledAgency } from './policy.ts';

export interface VersionRecord {
  readonly version: number;
  readonly digest: Sha256;
  readonly parties: readonly AgencyId[];
  readonly draftedBy: Actor;
  readonly signatures: readonly Actor[];
  /** Its validity, from the fact that every party has signed. */
  readonly force: Window | undefined;
}
/** What the facts say of one agreement, before its texts are read. */
export interface AgreementRecord extends Pick<
  AgreementState,
  'id' | 'begunBy' | 'suspensions' | 'ended' | 'left' | 'reviewsNoted'
> {
  /** At least one. Grows as the facts are read, and no more after: thousands of edits are not copied thousands of times. */
  readonly versions: VersionRecord[];
}
export interface Folded {
  readonly agencies: Map<AgencyId, EnrolledAgency>;
  readonly packs: Partial<Record<PackKind, AdoptedPack>>;
  readonly agreements: Map<string, AgreementRecord>;
}

const POLICY_FACT = /^uk\.svd\.hub\.(agency|agreement|pack)-/;

/**
 * The facts, in order of position, as they stand beside one another.
 * @throws Problem `policy-fact-unknown` on a fact about agencies, packs or agreements that this build doesn't know:
 * skipping it might widen access.
 */
export function fold(facts: readonly PolicyFact[]): Folded {
  const folded: Folded = { agencies: new Map(), packs: {}, agreements: new Map() };
  for (const fact of facts) {
    const apply = (FOLDS as Readonly<Record<string, Fold>>)[fact.type];
    if (apply !== undefined) apply(folded, fact.data as never, fact);
    else if (POLICY_FACT.test(fact.type)) throw new Problem('policy-fact-unknown');
  }
  return folded;
}

type Fold = (folded: Folded, data: never, fact: PolicyFact) => void;
type FoldOf<T extends keyof HubFacts> = (folded: Folded, data: HubFacts[T], fact: PolicyFact) => void;

const FOLDS: { readonly [T in keyof HubFacts]?: FoldOf<T> } = {
  'uk.svd.hub.agency-enrolled.v1': ({ agencies }, { agency, name, issuers, capacities, roles }) => {
    agencies.set(agency, { agency, name, issuers, capacities, roles });
  },
  'uk.svd.hub.pack-adopted.v1': ({ packs }, { kind, version, digest }) => {
    packs[kind] = { version, digest };
  },
  'uk.svd.hub.agreement-drafted.v1': ({ agreements }, { agreement: id, version, digest, parties, by }) => {
    const drafted = { version, digest, parties, draftedBy: by, signatures: [], force: undefined };
    const before = agreements.get(id);
    if (before !== undefined) before.versions.push(drafted);
    else
      agreements.set(id, {
        id,
        begunBy: by.agency,
        versions: [drafted],
        suspensions: [],
        ended: undefined,
        left: [],
        reviewsNoted: [],
      });
  },
  'uk.svd.hub.agreement-signed.v1': (folded, { agreement, version, digest, by }) => {
    changeNewest(folded, agreement, version, digest, (newest) =>
      newest.parties.includes(by.agency) && !hasSigned(newest.signatures, by)
        ? { ...newest, signatures: [...newest.signatures, by] }
        : newest,
    );
  },
  'uk.svd.hub.agreement-in-force.v1': (folded, { agreement, version, digest, from, to }) => {
    changeNewest(folded, agreement, version, digest, (newest) =>
      fullySigned(newest) ? { ...newest, force: { from, to } } : newest,
    );
  },
  'uk.svd.hub.agreement-suspended.v1': (folded, { agreement, reason, by: { agency } }, { recordedTime: since }) => {
    change(folded, agreement, (record) => ({
      ...record,
      suspensions: [...record.suspensions.filter((one) => one.agency !== agency), { agency, reason, since }],
    }));
  },
  'uk.svd.hub.agreement-resumed.v1': (folded, { agreement, by }) => {
    change(folded, agreement, (record) => ({
      ...record,
      suspensions: record.suspensions.filter(({ agency }) => agency !== by.agency),
    }));
  },
  'uk.svd.hub.agreement-ended.v1': (folded, { agreement, on, reason, by: { agency } }) => {
    change(folded, agreement, (record) =>
      record.ended !== undefined && record.ended.on <= on ? record : { ...record, ended: { on, reason, agency } },
    );
  },
  'uk.svd.hub.agreement-left.v1': (folded, { agreement, agency, on }) => {
    change(folded, agreement, (record) => {
      const leaving: Leaving = { agency, on, version: record.versions.at(-1)?.version ?? 0 };
      return { ...record, left: [...record.left, leaving] };
    });
  },
  'uk.svd.hub.agreement-review-overdue.v1': (folded, { agreement, version }) => {
    change(folded, agreement, (record) => ({ ...record, reviewsNoted: [...record.reviewsNoted, version] }));
  },
};

function change({ agreements }: Folded, id: string, to: (record: AgreementRecord) => AgreementRecord): void {
  const record = agreements.get(id);
  if (record !== undefined) agreements.set(id, to(record));
}

/** Only while the fact speaks of the newest version and its text. */
function changeNewest(
  folded: Folded,
  id: string,
  version: number,
  digest: Sha256,
  to: (newest: VersionRecord) => VersionRecord,
): void {
  const record = folded.agreements.get(id);
  const newest = record?.versions.at(-1);
  if (newest?.version === version && newest.digest === digest) record?.versions.splice(-1, 1, to(newest));
}

/** The agency has signed, or the person has, for whichever agency. */
export const hasSigned = (signatures: readonly Actor[], by: Actor): boolean =>
  signatures.some((one) => one.agency === by.agency || (one.issuer === by.issuer && one.person === by.person));

/** Every party, and so at least two people of two agencies. */
const fullySigned = ({ parties, signatures }: VersionRecord): boolean =>
  new Set(parties).size >= 2 && parties.every((party) => signatures.some((by) => by.agency === party));
