import type { Taken } from '#hub';
import { pushStream } from './push-stream.ts';

const rejected = (events: readonly Uint8Array[]): Taken[] => events.map(() => ({ status: 'rejected', code: 'x' }));

describe('a pushed stream', () => {
  it('answers each line before the next is sent', async () => {
    let send = (_text: string | undefined): void => undefined;
    async function* input(): AsyncGenerator<Uint8Array> {
      for (;;) {
        const text = await new Promise<string | undefined>((resolve) => (send = resolve));
        if (text === undefined) return;
        yield Buffer.from(text);
      }
    }
    const results = pushStream(input(), async (events) => rejected(events));
    for (let line = 1; line <= 6; line++) {
      const next = results.next();
      await new Promise(setImmediate);
      send('{}\n');
      expect((await next).value).toEqual([{ line, taken: { status: 'rejected', code: 'x' } }]);
    }
    const last = results.next();
    await new Promise(setImmediate);
    send(undefined);
    expect((await last).value).toEqual({ done: true, accepted: 0, repeated: 0, quarantined: 0, rejected: 6 });
  });

  it('reads no further ahead than thirty-two chunks', async () => {
    let read = 0;
    async function* input(): AsyncGenerator<Uint8Array> {
      for (; read < 100; read++) yield Buffer.from('{}\n');
    }
    const release: (() => void)[] = [];
    const results = pushStream(input(), async (events) => {
      await new Promise<void>((resolve) => release.push(resolve));
      return rejected(events);
    });
    const first = results.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read).toBeLessThanOrEqual(32);
    release[0]?.();
    await first;
    await results.return(undefined);
  });

  it('throws, without totals, when the input breaks off or a chunk is not taken', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{}\n');
      throw new Error('reset');
    }
    const seen: unknown[] = [];
    const drain = async (input: AsyncIterable<Uint8Array>, fail: boolean): Promise<void> => {
      const take = async (events: readonly Uint8Array[]): Promise<Taken[]> => {
        if (fail) throw new Error('full');
        return rejected(events);
      };
      for await (const result of pushStream(input, take)) seen.push(result);
    };
    await expect(drain(broken(), false)).rejects.toThrow('reset');
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{}\n');
    }
    await expect(drain(whole(), true)).rejects.toThrow('full');
    expect(seen.some((result) => !Array.isArray(result))).toBe(false);
  });

  it('rejects a line over 60,000 bytes and goes on', async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${'x'.repeat(60_001)}\n{}\n`);
    }
    const results: unknown[] = [];
    for await (const result of pushStream(input(), async (events) => rejected(events))) results.push(result);
    expect(results[0]).toEqual([
      { line: 1, taken: { status: 'rejected', code: 'line-too-long' } },
      { line: 2, taken: { status: 'rejected', code: 'x' } },
    ]);
  });
});
