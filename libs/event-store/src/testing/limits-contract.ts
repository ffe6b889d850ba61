import { eachTest } from './each-test.ts';
import type { FactsStore, OpenFacts } from './facts-contract.ts';
import { manyPlaced, placed, readEverything } from './sample-facts.ts';

const MAX_FACT = 60_000;
const MAX_FACTS = 1_000;
const MAX_BYTES = 524_288;

/** How much a fact and an append may hold; what is beyond is refused before anything is stored. */
export function describeLimits(openStore: OpenFacts): void {
  let store: FactsStore;
  eachTest(openStore, (opened) => (store = opened));

  it('refuses bytes that contracts must not let through', async () => {
    const wrong = [
      placed('a', { stored: new Uint8Array(60_001) }),
      placed('a', { repeatKey: new Uint8Array(31) }),
      placed('\ud800'),
    ];
    for (const fact of wrong) {
      await expect(store.writer.append([fact])).rejects.toThrow(RangeError);
      await expect(store.writer.appendEach([placed('ok'), fact], 'a')).rejects.toThrow(RangeError);
    }
    expect(await store.reader.head()).toBe('empty');
  });

  it('takes facts up to their limits, and gives them back', async () => {
    const wide = new Uint8Array(MAX_FACT).fill(7);
    await store.writer.append([placed('widest', { stored: wide }), placed('empty', { stored: new Uint8Array(0) })]);
    const facts = await readEverything(store.reader);
    expect(facts.map(({ stored }) => stored.length)).toEqual([MAX_FACT, 0]);
    expect(Buffer.compare(facts[0]?.stored ?? new Uint8Array(0), wide)).toBe(0);
  });

  it('takes an append of as many facts and bytes as one may hold', async () => {
    const appended = await store.writer.append(manyPlaced(MAX_FACTS, 'many'));
    expect(appended).toMatchObject({ outcome: 'appended', results: { length: MAX_FACTS } });
    expect(await store.writer.append(filled(MAX_BYTES), undefined, 'lane')).toMatchObject({ outcome: 'appended' });
  });

  it.each([undefined, 'lane'])('refuses an append beyond that, and stores nothing of it (lane: %s)', async (lane) => {
    const beyond = [manyPlaced(MAX_FACTS + 1, 'many'), filled(MAX_BYTES + 1)];
    for (const facts of beyond) await expect(store.writer.append(facts, undefined, lane)).rejects.toThrow(RangeError);
    expect(await store.reader.head()).toBe('empty');
    for (const facts of beyond) expect(await store.writer.appendEach(facts, 'lane')).toHaveLength(facts.length);
  });
}

/** Facts of together `bytes` stored bytes. */
function filled(bytes: number): ReturnType<typeof placed>[] {
  const sizes = Array.from({ length: Math.ceil(bytes / MAX_FACT) }, (_, i) => Math.min(MAX_FACT, bytes - i * MAX_FACT));
  return sizes.map((size, i) => placed(`filled-${bytes}-${i}`, { stored: new Uint8Array(size) }));
}
