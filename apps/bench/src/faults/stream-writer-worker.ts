import { setTimeout as pause } from 'node:timers/promises';
import { openEventStoreDb, type EventStoreDb, type EventStoreDbOptions, type Placed } from '#event-store';
import { Problem, type Position } from '#kernel';
import { factsOfCall, LANES, repeatKeyOf } from './stream-facts.ts';

export interface WriterStart extends Pick<EventStoreDbOptions, 'connection' | 'stream' | 'directory' | 'deadlineMs'> {
  readonly writer: string;
  /** The first call of each lane that nobody knows to be acknowledged. */
  readonly from: readonly number[];
}
/** A call that was acknowledged, with the position of each of its facts. */
export interface Acknowledged {
  readonly lane: number;
  readonly call: number;
  readonly positions: readonly Position[];
}

/** Run as a process: appends for ever, sends the same again until it is acknowledged, and tells so. A message ends it. */
const start = JSON.parse(process.argv[2] ?? '{}') as WriterStart;
let stopping = false;
process.once('message', () => (stopping = true));

async function untilItAnswers<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'store-unavailable') throw error;
      await pause(100);
    }
  }
}

async function positionsOf(store: EventStoreDb, lane: number, facts: readonly Placed[]): Promise<Position[]> {
  if (lane > 0) return (await store.writer.appendEach(facts, `lane-${lane}`)).map(({ position }) => position);
  const appended = await store.writer.append(facts);
  if (appended.outcome !== 'appended') throw new Error(`an append was ${appended.outcome}`);
  return appended.results.map(({ position }) => position);
}

async function callAfterCall(store: EventStoreDb, lane: number): Promise<void> {
  for (let call = start.from[lane] ?? 0; !stopping; call++) {
    const facts = factsOfCall(start.writer, lane, call);
    const positions = await untilItAnswers(() => positionsOf(store, lane, facts));
    process.send?.({ lane, call, positions } satisfies Acknowledged);
  }
}

const store = await untilItAnswers(() => openEventStoreDb({ ...start, repeatKeyOf }));
await Promise.all(LANES.map((lane) => callAfterCall(store, lane)));
await store.close();
process.disconnect();
