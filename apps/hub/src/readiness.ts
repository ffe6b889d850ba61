import type { Readiness } from '#edge';
import type { HubPorts, PolicyFeed } from '#hub';

/** Ready when both logs can be written and their trees follow, the policy confirmed and every model served; what is missing is named by part. */
export function readinessOf(ports: HubPorts, feed: PolicyFeed): Readiness {
  return {
    missing: async () => {
      const missing: string[] = [];
      if (!ports.writer.writable()) missing.push('store');
      if (!ports.access.writable()) missing.push('audit');
      if (!ports.trees.following()) missing.push('trees');
      await feed.confirmed().catch(() => missing.push('policy'));
      const models = await ports.models.status().catch(() => []);
      if (models.length === 0 || models.some(({ state }) => state === 'down')) missing.push('projector');
      return missing;
    },
  };
}
