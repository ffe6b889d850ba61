import {
  BACKWARDS,
  END,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  START,
  type Position,
  type ReadAllOptions,
} from '@eventstore/db-client';
import {
  clientUnderTest,
  collect,
  endOfAll,
  event,
  events,
  failure,
  newStream,
  revisions,
} from './testing/client-under-test.ts';

const test = clientUnderTest();
const fill = async (count: number, stream = newStream()): Promise<string> => {
  await test.client.appendToStream(stream, events(count), { expectedRevision: NO_STREAM });
  return stream;
};

describe('EventStoreDB, reading a stream', () => {
  it('begins with the revision that it is given, both ways', async () => {
    const stream = await fill(10);
    const read = (options: object) => revisions(test.client.readStream(stream, options));
    expect(await read({ fromRevision: 4n, maxCount: 2 })).toEqual([4, 5]);
    expect(await read({ direction: BACKWARDS, fromRevision: 4n, maxCount: 2 })).toEqual([4, 3]);
    expect(await read({ direction: BACKWARDS, fromRevision: END, maxCount: 3 })).toEqual([9, 8, 7]);
    expect(await read({ direction: BACKWARDS, fromRevision: START })).toEqual([0]);
    expect(await read({ direction: BACKWARDS, fromRevision: 100n })).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('finds nothing beyond its end, without an error', async () => {
    const stream = await fill(10);
    for (const fromRevision of [10n, 100n]) {
      expect(await revisions(test.client.readStream(stream, { fromRevision }))).toEqual([]);
    }
  });

  it('tells a missing stream by StreamNotFoundError', async () => {
    const stream = newStream();
    for (const direction of [FORWARDS, BACKWARDS] as const) {
      const error = await failure(
        collect(test.client.readStream(stream, { direction, fromRevision: direction === FORWARDS ? START : END })),
      );
      expect(error).toMatchObject({ type: 'stream-not-found', streamName: stream, message: `${stream} not found` });
    }
  });

  it('fails for maxCount 0, and forwards from the end', async () => {
    const stream = await fill(1);
    for (const options of [{ maxCount: 0 }, { fromRevision: END } as const]) {
      expect(await failure(collect(test.client.readStream(stream, options)))).toMatchObject({
        type: 'unknown',
        code: 2,
      });
    }
  });

  it('tells a tombstoned stream, and its metadata, by StreamDeletedError', async () => {
    const stream = await fill(1);
    await test.client.tombstoneStream(stream);
    const deleted = { type: 'stream-deleted', code: 9 };
    expect(await failure(collect(test.client.readStream(stream)))).toMatchObject({ ...deleted, streamName: stream });
    expect(await failure(test.client.getStreamMetadata(stream))).toMatchObject({
      ...deleted,
      streamName: `$$${stream}`,
    });
  });

  it('gives back bytes as they were, and their metadata', async () => {
    const stream = newStream();
    const data = Uint8Array.from([0, 255, 10]);
    await test.client.appendToStream(stream, {
      ...event('Bin'),
      contentType: 'application/octet-stream',
      data,
      metadata: Uint8Array.from([7]),
    });
    const [found] = await collect(test.client.readStream(stream));
    expect(found?.event).toMatchObject({ isJson: false, data, metadata: Uint8Array.from([7]), streamId: stream });
  });

  it('resolves a link that can be, and leaves the others without an event', async () => {
    const [stream, deleted, links] = [await fill(5), await fill(1), newStream()];
    await test.client.deleteStream(deleted);
    const targets = [`3@${stream}`, `77@${stream}`, `0@${deleted}`];
    await test.client.appendToStream(
      links,
      targets.map((data) => ({
        ...event('$>'),
        contentType: 'application/octet-stream' as const,
        data: Buffer.from(data),
      })),
    );
    const resolved = await collect(test.client.readStream(links, { resolveLinkTos: true }));
    expect(resolved.map((found) => found.event?.revision)).toEqual([3n, undefined, undefined]);
    expect(resolved.map(({ link }) => link?.revision)).toEqual([0n, 1n, 2n]);
    const plain = await collect(test.client.readStream(links));
    expect(plain.map((found) => found.event?.type)).toEqual(['$>', '$>', '$>']);
  });
});

describe('EventStoreDB, reading $all', () => {
  const names = (stream: string, count: number) => Array.from({ length: count }, (_, no) => `${stream}@${no}`);
  const read = async (options: ReadAllOptions): Promise<string[]> =>
    (await collect(test.client.readAll(options))).map((found) => `${found.event?.streamId}@${found.event?.revision}`);
  const positionsOf = async (stream: string): Promise<Position[]> =>
    (await collect(test.client.readStream(stream))).map((found) => found.event?.position as Position);

  /** Of these streams alone: others may write as well. */
  const readOf = async (wanted: readonly string[], options: ReadAllOptions): Promise<string[]> =>
    (await read({ maxCount: 1_000, ...options })).filter((name) => wanted.includes(name.split('@')[0] ?? ''));

  it('begins with the position that it is given forwards, and before it backwards', async () => {
    const [before, stream] = [await fill(2), await fill(3)];
    const both = [before, stream];
    const [first, second] = (await positionsOf(stream)) as [Position, Position];
    expect(await readOf(both, { fromPosition: first })).toEqual(names(stream, 3));
    expect((await readOf(both, { direction: BACKWARDS, fromPosition: first })).slice(0, 2)).toEqual(
      names(before, 2).reverse(),
    );
    expect((await readOf(both, { direction: BACKWARDS, fromPosition: second })).slice(0, 2)).toEqual([
      `${stream}@0`,
      `${before}@1`,
    ]);
    const between = { commit: second.commit, prepare: first.commit };
    expect(await readOf(both, { fromPosition: between })).toEqual(names(stream, 3).slice(1));
  });

  it('knows a batch by the position of its last event', async () => {
    const stream = newStream();
    const { position } = await test.client.appendToStream(stream, events(3));
    const positions = await positionsOf(stream);
    expect(positions.at(-1)).toEqual(position);
    expect(positions.map(({ commit }) => commit)).toEqual(
      positions.map(({ commit }) => commit).toSorted((a, b) => Number(a - b)),
    );
    expect(await read({ fromPosition: position as Position, maxCount: 1 })).toEqual([`${stream}@2`]);
  });

  it('fails at a position that is no boundary, with code 2', async () => {
    const [{ commit, prepare }] = (await positionsOf(await fill(2))) as [Position];
    expect(await failure(read({ fromPosition: { commit: commit + 1n, prepare: prepare + 1n } }))).toMatchObject({
      code: 2,
    });
    expect(await failure(read({ fromPosition: { commit, prepare: commit + 1n } }))).toMatchObject({ code: 2 });
  });

  it('finds nothing from its end on, nor before its start, and fails backwards from beyond it', async () => {
    const beyond = { commit: 2n ** 60n, prepare: 2n ** 60n };
    expect(await read({ fromPosition: END })).toEqual([]);
    expect(await read({ fromPosition: beyond })).toEqual([]);
    expect(await read({ direction: BACKWARDS, fromPosition: START })).toEqual([]);
    expect(await failure(read({ direction: BACKWARDS, fromPosition: beyond }))).toMatchObject({ code: 2 });
  });

  it('hangs for maxCount 0', async () => {
    const hanging = test.client.readAll({ maxCount: 0 });
    let ended = false;
    hanging
      .on('end', () => (ended = true))
      .on('error', () => (ended = true))
      .resume();
    // time enough for it to end, by the server's own measure
    for (let round = 0; round < 5; round++) await read({ fromPosition: await endOfAll(test.client) });
    expect(ended).toBe(false);
    await hanging.cancel();
  });

  it('ignores a filter: the client does not send it', async () => {
    const from = await endOfAll(test.client);
    const [wanted, other] = [await fill(1), await fill(1)];
    const options = { fromPosition: from, filter: { filterOn: 'streamName', prefixes: [wanted] } };
    expect(await read(options as ReadAllOptions)).toEqual(expect.arrayContaining([`${wanted}@0`, `${other}@0`]));
  });

  it('holds the server’s own events among ours: metadata, tombstones at the largest revision, links', async () => {
    const from = await endOfAll(test.client);
    const [cut, deleted, links] = [await fill(1), await fill(1), newStream()];
    await test.client.setStreamMetadata(cut, { maxCount: 5 });
    await test.client.tombstoneStream(deleted);
    await test.client.appendToStream(links, {
      ...event('$>'),
      contentType: 'application/octet-stream',
      data: Buffer.from(`0@${cut}`),
    });
    const found = (await collect(test.client.readAll({ fromPosition: from }))).map((one) => one.event);
    expect(found.find((one) => one?.streamId === `$$${cut}`)).toMatchObject({
      type: '$metadata',
      data: { $maxCount: 5 },
    });
    expect(found.find((one) => one?.type === '$streamDeleted')).toMatchObject({
      streamId: deleted,
      revision: 9_223_372_036_854_775_807n,
      data: new Uint8Array(0),
    });
    expect(found.find((one) => one?.streamId === links)).toMatchObject({ type: '$>' });
    expect(found.filter((one) => one?.streamId === deleted)).toHaveLength(2);
  });

  it('shows what a soft delete hides', async () => {
    const from = await endOfAll(test.client);
    const stream = await fill(2);
    await test.client.deleteStream(stream);
    expect(await read({ fromPosition: from })).toEqual(expect.arrayContaining([...names(stream, 2), `$$${stream}@0`]));
    expect(await test.client.getStreamMetadata(stream)).toMatchObject({ metadata: { truncateBefore: 2 ** 63 } });
  });

  it.each([
    ['$tb', { truncateBefore: 3 }, [3, 4]],
    ['$maxCount', { maxCount: 2 }, [3, 4]],
    ['$maxAge', { maxAge: 1 }, []],
  ])('shows what %s takes from a stream', async (name, metadata, left) => {
    const from = await endOfAll(test.client);
    const stream = await fill(5);
    await test.client.setStreamMetadata(stream, metadata);
    const readable = () => revisions(test.client.readStream(stream));
    while (name === '$maxAge' && (await readable()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await readable()).toEqual(left);
    expect(await revisions(test.client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))).toEqual(
      left.toReversed(),
    );
    expect(await read({ fromPosition: from })).toEqual(expect.arrayContaining(names(stream, 5)));
    const last = await test.client.appendToStream(stream, jsonEvent({ type: 'T', data: {} }), { expectedRevision: 4n });
    expect(last.nextExpectedRevision).toBe(5n);
  });
});
