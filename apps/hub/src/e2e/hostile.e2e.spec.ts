import fc from 'fast-check';
import { connect } from 'node:net';
import type { Role } from '#contracts';
import { PROBLEMS } from '#edge';
import { analysts, BATCH, countyGeography, countyHub, EVENT, incident, NDJSON, police } from '../testing/county.ts';
import { agreementBetween, lawPack, streetCodes } from '../testing/govern.ts';
import { HOST, type Answered, type HubUnderTest } from '../testing/running-hub.ts';

/** Put into everything that is sent; no answer may contain it. */
const CANARY = 'zq7canary';
const RUNS = { numRuns: 60 };

interface Door {
  /** The police when absent. */
  readonly agency?: string;
  readonly role: Role;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What would be taken, so that mutations of it reach far. */
  readonly good: unknown;
}
const JSON_BODY = { 'content-type': 'application/json' };
const DOORS: readonly Door[] = [
  { role: 'publisher', method: 'POST', path: '/v1/events', headers: EVENT, good: incident() },
  { role: 'publisher', method: 'POST', path: '/v1/events', headers: BATCH, good: [incident(), incident()] },
  {
    role: 'operator',
    method: 'POST',
    path: '/v1/agencies',
    headers: JSON_BODY,
    good: {
      agency: 'county-fire',
      name: 'Fire',
      issuers: ['https://issuer.example'],
      capacities: [{ capacity: 'specified-authority', from: '2024-01-01' }],
    },
  },
  {
    agency: HOST,
    role: 'steward',
    method: 'PUT',
    path: '/v1/reference/codes/h-1',
    headers: JSON_BODY,
    good: streetCodes('h-1'),
  },
  {
    agency: HOST,
    role: 'steward',
    method: 'PUT',
    path: '/v1/reference/geography/h-1',
    headers: JSON_BODY,
    good: countyGeography('h-1'),
  },
  {
    agency: HOST,
    role: 'steward',
    method: 'PUT',
    path: '/v1/reference/law/h-1',
    headers: JSON_BODY,
    good: { ...lawPack(), version: 'h-1' },
  },
  {
    role: 'steward',
    method: 'POST',
    path: '/v1/agreements',
    headers: JSON_BODY,
    good: agreementBetween('hostile', police, analysts),
  },
  {
    role: 'steward',
    method: 'PUT',
    path: '/v1/agreements/county-counts',
    headers: { ...JSON_BODY, 'if-match': `"${'0'.repeat(64)}"` },
    good: agreementBetween('county-counts', police, analysts),
  },
  {
    role: 'signatory',
    method: 'POST',
    path: '/v1/agreements/county-counts/signatures',
    headers: JSON_BODY,
    good: { digest: '0'.repeat(64) },
  },
  {
    role: 'steward',
    method: 'POST',
    path: '/v1/releases',
    headers: JSON_BODY,
    good: { definition: 'police-incidents@1', period: '2099-01' },
  },
];

/** Values that break careless code: wrong kinds, huge, absurd, hostile. */
const absurd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    [],
    {},
    `${CANARY}\u0000`,
    `${CANARY}\u202e\ufeff`,
    `=cmd|'${CANARY}'!A0`,
    `<script>${CANARY}</script>`,
    `'; DROP TABLE facts; -- ${CANARY}`,
    `../../${CANARY}`,
    `${CANARY} 943 476 5919`,
    CANARY.repeat(500),
    [[[[[[[[[[CANARY]]]]]]]]]],
    { toString: CANARY, valueOf: CANARY, hasOwnProperty: CANARY },
    { then: CANARY, toJSON: CANARY, length: 1e9 },
  ),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => CANARY + text),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A good value with one thing at some depth replaced, removed or added. */
function mutated(good: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(good).slice(0, 400);
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom('replace', 'remove', 'add'), absurd)
    .map(([path, how, value]) => mutate(good, path, how, value));
}
function pathsOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...at, key]))];
}
function mutate(good: unknown, path: readonly string[], how: string, value: unknown): unknown {
  const copy = structuredClone({ root: good }) as Record<string, unknown>;
  let holder = copy;
  const keys = ['root', ...path];
  for (const key of keys.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  const last = keys.at(-1) ?? '';
  const target = holder[last];
  if (how === 'remove' && path.length > 0) Reflect.deleteProperty(holder, last);
  else if (how === 'add' && typeof target === 'object' && target !== null) Object.assign(target, { [CANARY]: value });
  else holder[last] = value;
  return copy['root'];
}

describe('hostile input', () => {
  let hub: HubUnderTest;
  const head = () => hub.running.ports.log.head();
  const knock = (
    { agency = police.agency, role, method, path, headers }: Door,
    body: string | Uint8Array,
    more = {},
  ): Promise<Answered> => hub.as(agency, role).call(method, path, body, { ...headers, ...more });

  beforeAll(async () => {
    hub = await countyHub();
  }, 60_000);
  afterAll(() => hub.close());

  /** Never a fault of ours, never an echo. */
  const expectCalm = ({ status, headers, text }: Answered, sent: unknown): void => {
    const shown = JSON.stringify(sent).slice(0, 400);
    expect(status === 503 || status < 500 ? '' : `${status} ${text} for ${shown}`).toBe('');
    // what was taken may be told to who sent it
    if (status < 400) return;
    const said = text + JSON.stringify([...headers]);
    expect(said.includes(CANARY) ? `${text} echoes ${shown}` : '').toBe('');
    const { type } = JSON.parse(text) as { type: string };
    const code = type.replace('/problems/', '');
    expect(Object.keys(PROBLEMS)).toContain(code);
    expect(code === 'unavailable' || code === 'not-disclosable' ? `${code} for ${shown}` : '').toBe('');
  };

  describe.each(
    DOORS.map((door): [string, Door] => [`${door.method} ${door.path} ${door.headers['content-type'] ?? ''}`, door]),
  )('at %s', (_, door) => {
    /** What is refused leaves no trace; what happens to be fit is answered as that. */
    const tried = async (body: string | Uint8Array, sent: unknown): Promise<void> => {
      const before = await head();
      const answer = await knock(door, body);
      expectCalm(answer, sent);
      if (answer.status >= 400) expect(await head()).toBe(before);
    };

    it('survives what is almost right', async () => {
      await fc.assert(
        fc.asyncProperty(mutated(door.good), async (body) => {
          await tried(JSON.stringify(body), body);
        }),
        RUNS,
      );
    });

    it('survives bytes', async () => {
      const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
      await fc.assert(
        fc.asyncProperty(bytes, (body) => tried(body, Buffer.from(body).toString('hex'))),
        { numRuns: 15 },
      );
      const text = JSON.stringify(door.good);
      const cut = fc.tuple(fc.nat(text.length - 1), fc.string({ unit: 'binary', maxLength: 5 }));
      await fc.assert(
        fc.asyncProperty(cut, async ([at, put]) => {
          const body = text.slice(0, at) + put + text.slice(at + 1);
          await tried(Buffer.from(body), body);
        }),
        { numRuns: 25 },
      );
    });

    it.each([
      ['a reached prototype', `{"__proto__":{"roles":["operator"],"x":"${CANARY}"}}`],
      ['a constructor', `{"constructor":{"prototype":{"x":"${CANARY}"}}}`],
      ['a key twice', `{"a":"${CANARY}","a":1}`],
      ['deep nesting', '['.repeat(5_000) + ']'.repeat(5_000)],
      ['deep objects', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
      ['many keys', `{${Array.from({ length: 30_000 }, (_, i) => `"${CANARY}${i}":1`).join(',')}}`],
      ['a huge number', '{"a":1e999}'],
      ['a rounded number', '{"a":12345678901234567890}'],
      ['half a surrogate', `{"a":"\\ud800${CANARY}"}`],
      ['a byte-order mark', `\ufeff{"a":"${CANARY}"}`],
      ['nothing', ''],
      ['two documents', '{}{}'],
      ['a word', CANARY],
    ])('refuses %s', async (_, body) => {
      const before = await head();
      const answer = await knock(door, body);
      expectCalm(answer, body.slice(0, 200));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await head()).toBe(before);
    });

    it('refuses another media type, and survives weird headers', async () => {
      const good = JSON.stringify(door.good);
      for (const mediaType of [
        'text/html',
        `text/${CANARY}`,
        'application/json; charset=utf-7',
        'multipart/form-data',
        ';;;',
        '*/*',
      ]) {
        const answer = await knock(door, '{}', { 'content-type': mediaType });
        expectCalm(answer, mediaType);
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }
      for (const headers of [
        { 'x-correlation-id': CANARY },
        { 'if-match': CANARY },
        { 'if-none-match': CANARY },
        { purpose: CANARY },
        { 'x-http-method-override': 'DELETE' },
        { 'x-forwarded-host': CANARY, 'x-forwarded-for': CANARY },
        { 'content-encoding': 'gzip' },
        { accept: CANARY },
      ]) {
        expectCalm(await knock(door, `[${good.slice(0, 5)}`, headers), headers);
      }
    });
  });

  it('in a stream of lines rejects each on its own', async () => {
    const line = fc.oneof(
      mutated(incident()).map((value) => (JSON.stringify(value) as string | undefined) ?? ''),
      fc.string({ unit: 'binary', maxLength: 60 }).map((text) => CANARY + text.replace(/[\r\n]/g, ' ')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), async (lines) => {
        const publisher = hub.as(police.agency, 'publisher');
        const { status, text } = await publisher.call('POST', '/v1/events', lines.join('\n'), NDJSON);
        expect(status).toBe(200);
        const told = text
          .trimEnd()
          .split('\n')
          .map((one) => JSON.parse(one) as { line?: number; id?: string; done?: true });
        expect(told.at(-1)?.done).toBe(true);
        expect(told.slice(0, -1).map((one) => one.line)).toEqual(
          lines.flatMap((one, i) => (/^[ \t]*$/.test(one) ? [] : [i + 1])),
        );
        // an id is the sender's own and in form; nothing else of a line comes back
        const rest = JSON.stringify(told.map((one) => ({ ...one, id: undefined })));
        expect(rest.includes(CANARY) ? rest : '').toBe('');
        expect(text).not.toContain('/problems/unavailable');
      }),
      { numRuns: 15 },
    );
  });

  it('in addresses and queries is refused or passed over, and never told back', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(CANARY + text.toWellFormed())),
      fc.constantFrom(
        '%00',
        '%ff',
        '%zz',
        '..%2f..%2fetc%2fpasswd',
        '%7e',
        '__proto__',
        'constructor',
        CANARY.repeat(40),
      ),
    );
    const path = fc.oneof(
      part.map((text) => `/v1/releases/${text}/table?rows=category&purpose=sv-needs-assessment`),
      part.map((text) => `/v1/releases?purpose=${text}`),
      part.map((text) => `/v1/releases/police-incidents@1.2024-01.v1/table?rows=${text}&purpose=${text}`),
      part.map((text) => `/v1/releases?${text}=${text}&purpose=x`),
      part.map((text) => `/v1/agreements/${text}`),
      part.map((text) => `/v1/receipts/${text}`),
      part.map((text) => `/v1/quarantine?after=${text}&limit=${text}`),
      part.map((text) => `/v1/audit/entries?consumer=${text}&from=${text}&after=${text}`),
      part.map((text) => `/v1/reference/geography/${text}/boundaries`),
      part.map((text) => `/v1/${text}`),
      part.map((text) => `/problems/${text}`),
      part.map((text) => `/docs/${text}`),
    );
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom<Role>('analyst', 'publisher', 'auditor'), async (address, role) => {
        const answer = await hub.as(police.agency, role).call('GET', address);
        expectCalm(answer, address);
      }),
      { numRuns: 250 },
    );
  });

  it('below HTTP is answered or cut, and the hub goes on', async () => {
    const { port, hostname } = new URL(hub.url);
    const token = await hub.as(police.agency, 'publisher').token();
    const raw = (text: string) =>
      new Promise<string>((resolve) => {
        let said = '';
        const socket = connect(Number(port), hostname, () => socket.end(text));
        socket.on('data', (piece) => (said += piece.toString('latin1')));
        socket.on('error', () => resolve(said));
        socket.on('close', () => resolve(said));
      });
    const post = `POST /v1/events HTTP/1.1\r\nhost: h\r\nauthorization: Bearer ${token}\r\ncontent-type: application/cloudevents+json\r\n`;
    for (const text of [
      `${CANARY}\r\n\r\n`,
      `GET /${CANARY} HTTP/9.9\r\n\r\n`,
      `${post}content-length: 10\r\n\r\n{"a"`,
      `${post}content-length: -1\r\n\r\n`,
      `${post}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
      `${post}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n{}`,
      `${post}transfer-encoding: chunked\r\n\r\nzz\r\n${CANARY}\r\n`,
      `${post}x-big: ${CANARY.repeat(4_000)}\r\n\r\n`,
    ]) {
      const said = await raw(text);
      expect(said).not.toMatch(/^HTTP\/1\.1 50[0-24-9]/);
      expect(said).not.toContain(CANARY);
    }
    expect((await fetch(`${hub.url}/health/ready`)).status).toBe(200);
  });
});
