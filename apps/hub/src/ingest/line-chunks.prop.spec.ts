import fc from 'fast-check';
import { lineChunks, type Line } from './line-chunks.ts';

async function collect(text: string, cuts: readonly number[], maxLine: number): Promise<Line[]> {
  const bytes = Buffer.from(text);
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let i = 1; i < at.length; i++) yield bytes.subarray(at[i - 1], at[i]);
  }
  const lines: Line[] = [];
  for await (const chunk of lineChunks(pieces(), maxLine)) {
    expect(chunk.length).toBeGreaterThan(0);
    expect(chunk.length).toBeLessThanOrEqual(64);
    lines.push(...chunk);
  }
  return lines;
}

const expected = (text: string, maxLine: number): [number, string | undefined][] => {
  const parts = text.split('\n');
  if (parts.at(-1) === '') parts.pop();
  return parts
    .map((line, index): [number, string] => [index + 1, line.endsWith('\r') ? line.slice(0, -1) : line])
    .map(([number, line]): [number, string | undefined] => [
      number,
      Buffer.byteLength(line) > maxLine ? undefined : line,
    ])
    .filter(([, line]) => line === undefined || line.trim() !== '');
};

describe('line chunks', () => {
  it('are the lines of the text, however the bytes arrive', async () => {
    const alphabet = fc.constantFrom('a', 'b', 'é', '\n', '\n', '\r\n', ' ', '{}');
    await fc.assert(
      fc.asyncProperty(
        fc.array(alphabet, { maxLength: 60 }).map((parts) => parts.join('')),
        fc.array(fc.nat(200), { maxLength: 8 }),
        fc.integer({ min: 1, max: 12 }),
        async (text, cuts, maxLine) => {
          const lines = await collect(text, cuts, maxLine);
          const read = lines.map((line) => [line.number, line.bytes && Buffer.from(line.bytes).toString()]);
          expect(read).toEqual(expected(text, maxLine));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keep at most 64 lines together', async () => {
    expect((await collect('x\n'.repeat(1000), [], 10)).length).toBe(1000);
  });
});
