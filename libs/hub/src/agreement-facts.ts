import type { Principal } from '#contracts';
import { Problem, streamName, type AgencyId, type Sha256 } from '#kernel';
import { type AgreementState, type AgreementStatus, type CompiledPolicy, type Decided } from '#sharing';
import { ownFact } from './own-facts.ts';
import type { PolicyFeed } from './policy-feed.ts';
import type { HubPorts } from './ports.ts';

/** Where an agreement stands. `digest` names its text; whoever signs, signs that. */
export interface AgreementView {
  readonly id: string;
  readonly version: number;
  readonly digest: Sha256;
  readonly status: AgreementStatus;
  readonly parties: readonly AgencyId[];
  readonly signatures: readonly { readonly agency: AgencyId }[];
}

/** @throws Problem `not-found` */
export function agreementView(policy: CompiledPolicy, id: string): AgreementView {
  const state = policy.agreements.get(id);
  if (state === undefined) throw new Problem('not-found');
  const { version, digest, status, parties } = state;
  return { id, version, digest, status, parties, signatures: state.signatures.map(({ agency }) => ({ agency })) };
}

/** Codes of the deciders that the edge calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  'agreement-unknown': 'not-found',
  'role-not-held': 'role-required',
  'draft-changed': 'signature-invalid',
  'person-signed-already': 'already-signed',
  'law-not-adopted': 'pack-missing',
  'agreement-id-differs': 'field-invalid',
};

/** Times that one act is decided anew because others were faster. */
const TRIES = 5;

/**
 * Decides on an agreement as it stands and appends the outcome at the revision that was seen. When somebody was faster it
 * catches up and decides again: of two people who act at once, the second acts on what the first has left.
 * @throws Problem with the decider's code, or `precondition-failed`.
 */
export async function appendDecided(
  ports: HubPorts,
  feed: PolicyFeed,
  id: string,
  by: Principal,
  decide: (state: AgreementState | undefined, policy: CompiledPolicy) => Decided,
): Promise<void> {
  const stream = streamName(`agreement:${id}`);
  for (let tries = 0; tries < TRIES; tries++) {
    const policy = await feed.confirmed();
    const seen = feed.revisionOf(stream);
    const decided = decide(policy.agreements.get(id), policy);
    if (!decided.ok) {
      const field = decided.gaps?.[0]?.field ?? decided.field;
      throw new Problem(NAMES[decided.code] ?? decided.code, field === undefined ? {} : { field });
    }
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
