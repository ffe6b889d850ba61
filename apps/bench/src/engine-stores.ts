import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openEventStoreDb } from '#event-store';
import { eventStoreDbUnderTest } from '../../../infra/engines/eventstoredb/engine.ts';
import { appendAll, repeatKeyOf, type Calls, type FactsOf } from './measure/append-facts.ts';
import type { Figure } from './measure/figures.ts';
import { engineBaseline } from './raw/engine-baseline.ts';

/** So many facts, by callers of that kind. */
export interface Share {
  readonly count: number;
  readonly calls: Calls;
}

/**
 * The EventStoreDB adapter's writer, its index on disk; raw: the client and the server alone, the same frames in the same
 * calls. The server is the one that `ESDB_URL` names, or a stand-in: its speed is then its own, and only the ratio counts.
 */
export async function eventStoreDbFigures(
  root: string,
  facts: FactsOf,
  shares: readonly Share[],
): Promise<readonly Figure[]> {
  const engine = await eventStoreDbUnderTest();
  try {
    const on = engine.kind === 'stand-in' ? `stand-in, says ${engine.version}` : engine.version;
    const figures: Figure[] = [];
    for (const share of shares) figures.push(await figureOn({ ...engine, on }, root, facts, share));
    return figures;
  } finally {
    await engine.stop();
  }
}

async function figureOn(
  { connection, on }: { readonly connection: string; readonly on: string },
  root: string,
  facts: FactsOf,
  { count, calls }: Share,
): Promise<Figure> {
  const directory = await mkdtemp(join(root, 'engine-index-'));
  const stream = `svd-bench-${randomUUID()}`;
  try {
    const store = await openEventStoreDb({ connection, stream, directory, repeatKeyOf });
    const seconds = await appendAll(store.writer, facts, count, calls).finally(() => store.close());
    const raw = await engineBaseline(connection, stream, `${stream}-raw`);
    return {
      what: `EventStoreDB store, ${calls.callers} callers of ${calls.factsOfCall}`,
      unit: 'facts/s',
      better: 'more',
      hub: count / seconds,
      raw: raw.facts / raw.seconds,
      note: `${on}; ${count} facts, ${Math.round(raw.facts / raw.calls)} a call`,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}
