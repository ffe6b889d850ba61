import { instant, position, streamName } from '#kernel';
import { stillToLoad } from './load-facts.ts';
import type { KeyedFact } from './ports.ts';
import { sampleFact } from './testing/sample-facts.ts';

const [A, B] = [streamName('a'), streamName('b')];
const keyed = (at: number, over: Partial<KeyedFact> = {}): KeyedFact => ({
  ...sampleFact(`f-${at}`),
  position: position(at),
  recordedTime: instant(at),
  stream: at % 2 === 0 ? A : B,
  revision: Math.floor(at / 2),
  nonce: new Uint8Array(16).fill(at),
  ...over,
});
const facts = Array.from({ length: 7 }, (_, at) => keyed(at));
async function* batches(of: readonly KeyedFact[], size = 3): AsyncGenerator<readonly KeyedFact[]> {
  for (let at = 0; at < of.length; at += size) yield of.slice(at, at + size);
}
async function loaded(given: readonly KeyedFact[], held: readonly KeyedFact[]): Promise<KeyedFact[]> {
  const fresh: KeyedFact[] = [];
  for await (const batch of stillToLoad(batches(given), batches(held, 2))) fresh.push(...batch);
  return fresh;
}

describe('what a load still has to write', () => {
  it.each([0, 1, 3, 4, 7])('is what the log does not hold: %i facts are there', async (there) => {
    expect(await loaded(facts, facts.slice(0, there))).toEqual(facts.slice(there));
  });

  it.each<[string, Partial<KeyedFact>]>([
    ['stored bytes', { stored: Buffer.from('other') }],
    ['nonce', { nonce: new Uint8Array(16).fill(9) }],
    ['recorded time', { recordedTime: instant(2) }],
    ['metadata', { metadata: {} }],
    ['repeat key', { repeatKey: 'forgotten' }],
    ['id', { id: 'other' }],
  ])('is nothing when the log holds another %s', async (_, over) => {
    const held = [facts[0], { ...facts[1], ...over } as KeyedFact].filter((fact) => fact !== undefined);
    await expect(loaded(facts, held)).rejects.toMatchObject({ code: 'log-not-empty', index: 1 });
  });

  it('is refused when the log holds more than the load', async () => {
    await expect(loaded(facts.slice(0, 3), facts.slice(0, 5))).rejects.toMatchObject({
      code: 'log-not-empty',
      index: 3,
    });
    await expect(loaded([], facts)).rejects.toMatchObject({ code: 'log-not-empty', index: 0 });
  });

  it.each<[string, KeyedFact]>([
    ['a position left out', keyed(3)],
    ['a position twice', keyed(1)],
    ['a revision left out', keyed(2, { revision: 2 })],
    ['a revision twice', keyed(2, { revision: 0 })],
    ['an earlier time', keyed(2, { recordedTime: instant(0) })],
  ])('is refused with %s', async (_, wrong) => {
    await expect(loaded([...facts.slice(0, 2), wrong], [])).rejects.toMatchObject({
      code: 'facts-not-contiguous',
      index: 2,
    });
  });

  it('keeps a forgotten key forgotten', async () => {
    const forgotten = keyed(0, { repeatKey: 'forgotten' });
    expect(await loaded([forgotten], [])).toEqual([forgotten]);
    expect(await loaded([forgotten], [forgotten])).toEqual([]);
    await expect(loaded([keyed(0)], [forgotten])).rejects.toMatchObject({ code: 'log-not-empty' });
  });
});
