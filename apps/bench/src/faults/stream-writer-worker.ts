import { setTimeout as pause } from 'node:timers/promises';
import {
  openEventStoreDb,
  type Clash,
  type EventStoreDb,
  type EventStoreDbOptions,
  type Kept,
  type Placed,
} from '#event-store';
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
  /** That were there already. */
  readonly repeated: readonly number[];
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

async function append(store: EventStoreDb, lane: number, facts: readonly Placed[]): Promise<readonly (Kept | Clash)[]> {
  if (lane > 0) return store.writer.appendEach(facts, `lane-${lane}`);
  const appended = await store.writer.append(facts);
  if (appended.outcome !== 'appended') throw new Error(`an append was ${appended.outcome}`);
  return appended.results;
}

async function callAfterCall(store: EventStoreDb, lane: number): Promise<void> {
  for (let call = start.from[lane] ?? 0; !stopping; call++) {
    const facts = factsOfCall(start.writer, lane, call);
    const results = await untilItAnswers(() => append(store, lane, facts));
    const positions = results.map(({ position }) => position);
    const repeated = results.flatMap(({ status }, index) => (status === 'repeated' ? [index] : []));
    process.send?.({ lane, call, positions, repeated } satisfies Acknowledged);
  }
}

const store = await untilItAnswers(() => openEventStoreDb({ ...start, repeatKeyOf }));
await Promise.all(LANES.map((lane) => callAfterCall(store, lane)));
await store.close();
process.disconnect();
