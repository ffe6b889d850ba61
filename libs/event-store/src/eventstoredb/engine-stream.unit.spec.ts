import { Readable } from 'node:stream';
import { EventStoreDBClient } from '@eventstore/db-client';
import { connect, engineEvent, EngineStream } from './engine-stream.ts';

describe('a connection string', () => {
  it.each([
    'esdb://127.0.0.1:2113?tls=false&connectionName=c-1',
    'esdb://node-1:2113?tls=true&keepAliveInterval=20000&connectionName=c-1',
    'esdb://user:pass%40word@node-1:2113,node-2:2113,node-3:2113?nodePreference=leader&connectionName=c-1',
    'esdb+discover://user:word@cluster.example:2113?maxDiscoverAttempts=3&gossipTimeout=2&connectionName=c-1',
  ])('reaches the client as it is: %s', (connection) => {
    const given: unknown[] = [];
    const original = EventStoreDBClient.connectionString.bind(EventStoreDBClient);
    EventStoreDBClient.connectionString = (text) => {
      given.push(text);
      return original(text);
    };
    try {
      expect(connect(connection).connectionName).toBe('c-1');
      expect(given).toEqual([connection]);
    } finally {
      EventStoreDBClient.connectionString = original;
    }
  });

  it.each([
    'http://user:secret@node-1:2113',
    'esdb://user:secret@node-1:port',
    'esdb://user:secret@node-1:2113?tls=perhaps',
    // TLS parameters are the client's to read: this one names a file that is not there
    'esdb://user:secret@node-1:2113?tls=true&tlsCAFile=%2Fnowhere%2Fca.pem',
  ])('that cannot be read is refused, and not repeated: %s', (connection) => {
    let told: unknown;
    try {
      connect(connection);
    } catch (error) {
      told = error;
    }
    expect(told).toMatchObject({ code: 'connection-invalid', message: 'connection-invalid' });
    expect(JSON.stringify(told)).not.toContain('secret');
  });
});

describe('an event for the engine', () => {
  it('is binary, with an id of its own', () => {
    const [one, two] = [1, 2].map(() => engineEvent('t', Buffer.from([1])));
    expect(one).toMatchObject({ contentType: 'application/octet-stream', type: 't', metadata: undefined });
    expect(one?.id).not.toBe(two?.id);
  });
});

/** A client that answers as it is told, in the shapes that the real one does. */
class ScriptedClient {
  readonly reads: (readonly unknown[] | Error | 'silence')[] = [];
  readonly cancelled: unknown[] = [];
  append: (() => Promise<unknown>) | undefined;

  appendToStream(): Promise<unknown> {
    return this.append?.() ?? Promise.reject(new Error('not scripted'));
  }
  readStream(): Readable & { cancel(): Promise<void> } {
    const next = this.reads.shift() ?? [];
    const stream = new Readable({ objectMode: true, read: () => undefined });
    if (next instanceof Error) setImmediate(() => stream.emit('error', next));
    else if (next !== 'silence') for (const event of [...next, null]) stream.push(event);
    return Object.assign(stream, { cancel: async () => void this.cancelled.push(next) });
  }
}
const told = (type: string, over: object = {}): Error => Object.assign(new Error('secret'), { type, ...over });
const event = (revision: number, over: object = {}) => ({
  event: { revision: BigInt(revision), type: 't', data: new Uint8Array(3), isJson: false, ...over },
});

describe('the stream of the facts log', () => {
  let client: ScriptedClient;
  let stream: EngineStream;
  beforeEach(() => {
    client = new ScriptedClient();
    stream = new EngineStream(client as unknown as EventStoreDBClient, 's', 50);
  });
  const appended = (outcome: () => Promise<unknown>) => {
    client.append = outcome;
    return stream.append([engineEvent('t', new Uint8Array(1))], 0);
  };

  it.each<[string, () => Promise<unknown>, string]>([
    ['an answer', async () => ({ success: true, nextExpectedRevision: 0n }), 'appended'],
    [
      'an answer of a stream that was deleted and went on',
      async () => ({ success: true, nextExpectedRevision: 7n }),
      'misplaced',
    ],
    [
      'a wrong revision by BatchAppend',
      () => Promise.reject(told('wrong-expected-version', { message: '' })),
      'wrong-revision',
    ],
    ['a wrong revision by Append', () => Promise.reject(told('wrong-expected-version', { code: 9 })), 'wrong-revision'],
    ['a wrong revision that is no error', async () => ({ success: false }), 'wrong-revision'],
    ['a reset', () => Promise.reject(told('unavailable', { code: 14 })), 'unknown'],
    ['a call that never left', () => Promise.reject(Object.assign(new Error('secret'), { code: 14 })), 'unknown'],
    ['a timeout of the server', () => Promise.reject(told('deadline-exceeded')), 'unknown'],
    ['a follower', () => Promise.reject(told('not-leader')), 'unknown'],
    ['silence', () => new Promise(() => undefined), 'unknown'],
  ])('takes %s for what it is', async (_, outcome, expected) => {
    expect(await appended(outcome)).toBe(expected);
  });

  it('sends nothing more while eight appends wait for an answer', async () => {
    let sent = 0;
    let answer = (_: unknown): void => undefined;
    const silence = () => {
      sent++;
      return new Promise((resolve) => (answer = resolve));
    };
    for (let i = 0; i < 10; i++) expect(await appended(silence)).toBe('unknown');
    expect(sent).toBe(8);
    answer({ success: true });
    await new Promise((resolve) => setImmediate(resolve));
    await appended(silence);
    expect(sent).toBe(9);
  });

  it.each([
    ['access-denied', 'store-access-denied'],
    ['stream-deleted', 'store-damaged'],
    ['maximum-append-size-exceeded', 'store-refused'],
  ])('is told %s for good', async (type, code) => {
    await expect(appended(() => Promise.reject(told(type)))).rejects.toMatchObject({ code, message: code });
  });

  it('reads a page, and says whether more may follow', async () => {
    client.reads.push([event(5), event(6)], [event(5), event(6)], []);
    expect(await stream.read(5, 3)).toMatchObject({ events: [{ at: 5 }, { at: 6 }], last: true });
    expect(await stream.read(5, 2)).toMatchObject({ last: false });
    expect(await stream.at(9)).toBeUndefined();
  });

  it('stops a page before it is too long, and cancels the rest', async () => {
    const wide = { data: new Uint8Array(1_500_000) };
    client.reads.push([event(0, wide), event(1, wide), event(2, wide), event(3, wide)]);
    expect(await stream.read(0)).toMatchObject({ events: [{ at: 0 }, { at: 1 }], last: false });
    expect(client.cancelled).toHaveLength(1);
  });

  it('finds a gap, and hands on nothing of what is not ours', async () => {
    client.reads.push([event(4), event(6)]);
    await expect(stream.read(4)).rejects.toMatchObject({ code: 'store-damaged', index: 5 });
    const json = event(0, { data: { secret: 1 } });
    const annotated = event(1, { metadata: { secret: 1 } });
    const link = { ...event(77), link: { revision: 2n } };
    client.reads.push([json, annotated, link]);
    const { events } = await stream.read(0);
    expect(events.map(({ at, data }) => [at, data.length])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });

  it('takes a missing stream for an empty one', async () => {
    client.reads.push(told('stream-not-found'), told('stream-not-found'));
    expect(await stream.head()).toBe('empty');
    expect(await stream.read(0)).toEqual({ events: [], last: true });
  });

  it('asks once more where a follower named the leader', async () => {
    client.reads.push(told('not-leader'), [event(3)]);
    expect(await stream.head()).toBe(3);
    client.reads.push(told('not-leader'), told('not-leader'));
    await expect(stream.head()).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('waits for a read no longer than its deadline', async () => {
    client.reads.push('silence', told('unavailable'));
    await expect(stream.head()).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(client.cancelled).toEqual(['silence']);
    await expect(stream.head()).rejects.toMatchObject({ code: 'store-unavailable', message: 'store-unavailable' });
  });
});
