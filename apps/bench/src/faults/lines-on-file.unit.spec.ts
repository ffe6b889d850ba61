import { position } from '#kernel';
import { Lane } from './lane.ts';
import { countLines } from './lines-on-file.ts';

const SOURCE = 'urn:svd:agency:bench-police:incidents';
const line = (n: number): string => `line ${n}`;
const fact = (at: number, n = at) => ({
  position: position(at),
  source: SOURCE,
  id: `id ${n}`,
  stored: Buffer.from(line(n)),
});
type Fact = ReturnType<typeof fact>;
const acknowledged = (...positions: readonly number[]): Lane => {
  const lane = new Lane(line);
  for (const at of positions) lane.acknowledged('accepted', position(at));
  return lane;
};
async function* log(facts: readonly Fact[]): AsyncGenerator<readonly Fact[]> {
  yield facts;
}
const count = (facts: readonly Fact[], lane: Lane) => countLines(log(facts), [lane], SOURCE);

describe('the log held against what publishers were told', () => {
  it('finds each line at its position', async () => {
    const others = { ...fact(3), source: 'urn:svd:hub' };
    expect(await count([fact(0), fact(1), fact(2), others], acknowledged(0, 1, 2))).toEqual({
      present: 3,
      doubled: 0,
      foreign: 0,
    });
  });

  it.each([
    ['a line that is gone', [fact(0), fact(2)], { present: 2 }],
    ['a line with other bytes', [fact(0), { ...fact(1), stored: Buffer.from('line x') }, fact(2)], { present: 2 }],
    ['a line at another position', [fact(0), fact(1), fact(4, 2)], { present: 2, foreign: 1 }],
    ['a line that is there twice', [fact(0), fact(1), fact(2), fact(3, 1)], { present: 3, doubled: 1, foreign: 1 }],
  ])('tells %s', async (_, facts, found) => {
    expect(await count(facts, acknowledged(0, 1, 2))).toMatchObject(found);
  });

  it('takes no line for acknowledged that has no position', () => {
    expect(() => new Lane(line).acknowledged('rejected', undefined)).toThrow('line 0 was rejected');
  });
});
