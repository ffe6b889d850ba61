import { sha256, type Sha256 } from '#kernel';
import type { Store } from '../store.ts';
import type { OpenStore } from './facts-contract.ts';
import { SetClock } from './sample-facts.ts';

export function describeArtefactsContract(adapter: string, openStore: OpenStore): void {
  describe(`artefacts: ${adapter}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openStore(new SetClock());
    });
    afterEach(() => store.close());

    it('gives back the bytes under their digest', async () => {
      for (const bytes of [Buffer.from('table'), Buffer.alloc(0), Buffer.alloc(3_000_000, 7)]) {
        const digest = await store.artefacts.put(bytes);
        expect(digest).toBe(sha256(bytes));
        expect(Buffer.compare((await store.artefacts.get(digest)) ?? Buffer.from('none'), bytes)).toBe(0);
      }
    });

    it('takes the same bytes again, at the same time too', async () => {
      const bytes = Buffer.from('pack');
      const digests = await Promise.all(Array.from({ length: 8 }, () => store.artefacts.put(bytes)));
      expect(new Set(digests)).toEqual(new Set([await store.artefacts.put(bytes)]));
      expect(await store.artefacts.get(sha256(bytes))).toEqual(new Uint8Array(bytes));
    });

    it('knows nothing of what was never put, and takes no path for a digest', async () => {
      expect(await store.artefacts.get(sha256('never'))).toBeUndefined();
      expect(await store.artefacts.get('../../facts.db' as Sha256)).toBeUndefined();
    });

    it('rejects once closed', async () => {
      await store.close();
      await expect(store.artefacts.put(Buffer.from('late'))).rejects.toMatchObject({ code: 'store-closed' });
      await expect(store.artefacts.get(sha256('late'))).rejects.toMatchObject({ code: 'store-closed' });
    });
  });
}
