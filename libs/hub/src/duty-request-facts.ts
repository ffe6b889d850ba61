import { CAPACITIES, type DutyRequest, type Principal } from '#contracts';
import { dutyStatus, type DutyDecided, type DutyStatus, type DutyWorld } from '#cases';
import { londonDay, Problem, streamName, type Instant } from '#kernel';
import { holdsCapacity, type CompiledPolicy } from '#sharing';
import { dutyLawOf } from './duty-law.ts';
import { ownFact } from './own-facts.ts';
import type { PolicyFeed } from './policy-feed.ts';
import type { HubPorts } from './ports.ts';

/** A request as its two agencies see it: agencies and days, nobody's person. */
export type DutyRequestView = Omit<DutyRequest, 'status'> & { readonly status: DutyStatus };

export const dutyRequestView = (request: DutyRequest, at: Instant): DutyRequestView => ({
  ...request,
  status: dutyStatus(request, londonDay(at)),
});

/** What the policy's enrolments and the law say, for the deciders. @throws Problem `pack-missing` */
export const dutyWorldOf = (policy: CompiledPolicy, at: Instant): DutyWorld => ({
  holds: (agency, day) => CAPACITIES.filter((capacity) => holdsCapacity(policy, agency, capacity, day)),
  law: dutyLawOf(policy.law, londonDay(at)),
});

/** Times that one act is decided anew because others were faster. */
const TRIES = 5;

/**
 * Decides on a request as it stands and appends the outcome at the revision that was seen, so that of two acts at once the
 * second is decided on what the first has left. Resolves to the request as it then stands.
 * @throws Problem with the decider's code, or `conflict`.
 */
export async function appendToRequest(
  { ports, feed }: { readonly ports: HubPorts; readonly feed: PolicyFeed },
  id: string,
  by: Principal,
  decide: (request: DutyRequest | undefined, policy: CompiledPolicy) => DutyDecided,
): Promise<DutyRequest> {
  const stream = streamName(`duty-request:${id}`);
  for (let tries = 0; tries < TRIES; tries++) {
    const policy = await feed.confirmed();
    const seen = feed.revisionOf(stream);
    const decided = decide(policy.dutyRequests.get(id), policy);
    if (!decided.ok) throw new Problem(decided.code, decided.field === undefined ? {} : { field: decided.field });
    const { type, data } = decided.fact;
    const fact = ownFact(ports.keys, type, data, by.agency);
    const expected = seen === undefined ? 'no-stream' : { revision: seen };
    const appended = await ports.writer.append([{ stream, fact }], new Map([[stream, expected]]));
    await feed.caughtUp();
    if (appended.outcome !== 'appended') continue;
    const request = feed.latest.dutyRequests.get(id);
    if (request === undefined) throw new Error('what was appended is in the policy');
    return request;
  }
  throw new Problem('conflict');
}
