import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '#event-store';
import { eventStoreDbFigures } from './engine-stores.ts';
import { appendAll, factsOf, type Calls, type FactsOf } from './measure/append-facts.ts';
import type { Figure } from './measure/figures.ts';
import { ingestBaseline } from './raw/ingest-baseline.ts';

/** What a hub's clients come to: many that append one fact, several that append some. */
const SINGLE: Calls = { callers: 64, factsOfCall: 1 };
const GROUPS: Calls = { callers: 16, factsOfCall: 100 };
const SINGLE_SHARE = 0.2;

/** Each adapter's writer alone, beside its engine alone. The facts are made before: what is measured is the append. */
export async function storeFigures(root: string, events: number, seed: string): Promise<readonly Figure[]> {
  const made = factsOf(`${seed} stores`)(0, events);
  const facts: FactsOf = (from, to) => made.slice(from, to);
  const singles = Math.max(1, Math.round(events * SINGLE_SHARE));
  return [
    await sqliteFigure(root, facts, singles, SINGLE),
    await sqliteFigure(root, facts, events, GROUPS),
    ...(await eventStoreDbFigures(root, facts, [
      { count: singles, calls: SINGLE },
      { count: events, calls: GROUPS },
    ])),
  ];
}

/** The embedded store's writer; raw: the same rows in the same commits on bare SQLite. */
async function sqliteFigure(root: string, facts: FactsOf, count: number, calls: Calls): Promise<Figure> {
  const directory = await mkdtemp(join(root, 'store-'));
  try {
    const store = await openSqliteStore({ directory });
    const seconds = await appendAll(store.writer, facts, count, calls);
    await store.close();
    const raw = ingestBaseline(directory, directory);
    return {
      what: `SQLite store, ${calls.callers} callers of ${calls.factsOfCall}`,
      unit: 'facts/s',
      better: 'more',
      hub: count / seconds,
      raw: raw.facts / raw.seconds,
      note: `${count} facts, ${Math.round(raw.facts / raw.commits)} a commit`,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}
