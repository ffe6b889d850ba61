import { randomUUID } from 'node:crypto';
import { ANY, binaryEvent, BACKWARDS, NO_STREAM, STREAM_EXISTS, type EventData } from '@eventstore/db-client';
import {
  APPEND_PATHS,
  clientUnderTest,
  collect,
  event,
  events,
  failure,
  newStream,
  revisions,
} from './testing/client-under-test.ts';

const test = clientUnderTest();
const ofBytes = (bytes: number): EventData =>
  binaryEvent({ id: randomUUID(), type: 'Big', data: new Uint8Array(bytes) });

describe.each(APPEND_PATHS)('EventStoreDB, appending by %s', (path, how) => {
  const append = (
    stream: string,
    list: EventData[],
    expectedRevision: bigint | 'any' | 'no_stream' | 'stream_exists',
  ) => test.client.appendToStream(stream, list, { ...how, expectedRevision });
  const types = async (stream: string): Promise<unknown[]> =>
    (await collect(test.client.readStream(stream))).map((found) => found.event?.type);

  it('tells the revision and the position of the last event', async () => {
    const stream = newStream();
    const { success, nextExpectedRevision, position } = await append(stream, events(3), NO_STREAM);
    expect([success, nextExpectedRevision]).toEqual([true, 2n]);
    const [last] = await collect(
      test.client.readStream(stream, { direction: BACKWARDS, fromRevision: 'end', maxCount: 1 }),
    );
    expect(last?.event?.position).toEqual(position);
  });

  it('takes a wrong revision for WrongExpectedVersionError, without message or code', async () => {
    const stream = newStream();
    await append(stream, events(2), NO_STREAM);
    for (const [name, expected, actual] of [
      [stream, NO_STREAM, 1n],
      [stream, 5n, 1n],
      [stream, 0n, 1n],
      [`${stream}-missing`, 0n, 'no_stream'],
      [`${stream}-missing`, STREAM_EXISTS, 'no_stream'],
    ] as const) {
      const error = await failure(append(name, events(1), expected));
      expect(error).toMatchObject({
        type: 'wrong-expected-version',
        message: '',
        streamName: name,
        expectedVersion: expected,
        actualVersion: actual,
      });
      expect((error as { code?: unknown }).code).toBeUndefined();
    }
    expect(await append(stream, events(1), 1n)).toMatchObject({ success: true, nextExpectedRevision: 2n });
  });

  it('answers a repeat of a whole batch with its first position, also after the stream moved on', async () => {
    const [stream, batch] = [newStream(), events(3)];
    const first = await append(stream, batch, NO_STREAM);
    await append(stream, events(2), 2n);
    for (const expected of [NO_STREAM, ANY, STREAM_EXISTS] as const) {
      expect(await append(stream, batch, expected)).toEqual(first);
    }
    expect(await types(stream)).toHaveLength(5);
  });

  it('answers a prefix, a middle and a tail of a batch as repeats, with the revision of the request’s last event', async () => {
    const [stream, batch] = [newStream(), events(3)];
    await append(stream, batch, NO_STREAM);
    for (const [from, until, expected] of [
      [0, 1, NO_STREAM],
      [0, 2, ANY],
      [1, 2, 0n],
      [1, 2, ANY],
      [1, 3, 0n],
    ] as const) {
      const { nextExpectedRevision, position } = await append(stream, batch.slice(from, until), expected);
      expect(nextExpectedRevision).toBe(BigInt(until - 1));
      const [last] = await collect(test.client.readStream(stream, { fromRevision: nextExpectedRevision, maxCount: 1 }));
      expect(position).toEqual(last?.event?.position);
    }
    expect(await types(stream)).toEqual(['T0', 'T1', 'T2']);
  });

  it('refuses old events followed by a new one, also with any', async () => {
    const [stream, [first, old]] = [newStream(), events(2)];
    await append(stream, [first, old] as EventData[], NO_STREAM);
    for (const expected of [0n, ANY] as const) {
      expect(await failure(append(stream, [old as EventData, event('New')], expected))).toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: expected,
        actualVersion: 1n,
      });
    }
    expect(await types(stream)).toEqual(['T0', 'T1']);
  });

  it('writes an old id again after a new one, with any', async () => {
    const [stream, old] = [newStream(), event('Old')];
    await append(stream, [old], NO_STREAM);
    expect(await append(stream, [event('New'), old], ANY)).toMatchObject({ nextExpectedRevision: 2n });
    expect(await types(stream)).toEqual(['Old', 'New', 'Old']);
  });

  it('refuses a batch in another order', async () => {
    const [stream, batch] = [newStream(), events(2)];
    await append(stream, batch, NO_STREAM);
    expect(await failure(append(stream, batch.toReversed(), NO_STREAM))).toMatchObject({
      type: 'wrong-expected-version',
    });
  });

  it('writes the same id twice within a batch, and in two streams', async () => {
    const [stream, one] = [newStream(), event()];
    expect(await append(stream, [one, one], ANY)).toMatchObject({ nextExpectedRevision: 1n });
    expect(await append(`${stream}-other`, [one], ANY)).toMatchObject({ nextExpectedRevision: 0n });
    expect(await types(stream)).toHaveLength(2);
  });

  it('takes another body under an old id for a repeat, and keeps the old one', async () => {
    const [stream, old] = [newStream(), event('Old')];
    const first = await append(stream, [old], NO_STREAM);
    expect(await append(stream, [event('Other', old.id)], NO_STREAM)).toEqual(first);
    expect(await types(stream)).toEqual(['Old']);
  });

  it('takes an empty array for a success: 0 on a missing stream, which stays missing', async () => {
    const stream = newStream();
    expect(await append(stream, [], NO_STREAM)).toMatchObject({ success: true, nextExpectedRevision: 0n });
    expect(await failure(collect(test.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
    await append(stream, events(3), NO_STREAM);
    expect(await append(stream, [], ANY)).toMatchObject({ success: true, nextExpectedRevision: 2n });
  });

  it('takes 1,048,576 bytes of data a call, all events together, and refuses one more', async () => {
    const stream = newStream();
    const tooLarge = { type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 };
    expect(await append(stream, [ofBytes(1_048_576)], NO_STREAM)).toMatchObject({ success: true });
    expect(await append(stream, [ofBytes(600_000), ofBytes(448_576)], 0n)).toMatchObject({ success: true });
    for (const list of [[ofBytes(1_048_577)], [ofBytes(600_000), ofBytes(448_577)], [ofBytes(5_000_000)]]) {
      const error = await failure(append(stream, list, ANY));
      expect(error).toMatchObject({
        ...tooLarge,
        message: path === 'Append' ? expect.stringContaining('1048576') : '',
      });
    }
    expect(await append(stream, events(1), 2n)).toMatchObject({ success: true });
  });

  it('refuses a message that is larger than any, with code 8', async () => {
    expect(await failure(append(newStream(), [ofBytes(20_000_000)], ANY))).toMatchObject({ type: 'unknown', code: 8 });
    expect(await append(newStream(), events(1), ANY)).toMatchObject({ success: true });
  });

  it('goes on at the next revision after a soft delete', async () => {
    const stream = newStream();
    await append(stream, events(2), NO_STREAM);
    await test.client.deleteStream(stream);
    await test.client.deleteStream(stream);
    expect(await failure(collect(test.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
    expect(await append(stream, [event('After')], NO_STREAM)).toMatchObject({ nextExpectedRevision: 2n });
    expect(await revisions(test.client.readStream(stream))).toEqual([2]);
  });

  it('takes a tombstoned stream for StreamDeletedError, with a code by Append alone', async () => {
    const stream = newStream();
    await append(stream, events(1), NO_STREAM);
    await test.client.tombstoneStream(stream);
    for (const expected of [ANY, NO_STREAM] as const) {
      const error = await failure(append(stream, events(1), expected));
      expect(error).toMatchObject({ type: 'stream-deleted', streamName: stream });
      expect((error as { code?: unknown }).code).toBe(path === 'Append' ? 9 : undefined);
    }
  });
});

describe('EventStoreDB, deleting', () => {
  it('refuses a wrong revision and a missing stream, with code 9 and versions as numbers', async () => {
    const stream = newStream();
    await test.client.appendToStream(stream, events(1));
    expect(await failure(test.client.deleteStream(stream, { expectedRevision: 4n }))).toMatchObject({
      type: 'wrong-expected-version',
      code: 9,
      expectedVersion: 4n,
      actualVersion: 0n,
    });
    expect(await failure(test.client.deleteStream(newStream()))).toMatchObject({
      type: 'wrong-expected-version',
      expectedVersion: -2n,
      actualVersion: -1n,
    });
  });

  // its types do not allow it either
  it('fails inside the client where a stream is expected to exist', async () => {
    const stream = newStream();
    await test.client.appendToStream(stream, events(1));
    expect(await failure(test.client.deleteStream(stream, { expectedRevision: STREAM_EXISTS as never }))).toMatchObject(
      {
        type: 'unknown',
        code: 13,
      },
    );
  });

  it('is refused for ever after a tombstone', async () => {
    const stream = newStream();
    await test.client.appendToStream(stream, events(1));
    await test.client.tombstoneStream(stream);
    for (const again of [test.client.tombstoneStream(stream), test.client.deleteStream(stream)]) {
      expect(await failure(again)).toMatchObject({ type: 'stream-deleted', code: 9, streamName: stream });
    }
  });
});
