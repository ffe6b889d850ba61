import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type FactsWriter, type Placed } from '#event-store';
import { eventType, streamName } from '#kernel';
import { eventLines, INCIDENT } from './hub/events.ts';
import { POLICE } from './hub/people.ts';
import type { Figure } from './measure/figures.ts';
import { ingestBaseline } from './raw/ingest-baseline.ts';

const CALLERS = 16;
const FACTS_A_CALL = 100;

/** The embedded store's writer alone; raw: the same rows in the same commits. */
export async function sqliteFigure(events: number, seed: string): Promise<Figure> {
  const directory = await mkdtemp(join(tmpdir(), 'svd-bench-store-'));
  try {
    const store = await openSqliteStore({ directory });
    const seconds = await appendAll(store.writer, events, seed);
    await store.close();
    const raw = ingestBaseline(directory, directory);
    return {
      what: `SQLite adapter, ${CALLERS} callers`,
      unit: 'facts/s',
      better: 'more',
      hub: events / seconds,
      raw: raw.facts / raw.seconds,
      note: `calls of ${FACTS_A_CALL}; ${Math.round(raw.facts / raw.commits)} a commit`,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Appends `events` facts in calls of {@link FACTS_A_CALL} from several callers at once; seconds taken. */
export async function appendAll(writer: FactsWriter, events: number, seed: string): Promise<number> {
  const calls = Math.ceil(events / FACTS_A_CALL);
  const placed = factsOf(seed);
  let next = 0;
  const caller = async (lane: string): Promise<void> => {
    for (let call = next++; call < calls; call = next++) {
      const from = call * FACTS_A_CALL;
      await writer.appendEach(placed(from, Math.min(events, from + FACTS_A_CALL)), lane);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, (_, i) => caller(`caller-${i}`)));
  return (performance.now() - began) / 1_000;
}

/** Facts `from` to `to`, made on demand: what is measured is the append, and memory stays small. */
export function factsOf(seed: string): (from: number, to: number) => Placed[] {
  const lines = eventLines('incident', seed);
  const metadata = { agency: POLICE, basis: 'anonymised', schemaversion: '1.0', way: 'P' };
  const shared = { source: `urn:svd:agency:${POLICE}:incidents`, type: eventType(INCIDENT), metadata };
  const stream = streamName(`feed:${POLICE}:${INCIDENT}`);
  return (from, to) =>
    Array.from({ length: to - from }, (_, i) => ({
      stream,
      fact: {
        ...shared,
        id: randomBytes(16).toString('hex'),
        repeatKey: randomBytes(32),
        stored: Buffer.from(lines(from + i), 'latin1'),
      },
    }));
}
