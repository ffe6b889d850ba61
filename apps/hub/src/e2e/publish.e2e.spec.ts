import { readFileSync } from 'node:fs';
import { analysts, BATCH, cityPolice, countyHub, EVENT, incident, police } from '../testing/county.ts';
import { adopt, agreementBetween, bringIntoForce, streetCodes, told } from '../testing/govern.ts';
import type { HubUnderTest, Persona } from '../testing/running-hub.ts';

const SELF = 'e'.repeat(32);
const FEED = `urn:svd:agency:${police.agency}:john-smith`;

describe('publishing', () => {
  let hub: HubUnderTest;
  let publisher: Persona;
  let other: Persona;
  const head = () => hub.running.ports.log.head();
  const post = (event: unknown, headers = EVENT) => publisher.call('POST', '/v1/events', event, headers);

  beforeAll(async () => {
    hub = await countyHub();
    await bringIntoForce(hub, agreementBetween('city-counts', cityPolice, analysts));
    publisher = hub.as(police.agency, 'publisher');
    other = hub.as(cityPolice.agency, 'publisher');
  }, 60_000);
  afterAll(() => hub.close());

  describe('one event', () => {
    it('gets a receipt, and the same one for the same event however it is written', async () => {
      const event = incident();
      const first = await post(event);
      expect(first.status).toBe(201);
      const receipt = first.json();
      expect(receipt).toEqual({
        source: event['source'],
        id: event['id'],
        position: await head(),
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        recordedTime: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      });
      expect(first.headers.get('location')).toBe(`/v1/receipts/${String(receipt['position'])}`);
      const turned = Object.fromEntries(Object.entries(event).reverse());
      const again = await post(JSON.stringify(turned, null, 3));
      expect([again.status, again.json()]).toEqual([200, receipt]);
      expect(await head()).toBe(receipt['position']);
    });

    it('is refused under a used id when anything differs', async () => {
      const event = incident();
      await post(event);
      const before = await head();
      const reused = await post(incident({ id: String(event['id']), data: { placeConfidence: 'area' } }));
      expect(told(reused)).toEqual([409, 'id-reused']);
      expect(await head()).toBe(before);
    });

    it('has a receipt for its publisher and for nobody else', async () => {
      const { position } = (await post(incident())).json<{ position: string }>();
      const own = await publisher.call('GET', `/v1/receipts/${position}`);
      expect([own.status, own.json()['position']]).toEqual([200, position]);
      for (const path of [position, '0', '999999999', '01', '-1', '1.0', 'x', '%00', '9'.repeat(30)]) {
        const answer = await other.call('GET', `/v1/receipts/${path}`);
        expect([path, ...told(answer)]).toEqual([path, 404, 'not-found']);
      }
      // a fact of the hub's own has no receipt, not even for the agency that acted
      expect((await publisher.call('GET', '/v1/receipts/0')).status).toBe(404);
    });

    it.each([
      ['another agency’s source', incident({ agency: cityPolice.agency }), 403, 'source-not-yours'],
      ['an unregistered type', { ...incident(), type: 'uk.svd.police.rumour-heard.v1' }, 422, 'type-unregistered'],
      ['a field of nobody’s', incident({ data: { name: 'x' } }), 422, 'field-not-allowed'],
      ['an unknown attribute', { ...incident(), subject: 'x' }, 422, 'attribute-unknown'],
      [
        'an id that is a number of the NHS and a date',
        incident({ id: '9434765919-19840203' }),
        422,
        'envelope-invalid',
      ],
      ['a feed that is a name', { ...incident(), source: FEED }, 422, 'envelope-invalid'],
      ['a time ahead', incident({ data: { occurredFrom: '2099-01', occurredTo: '2099-01' } }), 422, 'time-invalid'],
      [
        'itself to correct',
        incident({ id: SELF, data: { corrects: { id: SELF, reason: 'wrong' } } }),
        422,
        'field-invalid',
      ],
      ['a list', [incident()], 422, 'envelope-invalid'],
      ['no JSON', '{"a":', 400, 'json-malformed'],
      ['nothing', '', 400, 'json-malformed'],
    ])('is rejected with %s, and nothing is stored', async (_, event, status, code) => {
      const before = await head();
      const answer = await post(event);
      expect(told(answer)).toEqual([status, code]);
      expect(await head()).toBe(before);
    });

    it('is rejected when no agreement covers its type', async () => {
      const example = JSON.parse(
        readFileSync('libs/contracts/examples/uk.svd.police.incident-profiled.v1.json', 'utf8'),
      ) as Record<string, unknown>;
      const before = await head();
      const answer = await post({ ...example, source: `urn:svd:agency:${police.agency}:profiles` });
      expect(told(answer)).toEqual([403, 'agreement-required']);
      expect(await head()).toBe(before);
    });

    it('is refused in a media type that events are not sent in', async () => {
      for (const mediaType of ['application/json', 'text/plain', 'application/xml', '']) {
        const answer = await post(JSON.stringify(incident()), { 'content-type': mediaType });
        expect([mediaType, answer.status]).toEqual([mediaType, 415]);
      }
    });
  });

  describe('a batch', () => {
    it('is taken whole, and repeated whole', async () => {
      const events = [incident(), incident(), incident()];
      const first = await post(events, BATCH);
      expect(first.status).toBe(201);
      const receipts = first.json<{ id: string; position: string }[]>();
      expect(receipts.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      const again = await post([...events].reverse(), BATCH);
      expect([again.status, again.json()]).toEqual([200, [...receipts].reverse()]);
      const mixed = await post([...events, incident()], BATCH);
      expect(mixed.status).toBe(201);
      expect(mixed.json<unknown[]>().slice(0, 3)).toEqual(receipts);
    });

    it('that repeats an event within itself keeps it once', async () => {
      const event = incident();
      const before = Number(await head());
      const answer = await post([event, incident(), event], BATCH);
      const positions = answer.json<{ position: string }[]>().map(({ position }) => Number(position));
      expect([answer.status, positions]).toEqual([201, [before + 1, before + 2, before + 1]]);
    });

    it.each([
      ['rejected', () => incident({ data: { name: 'x' } }), 422, 'field-not-allowed'],
      ['held', () => incident({ data: { category: 'unheard-of' } }), 422, 'would-quarantine'],
      ['another’s', () => incident({ agency: cityPolice.agency }), 403, 'source-not-yours'],
      ['no object', () => 7, 422, 'envelope-invalid'],
    ])('with one %s is refused whole, by its index', async (_, bad, status, code) => {
      const before = await head();
      const answer = await post([incident(), incident(), bad(), incident()], BATCH);
      expect([...told(answer), answer.json()['index']]).toEqual([status, code, 2]);
      expect(await head()).toBe(before);
      expect((await publisher.call('GET', '/v1/quarantine')).json()['records']).toEqual([]);
    });

    it('in which an id is used for two events is refused whole', async () => {
      const event = incident();
      const before = await head();
      const answer = await post([event, incident({ id: String(event['id']), data: { category: 'drugs' } })], BATCH);
      expect([...told(answer), answer.json()['index']]).toEqual([409, 'id-reused', 1]);
      expect(await head()).toBe(before);
    });

    it('is refused when it is empty, of too many events, too large, or no list', async () => {
      const before = await head();
      const small = (n: number) => `[${Array.from({ length: n }, () => '{}').join(',')}]`;
      const answers = [
        await post('[]', BATCH),
        await post(small(1_001), BATCH),
        await post(small(1_000), BATCH),
        await post(`["${'x'.repeat(600_000)}"]`, BATCH),
        await post(incident(), BATCH),
      ];
      expect(answers.map(told)).toEqual([
        [422, 'batch-empty'],
        [413, 'batch-too-large'],
        [422, 'envelope-invalid'],
        [413, 'body-too-large'],
        [400, 'json-malformed'],
      ]);
      expect(await head()).toBe(before);
    });
  });

  describe('quarantine', () => {
    const unmapped = (category: string, agency = police.agency) => incident({ agency, data: { category } });

    it('holds an event whose code no list maps, once however often it comes', async () => {
      const event = unmapped('cattle-raiding');
      const [first, second, third] = await Promise.all([post(event), post(event), post(event)]);
      const held = first.json<{ quarantineId: string; field: string; reason: string }>();
      expect(held).toEqual({
        quarantineId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        field: 'data.category',
        reason: 'code-unmapped',
      });
      expect([first, second, third].map(({ status, text }) => [status, text])).toEqual([
        [202, first.text],
        [202, first.text],
        [202, first.text],
      ]);
      const { records } = (await publisher.call('GET', '/v1/quarantine')).json<{ records: unknown[] }>();
      expect(records).toHaveLength(1);
      expect(JSON.stringify(records)).not.toContain('cattle');
    });

    it('is seen, released and discarded by its publisher alone', async () => {
      const { quarantineId } = (await post(unmapped('piracy'))).json<{ quarantineId: string }>();
      const seen = (await other.call('GET', '/v1/quarantine')).json<{ records: unknown[] }>();
      expect(seen.records).toEqual([]);
      for (const act of ['release', 'discard']) {
        const answer = await other.call('POST', `/v1/quarantine/${quarantineId}/${act}`);
        expect([act, ...told(answer)]).toEqual([act, 404, 'not-found']);
      }
      const { records } = (await publisher.call('GET', '/v1/quarantine')).json<{
        records: { quarantineId: string }[];
      }>();
      expect(records.map((record) => record.quarantineId)).toContain(quarantineId);
    });

    it('keeps an event until a list maps its code, then takes it', async () => {
      const event = unmapped('smuggling');
      const { quarantineId } = (await post(event)).json<{ quarantineId: string }>();
      const early = await publisher.call('POST', `/v1/quarantine/${quarantineId}/release`);
      expect([early.status, early.json()['status']]).toEqual([200, 'quarantined']);
      const pack = streetCodes('2026-12');
      const lists = pack['lists'] as { 'street-category': { codes: Record<string, string> } };
      lists['street-category'].codes['smuggling'] = 'Smuggling';
      await adopt(hub, pack);
      const released = await publisher.call('POST', `/v1/quarantine/${quarantineId}/release`);
      expect([released.status, released.json()['status'], released.json()['id']]).toEqual([
        200,
        'accepted',
        event['id'],
      ]);
      const { position } = released.json<{ receipt: { position: string } }>().receipt;
      const repeated = await post(event);
      expect([repeated.status, repeated.json()['position']]).toEqual([200, position]);
      const gone = await publisher.call('POST', `/v1/quarantine/${quarantineId}/release`);
      expect(told(gone)).toEqual([404, 'not-found']);
    });

    it('pages by the last record seen', async () => {
      const ids = new Set<string>();
      let after = '';
      for (let pages = 0; pages < 5; pages++) {
        const page = await publisher.call('GET', `/v1/quarantine?limit=1${after === '' ? '' : `&after=${after}`}`);
        const { records, next } = page.json<{ records: { quarantineId: string }[]; next?: string }>();
        for (const record of records) ids.add(record.quarantineId);
        if (next === undefined) break;
        after = next;
      }
      expect(ids.size).toBe(2);
    });

    it('forgets what is discarded', async () => {
      const { quarantineId } = (await post(unmapped('wrecking'))).json<{ quarantineId: string }>();
      const discarded = await publisher.call('POST', `/v1/quarantine/${quarantineId}/discard`);
      expect([discarded.status, discarded.text]).toEqual([204, '']);
      expect((await publisher.call('POST', `/v1/quarantine/${quarantineId}/discard`)).status).toBe(404);
      expect((await publisher.call('POST', `/v1/quarantine/${'0'.repeat(32)}/release`)).status).toBe(404);
    });
  });
});
