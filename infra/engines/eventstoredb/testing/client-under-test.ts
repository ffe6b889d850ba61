import { randomUUID } from 'node:crypto';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  type AllStreamResolvedEvent,
  type EventData,
  type Position,
} from '@eventstore/db-client';
import { eventStoreDbUnderTest, type EventStoreDbUnderTest } from '../engine.ts';

/** Without credentials the client appends by `BatchAppend`, with them by `Append`. */
export const APPEND_PATHS = [
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

export interface ClientUnderTest {
  readonly engine: EventStoreDbUnderTest;
  readonly client: EventStoreDBClient;
}

/** The real client, over the engine that the suite runs on; both end with the suite. */
export function clientUnderTest(): ClientUnderTest {
  let engine: EventStoreDbUnderTest | undefined;
  let client: EventStoreDBClient | undefined;
  beforeAll(async () => {
    engine = await eventStoreDbUnderTest();
    client = EventStoreDBClient.connectionString(engine.connection);
  });
  afterAll(async () => {
    await client?.dispose();
    await engine?.stop();
  });
  return {
    get engine() {
      return engine ?? neverStarted();
    },
    get client() {
      return client ?? neverStarted();
    },
  };
}

function neverStarted(): never {
  throw new Error('the engine was not started');
}

export const newStream = (): string => `svd-${randomUUID()}`;
export const event = (type = 'T', id: string = randomUUID()): EventData => jsonEvent({ id, type, data: { type } });
export const events = (count: number): EventData[] => Array.from({ length: count }, (_, index) => event(`T${index}`));

/** What a promise is rejected with. */
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => Promise.reject(new Error(`it succeeded: ${String(value)}`)),
    (error: unknown) => error,
  );

export async function collect<T>(found: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of found) all.push(one);
  return all;
}

/** Revisions of a stream's events as they are read. */
export const revisions = async (
  found: AsyncIterable<{ readonly event?: { readonly revision: bigint } }>,
): Promise<number[]> => (await collect(found)).map((one) => Number(one.event?.revision));

/** Where `$all` ends now, to read on from. */
export async function endOfAll(client: EventStoreDBClient): Promise<Position> {
  const [last] = await collect<AllStreamResolvedEvent>(
    client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
  );
  return last?.event?.position ?? neverStarted();
}
