import { setTimeout } from 'node:timers/promises';
import { sameBytes } from '#kernel';
import type { AppendPlan, PlannedFact } from './append-plan.ts';
import { isUnavailable, unavailable } from './engine-errors.ts';
import { engineEvent, type Engine } from './engine-stream.ts';
import type { IndexFollower } from './index-follower.ts';

type Planned = Pick<AppendPlan, 'next'> & { readonly fresh: readonly PlannedFact[] };
const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 500;

/**
 * Appends what a plan would keep. True when it lies where it was planned, index included; false when somebody else's
 * facts do, and the index knows them now. A call of unknown outcome is settled by reading back at the planned place: our
 * nonce there, or another's, or nothing yet. What is not there yet may still land, so that only the very same request is
 * sent again: it can land once, there or nowhere.
 * @throws Problem `store-unavailable` when `patience` milliseconds did not settle it: the outcome is then unknown;
 * `store-damaged` when it landed elsewhere.
 */
export async function settleAppend(
  stream: Engine,
  follower: IndexFollower,
  plan: Planned,
  patience: number,
): Promise<boolean> {
  if (plan.fresh.length === 0) return true;
  const events = plan.fresh.map(({ fact, frame }) => engineEvent(fact.type, frame));
  const end = performance.now() + patience;
  let uncertain = false;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const outcome = await follower.during(plan.next + events.length, stream.append(events, plan.next));
    if (outcome === 'appended') {
      follower.appended(plan.fresh);
      return true;
    }
    if (outcome === 'misplaced') throw follower.damagedAt(plan.next);
    if (outcome === 'wrong-revision' && !uncertain) {
      await follower.catchUp();
      // refused, and yet there is nothing that the index lacked
      if (follower.index.next === plan.next) await follower.verify();
      return false;
    }
    uncertain = true;
    const found = await readBack(stream, follower, plan);
    if (found === 'ours' || found === 'another') {
      await follower.catchUp();
      return found === 'ours';
    }
    if (performance.now() > end) throw unavailable();
    await setTimeout(wait);
  }
}

/** Ours only when the last of it lies where it was planned: the engine keeps all of a call or nothing, and this holds it to that. */
async function readBack(
  stream: Engine,
  follower: IndexFollower,
  { next, fresh }: Planned,
): Promise<'ours' | 'another' | 'nothing' | 'unknown'> {
  const nonceAt = async (at: number): Promise<Uint8Array | undefined> => {
    const event = await stream.at(at);
    return event === undefined ? undefined : follower.decode(event).nonce;
  };
  const isOurs = (nonce: Uint8Array, index: number): boolean => {
    const ours = fresh.at(index)?.fact.nonce;
    return ours !== undefined && sameBytes(nonce, ours);
  };
  try {
    const first = await nonceAt(next);
    if (first === undefined) return 'nothing';
    if (!isOurs(first, 0)) return 'another';
    const last = await nonceAt(next + fresh.length - 1);
    return last !== undefined && isOurs(last, -1) ? 'ours' : 'unknown';
  } catch (error) {
    if (isUnavailable(error)) return 'unknown';
    throw error;
  }
}
