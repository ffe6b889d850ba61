import { binaryEvent, EventStoreDBClient, START } from '@eventstore/db-client';
import { engineIsOurs } from './engine.ts';
import {
  APPEND_PATHS,
  clientUnderTest,
  event,
  events,
  failure,
  newStream,
  revisions,
} from './testing/client-under-test.ts';

const test = clientUnderTest();
const [, [, APPEND]] = APPEND_PATHS;
const ofOurs = engineIsOurs() ? it : it.skip;

describe('EventStoreDB, held still', () => {
  ofOurs('keeps nothing of an Append that was cut off while it was sent', async () => {
    const [stream, data] = [newStream(), new Uint8Array(1_000)];
    const wide = Array.from({ length: 400 }, () => binaryEvent({ type: 'T', data }));
    await test.client.appendToStream(newStream(), event(), APPEND);
    test.engine.freeze?.();
    const cut = test.client.appendToStream(stream, wide, { ...APPEND, deadline: 100 });
    expect(await failure(cut)).toMatchObject({ type: 'deadline-exceeded' });
    test.engine.thaw?.();
    for (let round = 0; round < 5; round++) await test.client.appendToStream(newStream(), event(), APPEND);
    expect(await failure(revisions(test.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
  });
});

describe('EventStoreDB, killed and started again', () => {
  const kill = () => test.engine.kill?.();
  const restart = () => test.engine.restart?.();

  ofOurs('tells each subscription once, by UnavailableError, and neither ends nor reconnects it', async () => {
    const stream = newStream();
    await test.client.appendToStream(stream, events(1));
    const told: string[] = [];
    const errors: unknown[] = [];
    let caughtUp = 0;
    for (const subscription of [test.client.subscribeToAll(), test.client.subscribeToStream(stream)]) {
      subscription.on('error', (error) => errors.push(error));
      for (const name of ['end', 'close', 'confirmation'] as const) subscription.on(name, () => told.push(name));
      subscription.on('caughtUp', () => caughtUp++).resume();
    }
    while (caughtUp < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await kill();
    while (errors.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await restart();
    for (let sent = 0; sent < 20;) {
      await test.client.appendToStream(stream, event()).then(
        () => sent++,
        () => new Promise((resolve) => setTimeout(resolve, 20)),
      );
    }
    expect(errors).toMatchObject([
      { type: 'unavailable', code: 14 },
      { type: 'unavailable', code: 14 },
    ]);
    expect(told).toEqual(['confirmation', 'confirmation']);
  });

  ofOurs.each(APPEND_PATHS)('keeps what it acknowledged by %s; what was under way fails alike', async (_, how) => {
    const acknowledged = new Map<string, bigint>();
    let stop = false;
    const failed: unknown[] = [];
    const writers = Array.from({ length: 4 }, async () => {
      const stream = newStream();
      for (; !stop;) {
        try {
          const { nextExpectedRevision } = await test.client.appendToStream(stream, events(3), how);
          acknowledged.set(stream, nextExpectedRevision);
        } catch (error) {
          failed.push(error);
          return;
        }
      }
    });
    while ([...acknowledged.values()].filter((revision) => revision > 20n).length < 4) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await kill();
    stop = true;
    await Promise.all(writers);
    expect(failed.length).toBeGreaterThan(0);
    for (const error of failed) expect(error).toMatchObject({ code: 14 });
    await restart();
    for (const [stream, revision] of acknowledged) {
      const found = await eventually(() => revisions(test.client.readStream(stream)));
      expect(found.length % 3).toBe(0);
      expect(found).toEqual(Array.from({ length: found.length }, (_, index) => index));
      expect(found.length).toBeGreaterThan(Number(revision));
    }
  });

  ofOurs('fails a call with code 14 while it is down, and serves the same client when it is up', async () => {
    const stream = newStream();
    await eventually(() => test.client.appendToStream(stream, event()));
    await kill();
    const fresh = EventStoreDBClient.connectionString(test.engine.connection);
    expect(await failure(fresh.appendToStream(stream, event()))).toMatchObject({ code: 14 });
    expect(await failure(test.client.appendToStream(stream, event()))).toMatchObject({ code: 14 });
    await restart();
    for (const client of [fresh, test.client]) await eventually(() => client.appendToStream(stream, event()));
    expect(await revisions(test.client.readStream(stream, { fromRevision: START }))).toEqual([0, 1, 2]);
    await fresh.dispose();
  });

  ofOurs('answers a repeat as before', async () => {
    const [stream, batch] = [newStream(), events(3)];
    const first = await eventually(() => test.client.appendToStream(stream, batch, { expectedRevision: 'no_stream' }));
    await kill();
    await restart();
    expect(
      await eventually(() => test.client.appendToStream(stream, batch, { expectedRevision: 'no_stream' })),
    ).toEqual(first);
  });
});

/** Until the client has noticed that the server is back. */
async function eventually<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      expect(error).toMatchObject({ code: 14 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
