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
  });
}
