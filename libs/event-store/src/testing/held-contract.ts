import { instant, millis, type Instant } from '#kernel';
import type { HeldRecord } from '../ports.ts';
import type { Store } from '../store.ts';
import type { OpenStore } from './facts-contract.ts';
import { SetClock } from './sample-facts.ts';

const START = millis('2026-03-01T09:00:00.000Z' as Instant);
const DAY = 86_400_000;
const record = (id: string, heldOnDay = 0, publisher = 'northshire-police'): HeldRecord => ({
  id,
  publisher,
  field: 'data.category',
  reason: 'code-unknown',
  heldAt: instant(START + heldOnDay * DAY),
  expiresAt: instant(START + (heldOnDay + 30) * DAY),
  sealed: Uint8Array.from(Buffer.from(`sealed ${id}`)),
});

export function describeHeldContract(adapter: string, openStore: OpenStore): void {
  describe(`held records: ${adapter}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openStore(new SetClock());
    });
    afterEach(() => store.close());

    it('gives back what it holds, to its publisher alone', async () => {
      await store.held.hold([record('a'), record('b', 0, 'west-hospital')], 10);
      expect(await store.held.get('northshire-police', 'a')).toEqual(record('a'));
      expect(await store.held.get('northshire-police', 'b')).toBeUndefined();
      expect(await store.held.list('west-hospital', 10)).toEqual([record('b', 0, 'west-hospital')]);
      expect(await store.held.list('nobody', 10)).toEqual([]);
    });

    it('lists by time held in pages', async () => {
      await store.held.hold([record('c', 2), record('a', 0)], 10);
      await store.held.hold([record('b', 1), record('d', 2)], 10);
      const ids = async (limit: number, after?: string) =>
        (await store.held.list('northshire-police', limit, after)).map(({ id }) => id);
      expect(await ids(10)).toEqual(['a', 'b', 'c', 'd']);
      expect(await ids(2)).toEqual(['a', 'b']);
      expect(await ids(2, 'b')).toEqual(['c', 'd']);
      expect(await ids(2, 'd')).toEqual([]);
      expect(await ids(2, 'gone')).toEqual([]);
    });

    it('keeps none of a call that passes the cap', async () => {
      await store.held.hold([record('a'), record('b')], 3);
      await expect(
        store.held.hold([record('x', 0, 'west-hospital'), record('c'), record('d')], 3),
      ).rejects.toMatchObject({
        code: 'quarantine-full',
      });
      expect(await store.held.list('northshire-police', 10)).toHaveLength(2);
      expect(await store.held.list('west-hospital', 10)).toEqual([]);
      await store.held.hold([record('c')], 3);
      await expect(store.held.hold([record('d')], 3)).rejects.toMatchObject({ code: 'quarantine-full' });
    });

    it('uses an id once', async () => {
      await store.held.hold([record('a')], 3);
      await expect(store.held.hold([record('b'), record('a')], 3)).rejects.toThrow(RangeError);
      expect(await store.held.list('northshire-police', 10)).toEqual([record('a')]);
    });

    it('removes what is there, for its publisher alone', async () => {
      await store.held.hold([record('a')], 3);
      expect(await store.held.remove('west-hospital', 'a')).toBe(false);
      expect(await store.held.remove('northshire-police', 'a')).toBe(true);
      expect(await store.held.remove('northshire-police', 'a')).toBe(false);
      expect(await store.held.get('northshire-police', 'a')).toBeUndefined();
    });

    it('tells what is due, to the millisecond, and keeps it until it is removed', async () => {
      await store.held.hold([record('a'), record('b', 1), record('x', 0, 'west-hospital')], 3);
      expect(await store.held.expired(instant(START + 30 * DAY - 1), 10)).toEqual([]);
      const due = instant(START + 30 * DAY);
      expect(await store.held.expired(due, 1)).toHaveLength(1);
      const expired = await store.held.expired(due, 10);
      expect(expired.map(({ id, publisher }) => `${publisher} ${id}`).sort()).toEqual([
        'northshire-police a',
        'west-hospital x',
      ]);
      for (const { publisher, id } of expired) await store.held.remove(publisher, id);
      expect(await store.held.expired(due, 10)).toEqual([]);
      expect((await store.held.list('northshire-police', 10)).map(({ id }) => id)).toEqual(['b']);
    });

    it('rejects once closed', async () => {
      await store.close();
      await expect(store.held.hold([record('a')], 3)).rejects.toMatchObject({ code: 'store-closed' });
      await expect(store.held.list('northshire-police', 1)).rejects.toMatchObject({ code: 'store-closed' });
    });
  });
}
