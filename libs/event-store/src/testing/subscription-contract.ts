import { position, type Position } from '#kernel';
import type { Batch, FactsReader } from '../ports.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { manyPlaced, placed, SetClock } from './sample-facts.ts';

/** Follows from `after` until `done` says so of what was seen. */
async function followUntil(
  reader: FactsReader,
  after: Position | 'start',
  done: (seen: readonly string[], batch: Batch) => boolean,
): Promise<{ seen: string[]; heads: string[] }> {
  const stop = new AbortController();
  const seen: string[] = [];
  const heads: string[] = [];
  for await (const batch of reader.subscribe(after, stop.signal)) {
    if (batch.kind === 'facts') seen.push(...batch.facts.map(({ position: at }) => at));
    else heads.push(batch.head);
    if (done(seen, batch)) stop.abort();
  }
  return { seen, heads };
}

/** What `subscribe` promises over every adapter; `openReader` may give a reader that is not the writer's own. */
export function describeSubscriptionContract(
  adapter: string,
  openStore: OpenFacts,
  openReader: (store: FactsStore) => FactsReader & { close?(): void } = ({ reader }) => reader,
): void {
  describe(`subscription: ${adapter}`, () => {
    let store: FactsStore;
    let reader: FactsReader & { close?(): void };
    beforeEach(async () => {
      store = await openStore(new SetClock());
      reader = openReader(store);
    });
    afterEach(async () => {
      reader.close?.();
      await store.close();
    });

    it('says so when the log is empty, and ends when told', async () => {
      expect(await followUntil(reader, 'start', (_, { kind }) => kind === 'caught-up')).toEqual({
        seen: [],
        heads: ['empty'],
      });
    });

    it('begins after the position that it is given', async () => {
      await store.writer.append(manyPlaced(10, 'early'));
      const followed = await followUntil(reader, position(6), (_, { kind }) => kind === 'caught-up');
      expect(followed).toEqual({ seen: ['7', '8', '9'], heads: ['9'] });
    });

    it('says caught-up each time the head is reached, and only then', async () => {
      await store.writer.append([placed('a')]);
      let round = 0;
      const followed = await followUntil(reader, 'start', (_, { kind }) => {
        if (kind === 'caught-up' && ++round < 4) void store.writer.append([placed(`round-${round}`)]);
        return round === 4;
      });
      expect(followed).toEqual({ seen: ['0', '1', '2', '3'], heads: ['0', '1', '2', '3'] });
    });

    it('misses and doubles nothing while many write', async () => {
      const total = 3_000;
      const followers = [1, 2].map(() => followUntil(reader, 'start', (seen) => seen.length >= total));
      for (let sent = 0; sent < total;) {
        const calls = [1, 7, 42, 100].map((size, lane) => {
          const count = Math.min(size, total - sent);
          sent += count;
          return store.writer.appendEach(manyPlaced(count, `s-${sent}-${lane}`), `lane-${lane}`);
        });
        await Promise.all(calls);
      }
      for (const { seen } of await Promise.all(followers)) {
        expect(seen).toEqual(Array.from({ length: total }, (_, i) => String(i)));
      }
    });

    it('ends at once when aborted while it waits, or before it began', async () => {
      const stop = new AbortController();
      const batches: Batch[] = [];
      const following = (async () => {
        for await (const batch of reader.subscribe('start', stop.signal)) {
          batches.push(batch);
          setImmediate(() => stop.abort());
        }
      })();
      await following;
      expect(batches).toEqual([{ kind: 'caught-up', head: 'empty' }]);
      for await (const batch of reader.subscribe('start', AbortSignal.abort())) batches.push(batch);
      expect(batches).toHaveLength(1);
    });

    it('begins at a position that the log has not come to', async () => {
      await store.writer.append(manyPlaced(3, 'early'));
      const following = followUntil(reader, position(4), (seen) => seen.length >= 3);
      await store.writer.append(manyPlaced(2, 'skipped'));
      await store.writer.appendEach(manyPlaced(3, 'late'), 'lane');
      expect((await following).seen).toEqual(['5', '6', '7']);
    });

    it('gives a slow follower bounded batches, and what was written meanwhile', async () => {
      const wide = manyPlaced(150, 'wide').map(({ fact }) => placed(fact.id, { stored: new Uint8Array(60_000) }));
      await store.writer.appendEach([...manyPlaced(2_500, 'many'), ...wide], 'lane');
      const stop = new AbortController();
      const seen: string[] = [];
      let wrote = 0;
      for await (const batch of reader.subscribe('start', stop.signal)) {
        if (batch.kind === 'caught-up') {
          if (seen.length === 2_650 + wrote * 10) stop.abort();
          continue;
        }
        expect(batch.facts.length).toBeLessThanOrEqual(1_000);
        expect(batch.facts.reduce((sum, { stored }) => sum + stored.length, 0)).toBeLessThanOrEqual(4 * 1024 * 1024);
        seen.push(...batch.facts.map(({ position: at }) => at));
        if (wrote < 3) await store.writer.appendEach(manyPlaced(10, `meanwhile-${wrote++}`), 'lane');
      }
      expect(seen).toEqual(Array.from({ length: 2_680 }, (_, i) => String(i)));
    });

    it('gives nothing more once it is aborted in the middle', async () => {
      await store.writer.appendEach(manyPlaced(2_500, 'm'), 'lane');
      const stop = new AbortController();
      const batches: Batch[] = [];
      for await (const batch of reader.subscribe('start', stop.signal)) {
        batches.push(batch);
        stop.abort();
      }
      expect(batches).toHaveLength(1);
      expect(batches[0]).toMatchObject({ kind: 'facts' });
    });

    it('begins again after the last position seen, with nothing missed or doubled', async () => {
      const seen: string[] = [];
      for (let round = 0; round < 5; round++) {
        await store.writer.appendEach(manyPlaced(700, `round-${round}`), 'lane');
        const last = seen.at(-1);
        const after = last === undefined ? 'start' : position(Number(last));
        const followed = await followUntil(reader, after, (given) => given.length >= (round % 2 === 0 ? 1 : 500));
        seen.push(...followed.seen);
      }
      const after = position(Number(seen.at(-1)));
      seen.push(...(await followUntil(reader, after, (_, { kind }) => kind === 'caught-up')).seen);
      expect(seen).toEqual(Array.from({ length: 3_500 }, (_, i) => String(i)));
    });

    it('ends in an error when the store is closed while it waits, or was before it began', async () => {
      const closed = { code: 'store-closed' };
      const follow = async (): Promise<void> => {
        for await (const batch of reader.subscribe('start', new AbortController().signal)) {
          if (batch.kind !== 'caught-up') continue;
          setImmediate(() => {
            reader.close?.();
            void store.close();
          });
        }
      };
      await expect(follow()).rejects.toMatchObject(closed);
      await expect(follow()).rejects.toMatchObject(closed);
    });
  });
}
