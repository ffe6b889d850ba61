import { HUB_SOURCE, streamName } from '#kernel';
import { ownFact } from './own-facts.ts';
import type { HubPorts } from './ports.ts';

/** Type of the fact. */
export const ANCHORED = 'uk.svd.hub.access-log-anchored.v1';

/**
 * Writes the newest checkpoint of the access log into the facts log, so that whoever cuts the one back must cut the other
 * too. A checkpoint that is anchored already is a repeat and stores nothing. True when a fact was stored.
 */
export async function anchorAccessLog({ trees, keys, writer }: HubPorts): Promise<boolean> {
  const checkpoint = trees.checkpoint('access');
  if (checkpoint === undefined) return false;
  const { origin, size, root } = checkpoint;
  const data = { origin, size, root: Buffer.from(root).toString('base64') };
  const fact = ownFact(keys, ANCHORED, data, HUB_SOURCE, `access-log.${size}`);
  const appended = await writer.append([{ stream: streamName('access-log'), fact }]);
  if (appended.outcome !== 'appended') throw new Error('one size of the access log has one root');
  return appended.results.some(({ status }) => status === 'accepted');
}
