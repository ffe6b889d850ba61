import { Controller, Get } from '@nestjs/common';
import { of } from 'rxjs';
import { Readable } from 'node:stream';
import { Operation, type OperationKind } from './operation.ts';
import { bytes, operational, owned, published } from './results.ts';
import { COUNCIL, planted, POLICE, Told, type Planted } from './testing/planted.ts';

const SECRET = 'planted-secret';
const LOOK_ALIKE = {
  status: 200,
  headers: {},
  body: SECRET,
  agency: POLICE,
  rendered: () => ({ status: 200, headers: {}, body: SECRET }),
};
const VALUES: Readonly<Record<string, () => unknown>> = {
  'a plain object': () => ({ data: SECRET }),
  'a look-alike': () => LOOK_ALIKE,
  'a text': () => SECRET,
  'a buffer': () => Buffer.from(SECRET),
  'a stream': () => Readable.from([SECRET]),
  'a web response': () => new Response(SECRET),
  'an observable': () => of(SECRET),
  nothing: () => undefined,
  'an error': () => new Error(SECRET),
  "another agency's": () => owned(COUNCIL, { data: SECRET }),
};
const KINDS: readonly OperationKind[] = ['disclosure', 'own', 'public', 'operations'];

let value: unknown;
const give = (kind: OperationKind) =>
  Operation({ id: `planted.${kind}`, kind, roles: 'any', summary: 'planted', purpose: false });
@Controller()
class Plants {
  @Get('disclosure')
  @give('disclosure')
  disclosure(): unknown {
    return value;
  }
  @Get('own')
  @give('own')
  async own(): Promise<unknown> {
    return value;
  }
  @Get('public')
  @give('public')
  public(): unknown {
    return value;
  }
  @Get('operations')
  @give('operations')
  operations(): unknown {
    return value;
  }
}

describe('the fit of an answer', () => {
  let hub: Planted;
  let token: string;
  beforeAll(async () => {
    hub = await planted([Plants]);
    token = await hub.token();
  });
  afterAll(() => hub.close());

  const cases = KINDS.flatMap((kind) => Object.keys(VALUES).map((name) => [kind, name] as const));
  it.each(cases)('as %s refuses %s and shows nothing of it', async (kind, name) => {
    value = VALUES[name]?.();
    const answer = await hub.get(`/${kind}`, token);
    const text = await answer.text();
    expect(answer.status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ type: '/problems/not-disclosable', status: 503 });
    expect(text + JSON.stringify([...answer.headers])).not.toContain(SECRET);
  });

  it.each([
    ['disclosure', () => new Told({ n: 1 })],
    ['own', () => owned(POLICE, { n: 1 })],
    ['public', () => published({ n: 1 })],
    ['operations', () => operational({ n: 1 })],
  ] as const)('lets only its own class through as %s', async (right, make) => {
    for (const kind of KINDS) {
      value = make();
      const answer = await hub.get(`/${kind}`, token);
      expect([kind, answer.status]).toEqual([kind, kind === right ? 200 : 503]);
      await answer.arrayBuffer();
    }
  });

  it('sets status and headers of the answer, and refuses a header outside the list', async () => {
    value = owned(POLICE, { n: 1 }, { status: 201, headers: { location: '/v1/x', etag: '"2"' } });
    const made = await hub.get('/own', token);
    expect([made.status, made.headers.get('location'), made.headers.get('etag')]).toEqual([201, '/v1/x', '"2"']);
    expect(made.headers.get('cache-control')).toBe('no-store');
    value = owned(POLICE, SECRET, { headers: { 'set-cookie': SECRET } as object });
    const refused = await hub.get('/own', token);
    expect(refused.status).toBe(503);
    expect(await refused.text()).not.toContain(SECRET);
  });

  it('sends bytes, nothing, and a 304 as such', async () => {
    value = owned(POLICE, bytes(Buffer.from('a,b\n'), 'text/csv; charset=utf-8'));
    const csv = await hub.get('/own', token);
    expect([csv.headers.get('content-type'), await csv.text()]).toEqual(['text/csv; charset=utf-8', 'a,b\n']);
    for (const status of [204, 304]) {
      value = owned(POLICE, undefined, { status, headers: { etag: '"3"' } });
      const empty = await hub.get('/own', token);
      expect([empty.status, await empty.text(), empty.headers.get('etag')]).toEqual([status, '', '"3"']);
    }
  });

  it('answers 304 to a reader who has it already', async () => {
    value = new Told({ n: 1 });
    const again = await hub.get('/disclosure', token, { headers: { 'if-none-match': 'W/"0", "1"' } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', '"1"']);
    const other = await hub.get('/disclosure', token, { headers: { 'if-none-match': '"0"' } });
    expect([other.status, await other.text()]).toEqual([200, '{"data":{"n":1}}']);
  });

  it('replaces what a hook sends by itself', async () => {
    const own = await planted([Plants], {
      mount: (instance) =>
        void instance.addHook('preHandler', async (_request, reply) =>
          reply.header('etag', SECRET).send({ data: SECRET }),
        ),
    });
    const answer = await own.get('/public', await own.token());
    const text = await answer.text();
    await own.close();
    expect(answer.status).toBe(503);
    expect(text + JSON.stringify([...answer.headers])).not.toContain(SECRET);
  });
});
