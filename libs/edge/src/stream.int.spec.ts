import { Controller, Post } from '@nestjs/common';
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Principal } from '#contracts';
import { Caller, IncomingBody, type Incoming } from './arguments.ts';
import { Operation } from './operation.ts';
import { lines, owned } from './results.ts';
import { planted, type Planted } from './testing/planted.ts';

let taken = 0;
async function* results(incoming: Incoming): AsyncGenerator<readonly unknown[]> {
  if (!('chunks' in incoming)) return;
  let line = 0;
  let rest = '';
  for await (const chunk of incoming.chunks) {
    const whole = (rest + String(chunk)).split('\n');
    rest = whole.pop() ?? '';
    taken += whole.length;
    if (whole.includes('break')) throw new Error('planted');
    yield whole.map((text) => ({ line: ++line, size: text.length }));
  }
  yield [{ done: true }];
}

@Controller()
class Plants {
  @Post('events')
  @Operation({
    id: 'planted.push',
    kind: 'own',
    roles: ['publisher'],
    summary: 'planted',
    purpose: false,
    accepts: ['application/x-ndjson'],
  })
  push(@Caller() who: Principal, @IncomingBody() incoming: Incoming) {
    return owned(who.agency, lines(results(incoming)));
  }
}

describe('a stream both ways', () => {
  let hub: Planted;
  beforeAll(async () => {
    hub = await planted([Plants]);
  });
  afterAll(() => hub.close());
  const push = async () =>
    request(`${hub.address}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await hub.token()}`, 'content-type': 'application/x-ndjson' },
    });
  const answerOf = (to: ReturnType<typeof request>) =>
    new Promise<IncomingMessage>((resolve, reject) => to.once('response', resolve).once('error', reject));

  it('answers the first line before the request ends', async () => {
    const to = await push();
    to.write('abc\n');
    const answer = await answerOf(to);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    const got = createInterface({ input: answer })[Symbol.asyncIterator]();
    expect((await got.next()).value).toBe('{"line":1,"size":3}');
    to.end('de\n');
    expect((await got.next()).value).toBe('{"line":2,"size":2}');
    expect((await got.next()).value).toBe('{"done":true}');
    expect((await got.next()).done).toBe(true);
  });

  it('cuts the connection when it fails midway, without a closing line', async () => {
    const to = await push();
    to.on('error', () => undefined);
    to.write('abc\n');
    const answer = await answerOf(to);
    to.write('break\n');
    let text = '';
    const ended = (async () => {
      for await (const chunk of answer) text += String(chunk);
    })();
    await expect(ended).rejects.toThrow();
    expect(text).not.toContain('done');
    expect(hub.logged.join('')).toContain('"operation":"planted.push","error":"Error"');
    to.destroy();
  });

  it('answers with a problem when it fails before the first line', async () => {
    const to = await push();
    to.on('error', () => undefined);
    to.write('break\n');
    const answer = await answerOf(to);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'application/problem+json']);
    to.destroy();
  });

  it('stops reading when the client does not read', async () => {
    taken = 0;
    const to = await push();
    to.on('error', () => undefined);
    const block = 'x\n'.repeat(32_768);
    to.write(block);
    const answer = await answerOf(to);
    answer.on('error', () => undefined).pause();
    for (let i = 0; i < 400; i++) to.write(block);
    let before = -1;
    while (before !== taken) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(taken).toBeLessThan(400 * 32_768);
    answer.destroy();
    to.destroy();
  });
});
