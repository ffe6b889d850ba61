import type { LifecycleReason, Principal } from '#contracts';
import { londonDay, Problem, streamName, type AgencyId, type Instant, type Sha256 } from '#kernel';
import {
  isPartyOn,
  isReviewOverdue,
  standingOn,
  statusOn,
  type AgreementState,
  type AgreementStatus,
  type AgreementVersion,
  type CompiledPolicy,
  type Decided,
} from '#sharing';
import { ownFact } from './own-facts.ts';
import type { PolicyFeed } from './policy-feed.ts';
import type { HubPorts } from './ports.ts';

/** A version on a day. `digest` names its text; whoever signs, signs that. */
export interface VersionView {
  readonly version: number;
  readonly digest: Sha256;
  readonly status: AgreementStatus;
  readonly parties: readonly AgencyId[];
  readonly signatures: readonly { readonly agency: AgencyId }[];
}
/** Where an agreement stands on a day: what is told directly is told of the newest version. */
export interface AgreementView extends VersionView {
  readonly id: string;
  /** Versions that every party signed and that had or have a day of force: which days, `YYYY-MM-DD` inclusive. */
  readonly inForce: readonly {
    readonly version: number;
    readonly status: AgreementStatus;
    readonly from: string;
    readonly to: string;
  }[];
  readonly suspensions: readonly {
    readonly agency: AgencyId;
    readonly reason: LifecycleReason;
    readonly since: Instant;
  }[];
  /** `on` is the first day without it. */
  readonly ended?: { readonly on: string; readonly reason: LifecycleReason; readonly agency: AgencyId };
  /** `on` is the agency's first day outside; of versions up to that one. */
  readonly left: readonly { readonly agency: AgencyId; readonly on: string; readonly version: number }[];
  /** The parties should have reviewed what is in force. It stops no disclosure. */
  readonly reviewOverdue: boolean;
}

export const versionView = (state: AgreementState, one: AgreementVersion, day: string): VersionView => ({
  version: one.version,
  digest: one.digest,
  status: statusOn(state, one, day),
  parties: one.parties,
  signatures: one.signatures.map(({ agency }) => ({ agency })),
});

/**
 * As this reader may know it: one whom drafts alone name is told nothing of what others did who are not in the newest.
 * @throws Problem `not-found`
 */
export function agreementView(policy: CompiledPolicy, id: string, at: Instant, who: Principal): AgreementView {
  const state = policy.agreements.get(id);
  if (state === undefined) throw new Problem('not-found');
  const day = londonDay(at);
  const ofAll =
    who.roles.has('auditor') ||
    state.versions.some(({ window, parties }) => window !== undefined && parties.includes(who.agency));
  const told = ({ agency }: { readonly agency: AgencyId }) => ofAll || state.parties.includes(agency);
  return {
    id,
    ...versionView(state, state, day),
    inForce: state.versions.flatMap((one) => {
      const { version, window } = one;
      if (window === undefined || window.from > window.to) return [];
      return [{ version, status: statusOn(state, one, day), ...window }];
    }),
    suspensions: state.suspensions.filter(told),
    ...(state.ended === undefined ? {} : { ended: state.ended }),
    left: state.left.filter(told),
    reviewOverdue: state.versions.some((version) => isReviewOverdue(state, version, day)),
  };
}

/**
 * Auditors, a party of the newest version or of one that stands, and whoever has a suspension to lift. For anyone else
 * there is no such agreement.
 */
export function mayRead(who: Principal, state: AgreementState, at: Instant): boolean {
  const day = londonDay(at);
  return (
    who.roles.has('auditor') ||
    state.suspensions.some(({ agency }) => agency === who.agency) ||
    [state, ...standingOn(state, day)].some((version) => isPartyOn(state, version, who.agency, day))
  );
}

/** The agreement, if this person may know that there is one. */
export const known = (state: AgreementState | undefined, who: Principal, at: Instant): AgreementState | undefined =>
  state !== undefined && mayRead(who, state, at) ? state : undefined;

/** Codes of the deciders that the edge calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  'agreement-unknown': 'not-found',
  'role-not-held': 'role-required',
  'draft-changed': 'signature-invalid',
  'person-signed-already': 'already-signed',
  'law-not-adopted': 'pack-missing',
  'agreement-id-differs': 'field-invalid',
  'day-invalid': 'field-invalid',
  'day-past': 'field-invalid',
};

/** Times that one act is decided anew because others were faster. */
const TRIES = 5;

/** What becomes of an agreement by an act at that moment. Called again when somebody else was faster. */
type Decider = (state: AgreementState | undefined, policy: CompiledPolicy, at: Instant) => Decided;

/**
 * Decides on an agreement as it stands and appends the outcome at the revision that was seen. When somebody was faster it
 * catches up and decides again: of two people who act at once, the second acts on what the first has left. What was
 * decided holds for every answer of this process when this resolves, and of every other within 500 ms.
 * @throws Problem with the decider's code, or `precondition-failed`.
 */
export async function appendDecided(
  ports: HubPorts,
  feed: PolicyFeed,
  id: string,
  by: { readonly agency: string },
  decide: Decider,
): Promise<void> {
  const stream = streamName(`agreement:${id}`);
  for (let tries = 0; tries < TRIES; tries++) {
    await feed.confirmed();
    // read together: a policy older than the revision would decide on what is no longer so
    const policy = feed.latest;
    const seen = feed.revisionOf(stream);
    const decided = decide(policy.agreements.get(id), policy, ports.clock.now());
    if (!decided.ok) {
      const field = decided.gaps?.[0]?.field ?? decided.field;
      throw new Problem(NAMES[decided.code] ?? decided.code, field === undefined ? {} : { field });
    }
    if (decided.events.length === 0) return;
    const facts = decided.events.map(({ type, data }) => ({
      stream,
      fact: ownFact(ports.keys, type, data, by.agency),
    }));
    const expected = seen === undefined ? 'no-stream' : { revision: seen };
    const appended = await ports.writer.append(facts, new Map([[stream, expected]]));
    await feed.caughtUp();
    if (appended.outcome === 'appended') return;
  }
  throw new Problem('precondition-failed');
}
