import type { FactsReader, StoredFact } from '#event-store';
import { eventType, Problem, streamName, type Instant } from '#kernel';
import { PolicyFeed } from './policy-feed.ts';
import { adopted, ANALYSTS, drafting, inForce, memoryHub, memoryPorts, POLICE, signing } from './testing/memory-hub.ts';

type Read = FactsReader['readOwn'];
const through = (log: FactsReader, readOwn: (read: Read) => Read): FactsReader => ({
  readStream: log.readStream.bind(log),
  readAll: log.readAll.bind(log),
  subscribe: log.subscribe.bind(log),
  find: log.find.bind(log),
  at: log.at.bind(log),
  head: log.head.bind(log),
  readOwn: readOwn(log.readOwn.bind(log)),
});
const CODES = JSON.stringify({ kind: 'codes', version: 'c', title: 't', source: 's', licence: 'l', lists: {} });

describe('the policy feed', () => {
  it('shows a caller what it has just written', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    expect((await hub.feed.confirmed()).agreements.get('counts')?.window).toBeDefined();
  });

  it('shows each of many callers what it has just written', async () => {
    const hub = await memoryHub();
    const ids = Array.from({ length: 8 }, (_, i) => `counts-${i}`);
    await Promise.all(
      ids.map(async (id) => {
        const { digest } = await drafting(hub, id);
        expect(hub.feed.latest.agreements.get(id)?.digest).toBe(digest);
        await signing(hub, id, digest, POLICE);
        expect(hub.feed.latest.agreements.get(id)?.signatures.map(({ agency }) => agency)).toEqual([POLICE]);
      }),
    );
  });

  it('is stale when looking at the log took too long, and fresh again after a quick look', async () => {
    const { ports } = await memoryHub();
    let delay = 520;
    const slow = through(
      ports.log,
      (read) =>
        async function* (after, until) {
          await new Promise((resolve) => setTimeout(resolve, delay));
          yield* read(after, until);
        },
    );
    const feed = new PolicyFeed({ log: slow, artefacts: ports.artefacts });
    await expect(feed.confirmed()).rejects.toMatchObject({ code: 'policy-stale', retryAfter: 1 });
    delay = 0;
    expect((await feed.confirmed()).agencies.has(ANALYSTS)).toBe(true);
  });

  it('fails while the log cannot be read, however recently it could', async () => {
    const { ports } = await memoryHub();
    let broken = false;
    const log = through(ports.log, (read) => (after, until) => {
      if (broken) throw new Problem('store-unavailable');
      return read(after, until);
    });
    const feed = new PolicyFeed({ log, artefacts: ports.artefacts });
    await feed.confirmed();
    broken = true;
    await new Promise((resolve) => setTimeout(resolve, 60));
    await expect(feed.confirmed()).rejects.toMatchObject({ code: 'store-unavailable' });
    broken = false;
    expect((await feed.confirmed()).agencies.has(ANALYSTS)).toBe(true);
  });

  it('never answers by an older policy because the newer could not be compiled', async () => {
    const { ports } = await memoryHub();
    let broken = true;
    const artefacts = {
      put: ports.artefacts.put.bind(ports.artefacts),
      get: async (digest: Parameters<typeof ports.artefacts.get>[0]) => {
        if (broken) throw new Problem('artefact-damaged');
        return ports.artefacts.get(digest);
      },
    };
    const feed = new PolicyFeed({ log: ports.log, artefacts });
    for (let tries = 0; tries < 3; tries++)
      await expect(feed.confirmed()).rejects.toMatchObject({ code: 'artefact-damaged' });
    broken = false;
    const policy = await feed.confirmed();
    expect([policy.agencies.has(ANALYSTS), policy.law === undefined]).toEqual([true, false]);
  });

  it('never answers by an older policy because it read the newer only in part', async () => {
    const { ports } = await memoryHub();
    let broken = true;
    const log = through(
      ports.log,
      (read) =>
        async function* (after, until) {
          for await (const batch of read(after, until)) {
            const [first] = batch;
            if (!broken || first === undefined) yield batch;
            else {
              yield [first];
              throw new Problem('store-unavailable');
            }
          }
        },
    );
    const feed = new PolicyFeed({ log, artefacts: ports.artefacts });
    await expect(feed.confirmed()).rejects.toMatchObject({ code: 'store-unavailable' });
    broken = false;
    const policy = await feed.confirmed();
    expect([...policy.agencies.keys()]).toHaveLength(3);
    expect(feed.revisionOf(streamName(`agency:${POLICE}`))).toBe(0);
  });

  it('answers nothing under a policy fact that this build does not know', async () => {
    const ports = memoryPorts();
    const unknown = eventType('uk.svd.hub.agreement-suspended.v9');
    const fact: Omit<StoredFact, 'position' | 'recordedTime' | 'revision' | 'nonce' | 'stream'> & {
      repeatKey: Uint8Array;
    } = {
      source: 'urn:svd:hub',
      id: 'x',
      type: unknown,
      repeatKey: Buffer.alloc(32),
      stored: Buffer.from('{"data":{}}'),
      metadata: {},
    };
    await ports.writer.append([{ stream: streamName('agreement:x'), fact }]);
    const feed = new PolicyFeed(ports);
    for (let tries = 0; tries < 2; tries++)
      await expect(feed.confirmed()).rejects.toMatchObject({ code: 'policy-fact-unknown' });
  });

  it('compiles earlier policies once each, and leaves others a turn in between', async () => {
    const hub = await memoryHub();
    const times: Instant[] = [];
    for (const id of ['one', 'two', 'three', 'four']) {
      await drafting(hub, id);
      times.push(hub.ports.clock.now());
    }
    await drafting(hub, 'five');
    let turns = 0;
    let asking = true;
    const other = () => {
      turns++;
      if (asking) setImmediate(other);
    };
    setImmediate(other);
    const policies = await Promise.all([...times, ...times].map((at) => hub.feed.policyAt(at)));
    asking = false;
    expect(policies.map(({ agreements }) => agreements.size)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(policies.slice(4).map((policy, i) => policy === policies[i])).toEqual([true, true, true, true]);
    expect(turns).toBeGreaterThanOrEqual(times.length);
  });

  it('gives the codes of the adopted pack, and none before one is', async () => {
    const { ports, feed } = await memoryHub();
    expect((await feed.codes()).codes('street-category')).toEqual([]);
    const listed = { title: 't', version: '1', codes: { robbery: 'Robbery' } };
    await adopted(
      ports,
      'codes',
      'c',
      JSON.stringify({ ...(JSON.parse(CODES) as object), lists: { 'street-category': listed } }),
    );
    await feed.caughtUp();
    expect((await feed.codes()).codes('street-category')).toEqual(['robbery']);
  });

  it('has no geography before one is adopted', async () => {
    const { feed } = await memoryHub();
    await expect(feed.geography()).rejects.toMatchObject({ code: 'pack-missing' });
  });
});
