import { eachTest } from './each-test.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { AGENCY_SOURCE, placed, readEverything } from './sample-facts.ts';

/** A fact whose repeat key is gone is never taken again, in whatever form. */
export function describeForgetting(openStore: OpenFacts, forget: (source: string, id: string) => void): void {
  let store: FactsStore;
  eachTest(openStore, (opened) => (store = opened));

  it('answers erased for what was forgotten, and stores nothing', async () => {
    await store.writer.append([placed('a'), placed('b')]);
    forget(AGENCY_SOURCE, 'a');
    const again = [placed('a'), placed('a', { form: 'second' }), placed('b')];
    expect(await store.writer.appendEach(again, 'lane')).toEqual([
      { status: 'erased', position: '0' },
      { status: 'erased', position: '0' },
      expect.objectContaining({ status: 'repeated', position: '1' }),
    ]);
    const refused = { outcome: 'refused', index: 1, reason: 'erased' };
    expect(await store.writer.append([placed('c'), placed('a')])).toEqual(refused);
    expect(await store.writer.append([placed('c'), placed('a')], undefined, 'lane')).toEqual(refused);
    expect((await readEverything(store.reader)).map(({ id }) => id)).toEqual(['a', 'b']);
  });
}
