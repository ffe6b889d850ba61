import { Turns } from './turns.ts';

describe('turns of the event loop', () => {
  it('are given in order, and let others have theirs between two', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const piece = async (name: string): Promise<void> => {
      await turns.next();
      seen.push(name);
    };
    let others = 0;
    const other = (): void => {
      seen.push('other');
      if (++others < 4) setImmediate(other);
    };
    setImmediate(other);
    await Promise.all([piece('first'), piece('second'), piece('third')]);
    const between = (a: string, b: string): readonly string[] => seen.slice(seen.indexOf(a) + 1, seen.indexOf(b));
    expect(seen.filter((name) => name !== 'other')).toEqual(['first', 'second', 'third']);
    expect(between('first', 'second')).toContain('other');
    expect(between('second', 'third')).toContain('other');
  });
});
