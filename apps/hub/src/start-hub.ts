import { pino } from 'pino';
import { createEdge, type Edge } from '#edge';
import { anchorAccessLog, expireHeld, noteOverdueReviews, PolicyFeed, tellOverdue, type HubPorts } from '#hub';
import { BUILD } from './build-id.ts';
import { HubModule } from './hub.module.ts';
import { identityOf } from './identity.ts';
import { openPorts } from './open-ports.ts';
import { publicUrlOf, type HubSettings } from './settings.ts';

const EXPIRE_EVERY_MS = 3_600_000;
const ANCHOR_EVERY_MS = 60_000;
const TELL_OVERDUE_EVERY_MS = 3_600_000;
const REVIEW_EVERY_MS = 3_600_000;

export interface RunningHub {
  readonly edge: Edge;
  readonly ports: HubPorts;
  close(): Promise<void>;
}

/** Opens the files, catches up with the policy, then listens. */
export async function startHub(settings: HubSettings): Promise<RunningHub> {
  const log = pino({ level: settings.logLevel, base: null });
  const { ports, close } = await openPorts(settings, BUILD, (part, cause) => {
    log.error({ part, error: cause instanceof Error ? cause.name : typeof cause }, 'part down');
  });
  /** Now, and again and again; a failure is logged, and the next turn tries anew. */
  const every = (milliseconds: number, part: string, chore: () => Promise<unknown>): NodeJS.Timeout => {
    const run = (): void =>
      void chore().catch((error: unknown) => {
        log.error({ part, error: error instanceof Error ? error.name : typeof error }, 'chore failed');
      });
    run();
    return setInterval(run, milliseconds);
  };
  try {
    const feed = new PolicyFeed(ports);
    await feed.refresh();
    const identity = identityOf(settings);
    const edge = await createEdge(HubModule.over(ports, feed), {
      publicUrl: publicUrlOf(settings),
      title: 'SVD Hub',
      version: '0.1.0',
      issuers: identity.issuers,
      logLevel: settings.logLevel,
      ...(identity.mount === undefined ? {} : { mount: identity.mount }),
    });
    await edge.app.listen(settings.port, settings.host);
    const chores = [
      every(EXPIRE_EVERY_MS, 'quarantine', () => expireHeld(ports)),
      every(ANCHOR_EVERY_MS, 'anchor', () => anchorAccessLog(ports)),
      every(TELL_OVERDUE_EVERY_MS, 'returns', () => tellOverdue(ports, feed)),
      every(REVIEW_EVERY_MS, 'reviews', () => noteOverdueReviews(ports, feed)),
    ];
    return {
      edge,
      ports,
      close: async () => {
        for (const chore of chores) clearInterval(chore);
        await edge.app.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
