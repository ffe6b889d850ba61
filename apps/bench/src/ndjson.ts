import { blocksOf, eventLines } from './hub/events.ts';
import type { ChildHub } from './hub/child-hub.ts';
import { POLICE } from './hub/people.ts';
import type { Figure } from './measure/figures.ts';
import { caughtUp, modelsAre } from './measure/models.ts';
import { pushBlocks, type Pushed } from './measure/push-blocks.ts';
import { ingestBaseline } from './raw/ingest-baseline.ts';

/** Fills a hub over one NDJSON stream: two thirds place events, one third profile events; then waits for the models. */
export async function fill(hub: ChildHub, events: number, seed: string): Promise<Pushed & { behind: number }> {
  const incidents = Math.ceil((events * 2) / 3);
  function* blocks(): Generator<Buffer> {
    yield* blocksOf(eventLines('incident', seed), 0, incidents);
    yield* blocksOf(eventLines('profile', seed), 0, events - incidents);
  }
  const token = await hub.as(POLICE, 'publisher').token();
  const pushed = await pushBlocks(hub.url, token, blocks());
  if (pushed.totals.accepted !== events) throw new Error(`accepted ${pushed.totals.accepted} of ${events}`);
  return { ...pushed, behind: await modelsAre(hub, caughtUp) };
}

/** NDJSON ingest, projections running; raw: the same rows in the same commits on bare SQLite. */
export function ndjsonFigure(hub: ChildHub, pushed: Pushed & { behind: number }): Figure {
  const { totals, seconds, bytes, behind } = pushed;
  const raw = ingestBaseline(hub.directory, hub.directory);
  return {
    what: 'NDJSON, one stream',
    unit: 'events/s',
    better: 'more',
    hub: totals.accepted / seconds,
    raw: raw.facts / raw.seconds,
    note:
      `${totals.accepted} events of ${Math.round(bytes / totals.accepted)} bytes, ` +
      `${Math.round(raw.facts / raw.commits)} a commit; models ${behind.toFixed(1)} s behind at the end`,
  };
}
