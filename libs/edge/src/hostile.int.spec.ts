import { Body, Controller, Get, HttpException, Param, Post, Put, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { connect } from 'node:net';
import { Problem } from '#kernel';
import { IncomingBody, type Incoming } from './arguments.ts';
import { CommandBody, CommandQuery } from './command-body.ts';
import { Operation } from './operation.ts';
import { owned, published } from './results.ts';
import { planted, POLICE, type Planted } from './testing/planted.ts';

class Part {
  @IsInt()
  n!: number;
}
class Draft {
  @IsString()
  @MaxLength(20)
  name!: string;
  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];
  @IsOptional()
  @ValidateNested()
  @Type(() => Part)
  whole?: Part;
}
class Filter {
  @IsOptional()
  @IsString()
  from?: string;
}

const open = { kind: 'public', roles: 'none', summary: 'planted', purpose: false } as const;
@Controller()
class Plants {
  @Post('drafts')
  @Operation({ id: 'planted.draft', ...open })
  draft(@Body(CommandBody(Draft)) draft: Draft) {
    return published({ name: draft.name, isDraft: draft instanceof Draft });
  }
  @Put('drafts/:id')
  @Operation({ id: 'planted.edit', ...open, bodyLimit: 2_000_000 })
  edit(@Param('id') id: string, @IncomingBody() body: Incoming) {
    return published({ id, bytes: 'bytes' in body ? body.bytes.length : 0 });
  }
  @Get('filtered')
  @Operation({ id: 'planted.filtered', ...open })
  filtered(@Query(CommandQuery(Filter)) filter: Filter) {
    return published({ from: filter.from ?? null });
  }
  @Post('mine')
  @Operation({ id: 'planted.mine', kind: 'own', roles: ['publisher'], summary: 'planted', purpose: false })
  mine() {
    return owned(POLICE, {});
  }
  @Get('fails/:how')
  @Operation({ id: 'planted.fails', ...open })
  fails(@Param('how') how: string): never {
    if (how === 'http') throw new HttpException({ secret: 'planted-secret' }, 418);
    if (how === 'problem') throw new Problem('queue-full', { retryAfter: 9 });
    if (how === 'coded') throw Object.assign(new Error('planted-secret'), { code: 'planted-code' });
    throw new TypeError('planted-secret');
  }
}

describe('hostile requests', () => {
  let hub: Planted;
  beforeAll(async () => {
    hub = await planted([Plants]);
  });
  afterAll(() => hub.close());

  const send = (method: string, path: string, body: string | Buffer, type = 'application/json') =>
    hub.get(path, undefined, {
      method,
      body: new Blob([new Uint8Array(Buffer.from(body))]),
      headers: { 'content-type': type },
    });
  const problem = async (answer: Response) => {
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const body = (await answer.json()) as { type: string; correlationId: string; field?: string };
    expect(body.correlationId).toBe(answer.headers.get('x-correlation-id'));
    return [answer.status, body.type.replace('/problems/', ''), ...(body.field === undefined ? [] : [body.field])];
  };

  it('reads a command that is well', async () => {
    const answer = await send('POST', '/drafts', '{"name":"a","parts":[{"n":1}]}');
    expect([answer.status, await answer.json()]).toEqual([200, { name: 'a', isDraft: true }]);
  });

  it.each<[string, string | Buffer, (string | number)[]]>([
    ['no JSON', '{', [400, 'json-malformed']],
    ['nothing', '', [400, 'json-malformed']],
    ['a repeated key', '{"name":"a","name":"b"}', [400, 'json-duplicate-key']],
    ['a prototype', '{"name":"a","__proto__":{"x":1}}', [400, 'json-dangerous-key']],
    ['a constructor', '{"name":"a","constructor":{}}', [400, 'json-dangerous-key']],
    ['a number that would round', '{"name":9007199254740993}', [400, 'json-unsafe-number']],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), [400, 'json-not-utf8']],
    ['depth', '['.repeat(30) + ']'.repeat(30), [400, 'json-too-deep']],
    ['a list', '[]', [422, 'field-invalid']],
    ['null', 'null', [422, 'field-invalid']],
    ['a missing field', '{}', [422, 'field-missing', 'name']],
    ['a wrong field', '{"name":1}', [422, 'field-invalid', 'name']],
    ['a wrong field within', '{"name":"a","parts":[{"n":1},{"n":"x"}]}', [422, 'field-invalid', 'parts.1.n']],
    ['a field that is not declared', '{"name":"a","Jane Doe":1}', [422, 'field-not-allowed']],
    ['one within', '{"name":"a","parts":[{"n":1,"Jane Doe":1}]}', [422, 'field-not-allowed', 'parts.0']],
    ['a list where an object belongs', '{"name":"a","parts":[[]]}', [422, 'field-invalid', 'parts.0']],
    ['a list of good ones there', '{"name":"a","parts":[{"n":1},[{"n":1}]]}', [422, 'field-invalid', 'parts.1']],
    ['nothing there', '{"name":"a","parts":[null]}', [422, 'field-invalid', 'parts.0']],
    ['a null', '{"name":"a","parts":null}', [422, 'field-invalid', 'parts']],
    ['one where a list belongs', '{"name":"a","parts":{"n":1}}', [422, 'field-invalid', 'parts']],
    ['a list for a part', '{"name":"a","whole":[{"n":1}]}', [422, 'field-invalid', 'whole']],
    ['an empty list for a part', '{"name":"a","whole":[]}', [422, 'field-invalid', 'whole']],
    ['a list that is no list', '{"name":"a","parts":"x"}', [422, 'field-invalid', 'parts']],
    ['a mebibyte and more', `{"name":"${'a'.repeat(1_048_576)}"}`, [413, 'body-too-large']],
  ])('refuses a command of %s', async (_name, body, expected) => {
    expect(await problem(await send('POST', '/drafts', body))).toEqual(expected);
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/cloudevents+json'],
    ['application/x-ndjson'],
    ['application/json/x'],
    [';'],
  ])('refuses the media type %s', async (type) => {
    expect(await problem(await send('POST', '/drafts', '{}', type))).toEqual([415, 'media-type-unsupported']);
  });

  it('holds an operation to its own limit', async () => {
    expect((await send('PUT', '/drafts/1', Buffer.alloc(1_500_000))).status).toBe(200);
    expect(await problem(await send('PUT', '/drafts/1', Buffer.alloc(2_000_001)))).toEqual([413, 'body-too-large']);
  });

  it('asks for a token before it reads a body', async () => {
    expect(await problem(await send('POST', '/mine', 'x', 'text/plain'))).toEqual([401, 'token-missing']);
  });

  it.each<[string, string, (string | number)[]]>([
    ['/nowhere', 'GET', [404, 'not-found']],
    ['/drafts/1', 'DELETE', [405, 'method-not-allowed']],
    ['/drafts', 'HEAD', [405, '']],
    [`/drafts/${'x'.repeat(300)}`, 'PUT', [414, 'address-too-long']],
    ['/drafts/%zz', 'PUT', [400, 'request-malformed']],
    ['/drafts/%00', 'GET', [405, 'method-not-allowed']],
    ['/filtered?from=1&from=2', 'GET', [400, 'parameter-invalid']],
    ['/filtered?Jane=1', 'GET', [400, 'parameter-invalid']],
    ['/filtered?__proto__=1', 'GET', [400, 'parameter-invalid']],
  ])('answers %s by %s', async (path, method, expected) => {
    const answer = await hub.get(path, undefined, { method });
    if (method === 'HEAD') expect(answer.status).toBe(expected[0]);
    else expect(await problem(answer)).toEqual(expected);
    if (answer.status === 405) expect(answer.headers.get('allow')).toBeTruthy();
  });

  it.each<[string, (string | number)[]]>([
    ['http', [400, 'request-malformed']],
    ['problem', [429, 'queue-full']],
    ['coded', [503, 'unavailable']],
    ['other', [503, 'unavailable']],
  ])('answers a handler that fails by %s without its words', async (how, expected) => {
    hub.logged.length = 0;
    const answer = await hub.get(`/fails/${how}`);
    expect(answer.headers.get('retry-after') !== null).toBe(answer.status !== 400);
    const id = answer.headers.get('x-correlation-id') ?? 'none';
    expect(await problem(answer)).toEqual(expected);
    const log = hub.logged.join('');
    expect(log).not.toContain('planted-secret');
    expect(log.includes('"msg":"fault"') && log.includes(id)).toBe(answer.status === 503);
  });

  it('keeps a UUID as correlation id and replaces anything else', async () => {
    const given = 'd9b2d63d-a233-4123-847a-7090f7d1b7a1';
    const kept = await hub.get('/health/live', undefined, { headers: { 'x-correlation-id': given } });
    expect(kept.headers.get('x-correlation-id')).toBe(given);
    const replaced = await hub.get('/health/live', undefined, { headers: { 'x-correlation-id': 'Jane Doe' } });
    expect(replaced.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs of a request only what is listed', async () => {
    hub.logged.length = 0;
    await hub.get('/filtered?from=Jane', undefined, { headers: { 'user-agent': 'Jane' } });
    await hub.get('/health/live');
    const lines = hub.logged.join('').trim().split('\n');
    expect(lines.join()).not.toContain('Jane');
    expect(Object.keys(JSON.parse(lines[0] ?? '{}') as object).sort()).toEqual([
      'correlationId',
      'level',
      'method',
      'ms',
      'msg',
      'operation',
      'status',
      'time',
    ]);
  });

  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let got = '';
      const socket = connect(hub.port, '127.0.0.1', () => socket.write(text));
      socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
      socket.on('data', (chunk) => (got += chunk.toString('latin1')));
      socket.on('error', reject);
      socket.on('close', () => resolve(got));
    });
  it.each([
    ['no HTTP', 'Jane Doe\r\n\r\n', 400],
    ['a length that is no number', 'POST /drafts HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n', 400],
    ['two lengths', 'POST /drafts HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na', 400],
    [
      'length and chunks',
      'POST /drafts HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(40_000)}\r\n\r\n`, 431],
    ['a header with a control character', 'GET / HTTP/1.1\r\nhost: x\r\na: b\x00\r\n\r\n', 400],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n', 400],
    ['another address form', 'GET *drafts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 404],
    ['an address that cannot be decoded', 'GET /%c3%28%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400],
    [
      'an unknown expectation',
      'GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: Jane\r\nconnection: close\r\n\r\n',
      417,
    ],
    [
      'an upgrade',
      'GET /health/live HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade, close\r\n\r\n',
      200,
    ],
    ['TRACE', 'TRACE /drafts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 405],
  ])('answers %s on the socket', async (_name, text, status) => {
    const got = await raw(text);
    expect(got).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(got).not.toContain('Jane');
  });

  it('still stands', async () => {
    expect((await hub.get('/health/ready')).status).toBe(200);
  });
});
