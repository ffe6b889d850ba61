import { HUB_SOURCE } from '#kernel';
import { noteReview } from '#sharing';
import { appendDecided } from './agreement-facts.ts';
import type { PolicyFeed } from './policy-feed.ts';
import type { HubPorts } from './ports.ts';

/**
 * Writes a fact for each version whose review is overdue, once, whichever process is first. It stops no disclosure.
 * Resolves to how many agreements had one to note.
 */
export async function noteOverdueReviews(ports: HubPorts, feed: PolicyFeed): Promise<number> {
  const { agreements } = await feed.confirmed();
  const at = ports.clock.now();
  const overdue = [...agreements.values()].filter((state) => noteReview(state, at).events.length > 0);
  for (const { id } of overdue)
    await appendDecided(ports, feed, id, { agency: HUB_SOURCE }, (state, _policy, now) =>
      state === undefined ? { ok: true, events: [] } : noteReview(state, now),
    );
  return overdue.length;
}
