import {
  END,
  eventTypeFilter,
  NO_STREAM,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type Filter,
  type Position,
  type StreamSubscription,
} from '@eventstore/db-client';
import { clientUnderTest, collect, endOfAll, event, events, newStream } from './testing/client-under-test.ts';

const test = clientUnderTest();

/** What a subscription tells, in its order: a name, or the stream and revision of an event. */
class Told {
  readonly all: string[] = [];
  readonly positions: bigint[] = [];
  readonly errors: unknown[] = [];
  #wake = (): void => undefined;

  constructor(subscription: StreamSubscription | AllStreamSubscription) {
    subscription
      .on('confirmation', () => this.say('confirmation'))
      .on('caughtUp', () => this.say('caught-up'))
      .on('error', (error) => {
        this.errors.push(error);
        this.say('error');
      })
      .on('end', () => this.say('end'))
      .on('close', () => this.say('close'));
    (subscription as StreamSubscription).on('data', (found) => {
      this.positions.push(found.event?.position?.commit ?? -1n);
      this.say(`${found.event?.streamId}@${found.event?.revision}`);
    });
  }

  say(what: string): void {
    this.all.push(what);
    this.#wake();
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

const open: (StreamSubscription | AllStreamSubscription)[] = [];
const told = <S extends StreamSubscription | AllStreamSubscription>(subscription: S): Told => {
  open.push(subscription);
  return new Told(subscription);
};
afterEach(async () => {
  for (const subscription of open.splice(0)) await subscription.unsubscribe();
});
const fill = async (count: number, stream = newStream()): Promise<string> => {
  await test.client.appendToStream(stream, events(count));
  return stream;
};
const names = (stream: string, from: number, until: number): string[] =>
  Array.from({ length: until - from }, (_, index) => `${stream}@${from + index}`);

describe('EventStoreDB, subscribing to a stream', () => {
  it('confirms, sends what there is, and says once that it caught up', async () => {
    const stream = await fill(3);
    const { all, until } = bound(told(test.client.subscribeToStream(stream, { fromRevision: START })));
    await until(() => all.includes('caught-up'));
    await test.client.appendToStream(stream, events(2), { expectedRevision: 2n });
    await until(() => all.length === 7);
    expect(all).toEqual(['confirmation', ...names(stream, 0, 3), 'caught-up', ...names(stream, 3, 5)]);
  });

  it('resumes after the revision that it is given', async () => {
    const stream = await fill(3);
    const { all, until } = bound(told(test.client.subscribeToStream(stream, { fromRevision: 1n })));
    await until(() => all.includes('caught-up'));
    expect(all).toEqual(['confirmation', `${stream}@2`, 'caught-up']);
  });

  it('waits for a missing stream; its tombstone comes at the largest revision, then StreamDeletedError', async () => {
    const stream = newStream();
    const subscription = told(test.client.subscribeToStream(stream));
    const { all, until, errors } = bound(subscription);
    await until(() => all.includes('caught-up'));
    await test.client.appendToStream(stream, events(2), { expectedRevision: NO_STREAM });
    await until(() => all.includes(`${stream}@1`));
    await test.client.tombstoneStream(stream);
    await until(() => all.includes('error'));
    const last = `${stream}@9223372036854775807`;
    expect(all).toEqual(['confirmation', 'caught-up', ...names(stream, 0, 2), last, 'error']);
    expect(errors).toMatchObject([{ type: 'stream-deleted', code: 9, streamName: stream }]);
  });

  it('fails at once where the stream was tombstoned', async () => {
    const stream = await fill(1);
    await test.client.tombstoneStream(stream);
    const { all, until, errors } = bound(told(test.client.subscribeToStream(stream)));
    await until(() => errors.length > 0);
    expect(errors).toMatchObject([{ type: 'stream-deleted', code: 9 }]);
    expect(all).not.toContain(`${stream}@0`);
  });

  it('begins where $tb lets a reader begin', async () => {
    const stream = await fill(5);
    await test.client.setStreamMetadata(stream, { truncateBefore: 3 });
    const { all, until } = bound(told(test.client.subscribeToStream(stream)));
    await until(() => all.includes('caught-up'));
    expect(all).toEqual(['confirmation', ...names(stream, 3, 5), 'caught-up']);
  });
});

describe('EventStoreDB, subscribing to $all', () => {
  const filtered = (filter: Filter, fromPosition: Position | 'start' | 'end', checkpoints: Position[] = []) =>
    test.client.subscribeToAll({
      fromPosition,
      filter: {
        ...filter,
        checkpointReached: (_, position) => void checkpoints.push(position),
      } as Filter,
    });

  it('resumes after the position that it is given, with a filter and without', async () => {
    const stream = await fill(3);
    const [first] = await collect(test.client.readStream(stream));
    const fromPosition = first?.event?.position as Position;
    for (const subscribe of [
      () => test.client.subscribeToAll({ fromPosition }),
      () => filtered(streamNameFilter({ prefixes: [stream] }), fromPosition),
    ]) {
      const { all, until } = bound(told(subscribe()));
      await until(() => all.includes('caught-up'));
      expect(all[0]).toBe('confirmation');
      expect(all.filter((what) => what.startsWith(stream))).toEqual(names(stream, 1, 3));
    }
  });

  it('tells positions in strictly ascending order while several write', async () => {
    const seen = told(test.client.subscribeToAll({ fromPosition: await endOfAll(test.client) }));
    const streams = Array.from({ length: 8 }, newStream);
    const writers = streams.map(async (stream) => {
      for (let call = 0; call < 10; call++) await test.client.appendToStream(stream, events(5));
    });
    await Promise.all(writers);
    await seen.until(() => streams.every((stream) => seen.all.includes(`${stream}@49`)));
    expect(seen.positions.length).toBeGreaterThanOrEqual(400);
    expect(seen.positions.every((at, index) => index === 0 || at > (seen.positions[index - 1] ?? at))).toBe(true);
  });

  it('tells a checkpoint each window times interval events of $all, matching or not', async () => {
    const checkpoints: Position[] = [];
    const filter = streamNameFilter({ prefixes: [newStream()], maxSearchWindow: 10, checkpointInterval: 3 });
    const seen = told(filtered(filter, END, checkpoints));
    await seen.until(() => seen.all.includes('caught-up'));
    const fromPosition = await endOfAll(test.client);
    await fill(200);
    while (checkpoints.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    const after = await collect(test.client.readAll({ fromPosition }));
    const commits = after.map((found) => found.event?.position?.commit);
    const places = checkpoints.map(({ commit }) => commits.indexOf(commit)).filter((place) => place > 0);
    expect(places.length).toBeGreaterThanOrEqual(5);
    expect(places).toEqual(places.map((_, index) => (places[0] ?? 0) + 30 * index));
    expect(seen.all).toEqual(['confirmation', 'caught-up']);
  });

  it('tells checkpoints while it catches up that fall on no rule, and whose prepare position may be 0', async () => {
    await fill(100);
    const checkpoints: Position[] = [];
    const seen = told(filtered(eventTypeFilter({ prefixes: [newStream()] }), START, checkpoints));
    await seen.until(() => seen.all.includes('caught-up'));
    expect(checkpoints.map(({ prepare }) => prepare)).toContain(0n);
    const commits = checkpoints.map(({ commit }) => commit);
    expect(commits).toEqual(commits.toSorted((a, b) => Number(a - b)));
  });

  it('filters by the type of events, by a pattern too', async () => {
    const from = await endOfAll(test.client);
    const stream = newStream();
    await test.client.appendToStream(
      stream,
      ['A1', 'B1', 'A2', '$own'].map((type) => event(type)),
    );
    for (const [filter, expected] of [
      [eventTypeFilter({ prefixes: ['A', 'B'] }), [0, 1, 2]],
      [eventTypeFilter({ regex: '^A' }), [0, 2]],
      [eventTypeFilter({ regex: '^[^$]' }), [0, 1, 2]],
    ] as const) {
      const { all, until } = bound(told(filtered(filter, from)));
      await until(() => all.includes('caught-up'));
      expect(all.filter((what) => what.startsWith(stream))).toEqual(expected.map((no) => `${stream}@${no}`));
    }
  });
});

/** Its parts by themselves. */
function bound(subscription: Told) {
  const { all, errors } = subscription;
  return { all, errors, until: (done: () => boolean) => subscription.until(done) };
}
