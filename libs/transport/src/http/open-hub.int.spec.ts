import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLIENT, smallHub, type SmallHub } from '../testing/small-hub.ts';
import { type Hub, openHub } from './open-hub.ts';

const RETRY = { attempts: 3, first: 2, longest: 5 };

describe('a client of the hub', () => {
  let server: SmallHub;
  let hub: Hub;
  beforeEach(async () => {
    server = await smallHub();
    hub = openHub({ url: server.url, ...CLIENT, retry: RETRY });
  });
  afterEach(() => server.close());
  const event = Buffer.from('{"id":"a"}');

  it('finds the issuer through the hub and asks for one token, however many call', async () => {
    server.handler = (request, response) => void response.writeHead(200).end(request.headers.authorization);
    const answers = await Promise.all([hub.get('/v1/a'), hub.get('/v1/b'), hub.get('/v1/c')]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.text).toMatch(/^Bearer h\./);
    expect(server.asked).toMatchObject({ discovery: 1, tokens: 1 });
    expect(Object.fromEntries(server.asked.forms[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      resource: 'urn:svd:hub',
    });
    const basic = Buffer.from((server.asked.authorizations[0] ?? '').slice(6), 'base64').toString();
    expect(basic.split(':').map(decodeURIComponent)).toEqual([CLIENT.clientId, CLIENT.clientSecret]);
  });

  it('reads its own agency and roles', async () => {
    expect(await hub.agency()).toBe('warwickshire-police');
    expect(await hub.claims()).toEqual({ agency: 'warwickshire-police', roles: ['publisher'] });
  });

  it('replaces a token that ran out, and once one that is no longer taken', async () => {
    server.expiresIn = 0.000001;
    server.handler = (request, response) => {
      const taken = request.headers.authorization?.endsWith('s3') ?? false;
      response.writeHead(taken ? 200 : 401).end();
    };
    // the clock counts whole milliseconds: a fast machine would use one of these tokens twice
    const ranOut = async (): Promise<void> => {
      for (const now = Date.now(); Date.now() === now;) await new Promise((resolve) => setImmediate(resolve));
    };
    await hub.token();
    await ranOut();
    expect((await hub.get('/v1/a')).status).toBe(200);
    expect(server.asked).toMatchObject({ discovery: 1, tokens: 3 });
    await ranOut();
    expect((await hub.get('/v1/a')).status).toBe(401);
  });

  it('says that the issuer refused the client', async () => {
    server.tokenFaults.push(401);
    await expect(hub.get('/v1/a')).rejects.toMatchObject({ code: 'hub-refused', field: 'http-401' });
    server.tokenFaults.push(400);
    await expect(hub.get('/v1/a')).rejects.toMatchObject({ code: 'hub-refused', field: 'invalid_client' });
    server.tokenFaults.push(503, 429);
    expect((await hub.get('/v1/a')).status).toBe(404);
  });

  it('sends no secret to an issuer that calls itself by another name, nor in clear to another machine', async () => {
    server.issuer = 'https://other.example';
    await expect(hub.token()).rejects.toMatchObject({ code: 'hub-answer-malformed', field: 'issuer' });
    expect(server.asked.tokens).toBe(0);
    expect(() => openHub({ url: 'http://hub.example', ...CLIENT })).toThrow('url-insecure');
    expect(() => openHub({ url: 'http://hub', ...CLIENT, allowPlainHttp: true })).not.toThrow();
    expect(() => openHub({ url: 'ftp://hub', ...CLIENT })).toThrow('url-malformed');
    await expect(hub.get('//other.example/v1')).rejects.toMatchObject({ code: 'url-malformed' });
  });

  it('waits as it is told by 429 and 503, and gives up after a bounded number of tries', async () => {
    let calls = 0;
    server.handler = async (_request, response, body) => {
      await body();
      if (++calls === 1) response.writeHead(429, { 'retry-after': '0' }).end();
      else response.writeHead(201, { 'content-type': 'application/json' }).end('{"position":"7","id":"a"}');
    };
    expect(await hub.postEvent(event)).toEqual({ status: 'accepted', position: '7', id: 'a' });
    expect(calls).toBe(2);
    server.handler = (_request, response) => void (calls++, response.writeHead(503, { 'retry-after': '0' }).end());
    expect((await hub.get('/v1/a')).status).toBe(503);
    await expect(hub.postEvent(event)).rejects.toMatchObject({ code: 'hub-busy', retryAfter: 0 });
    expect(calls).toBe(2 + 3 + 3);
  });

  it('sends an event again when its connection broke, but no other POST', async () => {
    let calls = 0;
    server.handler = (request, response) => {
      if (++calls % 2 === 1) request.socket.destroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"position":"3"}');
    };
    expect(await hub.postEvent(event)).toEqual({ status: 'repeated', position: '3' });
    expect((await hub.postBatch([event, event])).status).toBe(200);
    await expect(hub.post('/v1/agreements', {})).rejects.toMatchObject({ code: 'hub-unreachable' });
    expect(calls).toBe(5);
  });

  it('tells an event that was refused from a publisher that was', async () => {
    const answer = (status: number, body: object) =>
      (server.handler = async (_request, response, read) => {
        await read();
        response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
      });
    answer(202, { quarantineId: 'q', field: 'data.category', reason: 'code-unknown' });
    expect(await hub.postEvent(event)).toMatchObject({ status: 'quarantined', field: 'data.category' });
    answer(409, { type: '/problems/id-reused', status: 409 });
    expect(await hub.postEvent(event)).toMatchObject({ status: 'rejected', problem: { type: '/problems/id-reused' } });
    answer(403, { type: '/problems/agreement-required', status: 403 });
    expect(await hub.postEvent(event)).toMatchObject({ status: 'rejected' });
    answer(403, { type: '/problems/role-required', status: 403 });
    await expect(hub.postEvent(event)).rejects.toMatchObject({ code: 'hub-refused', field: 'role-required' });
    answer(200, { receipt: 'none' });
    await expect(hub.postEvent(event)).rejects.toMatchObject({ code: 'hub-answer-malformed' });
  });

  it('streams an answer as it comes, and never takes a cut for its end', async () => {
    const taken = async (): Promise<string> => {
      let text = '';
      for await (const chunk of hub.stream('/v1/a')) text += Buffer.from(chunk).toString();
      return text;
    };
    server.handler = (_request, response) => {
      response.write('one\n');
      response.end('two\n');
    };
    expect(await taken()).toBe('one\ntwo\n');
    server.handler = (_request, response) => void response.write('one\n', () => response.socket?.destroy());
    await expect(taken()).rejects.toMatchObject({ code: 'hub-unreachable' });
    server.handler = (_request, response) =>
      void response.writeHead(403, { 'content-type': 'application/problem+json' }).end('{"type":"/problems/refused"}');
    await expect(taken()).rejects.toMatchObject({ code: 'hub-refused', field: 'refused' });
    let cleaned = false;
    server.handler = (request, response) => {
      request.socket.once('close', () => (cleaned = true));
      response.write('endless');
    };
    for await (const chunk of hub.stream('/v1/a')) if (chunk.length > 0) break;
    while (!cleaned) await new Promise((resolve) => setTimeout(resolve, 1));
  });

  it('says so when nobody answers', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
    await new Promise((resolve) => gone.close(resolve));
    const nobody = openHub({ url, ...CLIENT, retry: RETRY });
    await expect(nobody.get('/health/ready')).rejects.toMatchObject({ code: 'hub-unreachable' });
  });
});
