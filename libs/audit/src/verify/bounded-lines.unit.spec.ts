import { boundedLines } from './bounded-lines.ts';

async function* pieces(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* parts;
}
async function linesOf(...parts: readonly (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of boundedLines(pieces(...parts))) lines.push(line);
  return lines;
}

describe('lines of a text that comes in pieces', () => {
  it('are whole, wherever it was cut', async () => {
    const text = Buffer.from('{"a":"é"}\n{"b":1}\nlast');
    for (let at = 0; at <= text.length; at++)
      expect(await linesOf(text.subarray(0, at), text.subarray(at))).toEqual(['{"a":"é"}', '{"b":1}', 'last']);
    expect(await linesOf()).toEqual([]);
    expect(await linesOf('one\n', '\n')).toEqual(['one', '']);
  });

  it('are read no further than one that is too long, which is told as none', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<string> {
      yield '{"a":1}\n';
      for (;;) {
        asked++;
        yield ' '.repeat(300_000);
      }
    }
    const lines: string[] = [];
    for await (const line of boundedLines(endless())) lines.push(line);
    expect(lines).toEqual(['{"a":1}', '']);
    expect(asked).toBeLessThan(6);
  });
});
