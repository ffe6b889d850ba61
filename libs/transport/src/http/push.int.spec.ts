import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PushTotals, ResultLine } from '../publisher.ts';
import { acceptAll, CLIENT, linesOf, smallHub, type SmallHub } from '../testing/small-hub.ts';
import { type Hub, openHub } from './open-hub.ts';

const RETRY = { attempts: 2, first: 2, longest: 5 };
const accepted = (line: number): string => `${JSON.stringify({ line, status: 'accepted', position: String(line) })}\n`;
const closing = (n: number): string =>
  `${JSON.stringify({ done: true, accepted: n, repeated: 0, quarantined: 0, rejected: 0 })}\n`;

async function* lines(n: number, size = 10): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < n; i++) yield Buffer.from(`{"n":${i},"x":"${'y'.repeat(size)}"}`);
}
/** Results and totals; and what was thrown, with the results before it. */
async function all(push: AsyncGenerator<ResultLine, PushTotals>) {
  const results: ResultLine[] = [];
  try {
    for (;;) {
      const next = await push.next();
      if (next.done === true) return { results, totals: next.value };
      results.push(next.value);
    }
  } catch (error) {
    return { results, error };
  }
}

describe('an NDJSON push', () => {
  let server: SmallHub;
  let hub: Hub;
  beforeEach(async () => {
    server = await smallHub();
    hub = openHub({ url: server.url, ...CLIENT, retry: RETRY });
  });
  afterEach(() => server.close());

  it('gives one result a line, in order, and the closing totals', async () => {
    server.handler = acceptAll;
    const { results, totals } = await all(hub.pushNdjson(lines(5000)));
    expect(results.map(({ line }) => line)).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
    expect(totals).toEqual({ done: true, accepted: 5000, repeated: 0, quarantined: 0, rejected: 0 });
    expect((await all(hub.pushNdjson(lines(0)))).totals).toMatchObject({ accepted: 0 });
  });

  it('reads while it writes: each line may wait for the result of the one before', async () => {
    server.handler = acceptAll;
    let seen = 0;
    async function* waiting(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 20; i++) {
        while (seen < i) await sleep(1);
        yield Buffer.from(`{"n":${i}}`);
      }
    }
    for await (const { line } of hub.pushNdjson(waiting())) seen = line;
    expect(seen).toBe(20);
  });

  it('asks its source for no more than the hub reads', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked++;
        yield Buffer.alloc(10_000, 0x61);
      }
    }
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    server.handler = async (request, response) => {
      response.writeHead(200).write(accepted(1));
      request.pause();
      await stopped;
      request.socket.destroy();
    };
    const push = hub.pushNdjson(endless());
    expect((await push.next()).value).toMatchObject({ line: 1 });
    let before = -1;
    while (before !== asked) {
      before = asked;
      await sleep(50);
    }
    expect(asked).toBeLessThan(5000);
    stop();
    await expect(push.next()).rejects.toMatchObject({ code: 'push-incomplete' });
  });

  it('leaves the hub waiting while nobody reads the results', async () => {
    let written = 0;
    let full = false;
    server.handler = async (request, response) => {
      response.writeHead(200);
      for await (const _ of linesOf(request)) {
        written++;
        if (!response.write(accepted(written).replace('}', `,"reason":"${'r'.repeat(5000)}"}`))) {
          full = true;
          await new Promise((resolve) => response.once('drain', resolve));
        }
      }
      response.end(closing(written));
    };
    const push = hub.pushNdjson(lines(20_000));
    await push.next();
    let before = -1;
    while (before !== written || !full) {
      before = written;
      await sleep(50);
    }
    expect(written).toBeLessThan(20_000);
    expect((await all(push)).totals).toMatchObject({ accepted: 20_000 });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['its connection is cut', (response) => response.socket?.destroy()],
    ['the closing line is missing', (response) => response.end()],
    ['the closing line counts otherwise', (response) => response.end(closing(3))],
    ['a line is no result', (response) => response.end('{"line":3,"status":"perhaps"}\n')],
    ['the closing line comes before the source has ended', (response) => response.end(closing(2))],
  ])('is incomplete where %s, and the results before it are kept', async (_what, end) => {
    server.handler = async (request, response) => {
      response.writeHead(200);
      let line = 0;
      for await (const _ of linesOf(request)) {
        await new Promise((resolve) => response.write(accepted(++line), resolve));
        if (line === 2) return end(response);
      }
    };
    const { results, error } = await all(hub.pushNdjson(lines(100_000)));
    expect(results.length).toBeLessThanOrEqual(2);
    expect(error).toMatchObject({ code: 'push-incomplete' });
  });

  it('says that it was refused, or that the hub is busy and for how long', async () => {
    const answer = (status: number, code: string) =>
      (server.handler = (request, response) => {
        request.resume();
        response
          .writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '4' })
          .end(JSON.stringify({ type: `/problems/${code}`, status }));
      });
    answer(403, 'agreement-required');
    expect((await all(hub.pushNdjson(lines(10)))).error).toMatchObject({
      code: 'hub-refused',
      field: 'agreement-required',
    });
    answer(429, 'too-many');
    expect((await all(hub.pushNdjson(lines(10)))).error).toMatchObject({ code: 'hub-busy', retryAfter: 4 });
    answer(415, 'media-type');
    expect((await all(hub.pushNdjson(lines(10)))).error).toMatchObject({ code: 'hub-rejected', field: 'media-type' });
  });

  it('reads a refusal from a hub that reads nothing and closes', async () => {
    server.handler = (_request, response) => {
      const headers = { 'content-type': 'application/problem+json', connection: 'close' };
      response.writeHead(403, headers).end('{"type":"/problems/agreement-required","status":403}');
    };
    for (let i = 0; i < 10; i++)
      expect((await all(hub.pushNdjson(lines(100_000)))).error).toMatchObject({ code: 'hub-refused' });
  });

  it('settles what was sent before it throws what its source threw', async () => {
    server.handler = acceptAll;
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* lines(3);
      throw new RangeError('the file ends here');
    }
    const { results, error } = await all(hub.pushNdjson(broken()));
    expect(results).toHaveLength(3);
    expect(error).toEqual(new RangeError('the file ends here'));
  });

  it('asks for no line before it is connected, and lets its source clean up when stopped early', async () => {
    server.handler = acceptAll;
    let cleaned = false;
    async function* careful(): AsyncGenerator<Uint8Array> {
      try {
        yield* lines(1_000_000);
      } finally {
        cleaned = true;
      }
    }
    for await (const { line } of hub.pushNdjson(careful())) if (line === 3) break;
    while (!cleaned) await sleep(1);
    await hub.token();
    const { url } = hub;
    await server.close();
    let asked = false;
    async function* never(): AsyncGenerator<Uint8Array> {
      asked = true;
      yield Buffer.of();
    }
    expect((await all(hub.pushNdjson(never()))).error).toMatchObject({ code: 'hub-unreachable' });
    expect([asked, url.hostname]).toEqual([false, '127.0.0.1']);
    server = await smallHub();
  });
});
