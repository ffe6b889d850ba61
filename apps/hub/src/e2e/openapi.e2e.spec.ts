import { ModulesContainer } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import request from 'supertest';
import { EVENT_EXAMPLES, EVENT_TYPES, eventDefinition } from '#contracts';
import { operationOf } from '#edge';
import { eventType, sha256, streamName } from '#kernel';
import {
  analysts,
  cityPolice,
  countyGeography,
  countyHub,
  INCIDENT,
  incident,
  police,
  publishAll,
} from '../testing/county.ts';
import { agreementBetween, bringIntoForce, streetCodes } from '../testing/govern.ts';
import { DocumentedHub, type DocumentedParameter } from '../testing/open-api.ts';
import { HOST, type HubUnderTest } from '../testing/running-hub.ts';

const EVENT = { mediaType: 'application/cloudevents+json' };
const BATCH = { mediaType: 'application/cloudevents-batch+json' };
const purpose = 'sv-needs-assessment';

describe('the API’s document', () => {
  let hub: HubUnderTest;
  let api: DocumentedHub;
  beforeAll(async () => {
    hub = await countyHub();
    api = await DocumentedHub.of(hub);
    await publishAll(
      hub,
      Array.from({ length: 12 }, () => incident()),
    );
  }, 60_000);
  afterAll(() => hub.close());

  describe('is OpenAPI 3.1', () => {
    it('with a version, a title and paths that name every parameter', () => {
      const { openapi, info } = api.document;
      expect([openapi, typeof info.title, typeof info.version]).toEqual(['3.1.0', 'string', 'string']);
      for (const { path, operationId, parameters = [] } of api.operations()) {
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const declared = parameters.filter((one) => one.in === 'path');
        expect([operationId, declared.map(({ name }) => name)]).toEqual([operationId, inPath]);
        expect(declared.every(({ required }) => required === true)).toBe(true);
        const names = parameters.map((one) => `${one.in} ${one.name}`);
        expect(new Set(names).size).toBe(names.length);
      }
    });

    it('with operation ids that are unique and answers that are described', () => {
      const operations = api.operations();
      expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
      for (const { operationId, summary, responses } of operations) {
        expect([operationId, typeof summary]).toEqual([operationId, 'string']);
        for (const { description } of Object.values(responses)) expect(typeof description).toBe('string');
      }
    });

    it('with references that resolve', () => {
      const refs = new Set(refsIn(api.document));
      expect(refs.size).toBeGreaterThan(20);
      expect([...refs].filter((ref) => at(api.document, ref) === undefined)).toEqual([]);
      for (const name of Object.keys(api.document.components.schemas)) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
    });
  });

  it('says what every operation takes', () => {
    for (const { operationId, parameters = [], requestBody } of api.operations()) {
      for (const { name, description, schema } of parameters)
        expect([operationId, name, description, schema]).toEqual([
          operationId,
          name,
          expect.any(String),
          expect.any(Object),
        ]);
      for (const { schema } of Object.values(requestBody?.content ?? {}))
        expect([operationId, Object.keys(schema ?? {}).length > 0]).toEqual([operationId, true]);
    }
  });

  it('says what success looks like, in schemas that compile strictly', () => {
    for (const operation of api.operations())
      expect([operation.operationId, successes(operation)]).not.toEqual([operation.operationId, []]);
    for (const { operationId, path, method, status, content } of api.operations().flatMap(successes)) {
      expect([operationId, status, content !== undefined]).toEqual([operationId, status, status !== '204']);
      for (const [mediaType, { schema }] of Object.entries(content ?? {})) {
        expect([operationId, Object.keys(schema ?? {}).length > 0]).toEqual([operationId, true]);
        api.faults(null, 'paths', path, method, 'responses', status, 'content', mediaType, 'schema');
      }
    }
  });

  it('is closed: an answer with a member that it does not name would not fit', () => {
    const inline = api
      .operations()
      .filter(({ operationId }) => operationId !== 'discovery.openapi')
      .flatMap(successes)
      .flatMap(({ content }) => Object.values(content ?? {}).map(({ schema }) => schema));
    const objects = [...inline, ...Object.values(api.document.components.schemas)].flatMap(objectsIn);
    expect(objects.length).toBeGreaterThan(40);
    // one of several closed objects is closed as well
    const open = objects.filter(
      (schema) => !('additionalProperties' in schema || 'oneOf' in schema || 'propertyNames' in schema),
    );
    expect(open).toEqual([]);
  });

  it('says which parameters each query has: those that the code takes, no more and no fewer', () => {
    const taken = new Map(declared(hub, QUERY).map(({ id, members }) => [id, members]));
    expect(taken.size).toBeGreaterThan(3);
    for (const { operationId, parameters = [] } of api.operations()) {
      const documented = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      expect([operationId, documented.sort()]).toEqual([operationId, taken.get(operationId) ?? []]);
    }
  });

  it('says which members each command has: those that the code takes, no more and no fewer', () => {
    const taken = declared(hub, BODY).filter(({ members }) => members.length > 0);
    expect(taken.length).toBeGreaterThan(2);
    for (const { type, members } of taken) {
      const schema = api.document.components.schemas[type] as { properties?: object } | undefined;
      expect([type, Object.keys(schema?.properties ?? {}).sort()]).toEqual([type, members]);
    }
  });

  it('documents a limit, pattern or list of values for each query parameter', () => {
    const open = api
      .operations()
      .flatMap(({ operationId, parameters = [] }) => parameters.map((parameter) => ({ operationId, parameter })))
      .filter(({ parameter }) => parameter.in === 'query' && !isBounded(parameter));
    expect(open).toEqual([]);
  });

  it('has a valid example of every event type, in every media type', () => {
    const operation = api.operations().find(({ operationId }) => operationId === 'events.publish');
    const content = Object.entries(operation?.requestBody?.content ?? {});
    const examples = content.flatMap(([mediaType, { examples = {} }]) =>
      Object.entries(examples).map(([name, { value }]) => ({ mediaType, name, value })),
    );
    const single = examples.filter(({ mediaType }) => mediaType === EVENT.mediaType);
    expect(single.map(({ name }) => name)).toEqual(expect.arrayContaining([...EVENT_TYPES]));
    expect(new Set(examples.map(({ mediaType }) => mediaType)).size).toBe(3);
    for (const { mediaType, name, value } of examples) {
      const bodies = typeof value === 'string' ? linesOf(value) : [value];
      const place = ['paths', '/v1/events', 'post', 'requestBody', 'content', mediaType, 'schema'];
      for (const body of bodies) expect([name, api.faults(body, ...place)]).toEqual([name, []]);
    }
    expect(EVENT_EXAMPLES.filter(({ type }) => eventDefinition(type) === undefined)).toEqual([]);
    expect(api.faults({ ...incident(), subject: 'x' }, 'components', 'schemas', INCIDENT)).not.toEqual([]);
  });

  describe('holds for real answers', () => {
    it('of what needs no sign-in', async () => {
      await request(hub.url)
        .get('/openapi.json')
        .expect(200)
        .expect('content-type', /^application\/json/);
      await api.ask('discovery.openapi');
      await api.ask('discovery.resource');
      await api.ask('discovery.docs');
      await api.ask('discovery.docs-file', { path: { file: 'swagger-ui.css' } });
      await api.ask('discovery.docs-file', { path: { file: 'start.js' } });
      await api.ask('discovery.problem', { path: { code: 'refused' } });
      await api.ask('health.live');
      await api.ask('health.ready');
    });

    it('of problems', async () => {
      const answer = await request(hub.url).get('/v1/releases').expect(401);
      expect(api.faults(answer.body, 'components', 'schemas', 'Problem')).toEqual([]);
      const refused = await hub.as(analysts.agency, 'analyst').call('GET', '/v1/releases?purpose=evaluation');
      expect([refused.status, api.faults(refused.json(), 'components', 'schemas', 'Problem')]).toEqual([403, []]);
    });

    it('of publishing', async () => {
      const as = hub.as(police.agency, 'publisher');
      const event = incident();
      const publish = (ask: object) => api.ask('events.publish', { as, ...EVENT, ...ask });
      const { status, body } = await publish({ body: event });
      expect(status).toBe(201);
      expect((await publish({ body: event })).status).toBe(200);
      const batch = [incident(), incident()];
      expect((await publish({ ...BATCH, body: batch })).status).toBe(201);
      expect((await publish({ ...BATCH, body: batch })).status).toBe(200);
      const unmapped = () => incident({ data: { category: 'cattle-raiding' } });
      const held = [await publish({ body: unmapped() }), await publish({ body: unmapped() })];
      expect(held.map((one) => one.status)).toEqual([202, 202]);
      const lines = [incident(), event, unmapped(), { ...incident(), type: 'uk.svd.police.none.v1' }, 'no event'];
      const stream = {
        mediaType: 'application/x-ndjson',
        body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      };
      const answered = (await publish(stream)).body as readonly { status?: string; done?: true }[];
      expect(answered.map((line) => line.status ?? line.done)).toEqual([
        'accepted',
        'repeated',
        'quarantined',
        'rejected',
        'rejected',
        true,
      ]);
      await api.ask('receipts.read', { as, path: { position: (body as { position: string }).position } });

      const [first, second] = held.map((one) => (one.body as { quarantineId: string }).quarantineId);
      await api.ask('quarantine.list', { as });
      await api.ask('quarantine.list', { as, query: { limit: '1', after: '0'.repeat(32) } });
      await api.ask('quarantine.release', { as, path: { id: first ?? '' } });
      const codes = streetCodes('2026-12');
      (codes['lists'] as { 'street-category': { codes: Record<string, string> } })['street-category'].codes[
        'cattle-raiding'
      ] = 'Cattle raiding';
      const named = { as: hub.as(HOST, 'steward'), path: { kind: 'codes', version: '2026-12' } };
      await api.ask('reference.offer', { ...named, body: codes });
      await api.ask('reference.adopt', named);
      expect((await api.ask('quarantine.release', { as, path: { id: first ?? '' } })).body).toMatchObject({
        status: 'accepted',
      });
      expect((await api.ask('quarantine.discard', { as, path: { id: second ?? '' } })).status).toBe(204);
    });

    it('of governing', async () => {
      const operator = hub.as(HOST, 'operator');
      const enrolment = {
        agency: 'county-fire',
        name: 'County fire and rescue',
        issuers: [`${hub.url}/oidc`],
        capacities: [{ capacity: 'specified-authority', from: '2023-01-31', to: '2030-12-31' }],
      };
      await api.ask('agencies.enrol', { as: operator, body: enrolment });
      await api.ask('agencies.list', { as: operator });

      const path = { kind: 'geography', version: 'county-2' };
      const steward = hub.as(HOST, 'steward');
      await api.ask('reference.offer', { as: steward, path, body: { ...countyGeography('county-2'), boundaries } });
      await api.ask('reference.adopt', { as: steward, path });
      await api.ask('reference.boundaries', { as: operator, path: { version: 'county-2' } });

      const draft = agreementBetween('county-more', police, analysts, { openness: 'open' });
      const drafter = hub.as(police.agency, 'steward');
      const drafted = await api.ask('agreements.draft', { as: drafter, body: { ...draft, grants: [] } });
      expect((drafted.body as { incomplete: unknown[] }).incomplete).not.toEqual([]);
      const id = { id: 'county-more' };
      const headers = { 'if-match': drafted.headers['etag'] ?? '' };
      const edited = await api.ask('agreements.edit', { as: drafter, path: id, headers, body: draft });
      const { digest } = edited.body as { digest: string };
      for (const { agency } of [police, analysts]) {
        const signed = await api.ask('agreements.sign', {
          as: hub.as(agency, 'signatory'),
          path: id,
          body: { digest },
        });
        expect(signed.status).toBe(201);
      }
      await api.ask('agreements.list', { as: drafter });
      const hypothesis = {
        mode: 'count',
        purpose: 'sv-needs-assessment',
        types: ['uk.svd.police.incident-recorded.v1'],
        place: 'district',
        time: 'month',
      };
      for (const place of ['district', 'lsoa'])
        await api.ask('decisions.explain', { as: hub.as(analysts.agency, 'analyst'), body: { ...hypothesis, place } });
      const read = await api.ask('agreements.read', { as: drafter, path: id });
      expect(read.body).toMatchObject({ status: 'in-force', document: draft });
      const unchanged = await drafter.call('GET', '/v1/agreements/county-more', undefined, {
        'if-none-match': read.headers['etag'] ?? '',
      });
      expect([unchanged.status, unchanged.text]).toEqual([304, '']);

      const signatory = hub.as(police.agency, 'signatory');
      const concern = { reason: 'concern' };
      const suspended = await api.ask('agreements.suspend', { as: signatory, path: id, body: concern });
      expect(suspended.body).toMatchObject({ status: 'suspended', suspensions: [{ agency: police.agency }] });
      await api.ask('agreements.resume', { as: signatory, path: id });
      await api.ask('agreements.version', { as: drafter, path: { ...id, version: '1' } });
      for (const scope of ['own', 'agreement'])
        await api.ask('agreements.end', {
          as: scope === 'own' ? signatory : hub.as(analysts.agency, 'signatory'),
          path: id,
          body: { ...concern, scope, on: '2099-01-01' },
        });
      expect((await api.ask('agreements.read', { as: drafter, path: id })).body).toMatchObject({
        status: 'in-force',
        ended: { on: '2099-01-01' },
        left: [{ agency: police.agency }],
      });
    });

    it('of the duty', async () => {
      const [asker, asked] = [hub.as(police.agency, 'steward'), hub.as(cityPolice.agency, 'steward')];
      const period = { from: '2024-01-01', to: '2024-01-31' };
      const what = { types: [INCIDENT], fields: ['weapon'], period, due: '2099-12-31' };
      const body = { under: 's15', to: cityPolice.agency, use: 'implement-strategy', ...what };
      const request = async () => {
        const { body: made } = await api.ask('duty.ask', { as: asker, body });
        return { id: (made as { id: string }).id };
      };
      const [first, second, third] = [await request(), await request(), await request()];
      await api.ask('duty.answer', { as: asked, path: first, body: { how: 'supplied' } });
      await api.ask('duty.refuse', { as: asked, path: second, body: { reasons: ['disproportionate'] } });
      await api.ask('duty.withdraw', { as: asker, path: third });
      await api.ask('duty.request', { as: asker, path: second });
      expect((await api.ask('duty.requests', { as: asked })).body).toMatchObject([
        { status: 'answered' },
        { status: 'refused' },
        { status: 'withdrawn' },
      ]);

      const returns = ['cda-17a-quarterly', 'istv-monthly'].map((kind) => ({
        publisher: police.agency,
        kind,
        types: [INCIDENT],
        owner: { role: 'Data manager', mailbox: 'data@county-police.example' },
        ...(kind === 'istv-monthly' ? { department: '02' } : {}),
      }));
      await bringIntoForce(hub, { ...agreementBetween('county-returns', police, analysts), returns });
      const { body: owed } = await api.ask('duty.returns', { as: hub.as(police.agency, 'publisher') });
      expect(owed).toMatchObject(returns);
      const nil = { as: hub.as(police.agency, 'publisher'), body: { feed: INCIDENT, period: '2020-Q1' } };
      const made = [await api.ask('nil-returns.make', nil), await api.ask('nil-returns.make', nil)];
      expect(made.map(({ status }) => status)).toEqual([201, 200]);
    });

    it('of reading what is agreed', async () => {
      const as = hub.as(analysts.agency, 'analyst');
      await api.ask('agreements.text', { as, path: { id: 'county-counts' }, query: { version: '1' } });
      await api.ask('purposes.list', { as });
      const { body } = await api.ask('register.read');
      expect((body as { agreements: unknown[] }).agreements).not.toEqual([]);
      await api.ask('register.read', { query: { format: 'text' } });
    });

    it('of asking and of auditing', async () => {
      const as = hub.as(analysts.agency, 'analyst');
      const body = { definition: 'police-incidents@1', period: '2024-01' };
      const frozen = await api.ask('releases.publish', { as: hub.as(HOST, 'steward'), body });
      const path = { id: (frozen.body as { id: string }).id };
      await api.ask('releases.list', { as, query: { purpose } });
      const query = { purpose, rows: 'place.district', columns: 'category' };
      const table = await api.ask('releases.table', { as, path, query });
      expect((table.body as { data: { cells: unknown[] } }).data.cells).not.toEqual([]);
      await api.ask('releases.table', {
        as,
        path,
        query: { purpose, rows: 'category', where: 'place.district:E07000001', format: 'json' },
      });
      await api.ask('releases.table', { as, path, query: { ...query, format: 'csv' } });
      await as.call('GET', `/v1/releases/${path.id}/table?rows=category&purpose=evaluation`);

      const auditor = hub.as(HOST, 'auditor');
      const { body: all } = await api.ask('audit.entries', { as: auditor });
      const { entries } = (all as { data: { entries: { kind: string; time: string }[] } }).data;
      expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['disclosure', 'refused']));
      const { time } = entries[0] as { time: string };
      await api.ask('audit.entries', { as: auditor, query: { agreement: 'county-more', to: '2099-01-01T00:00:00Z' } });
      const paged = { consumer: analysts.agency, from: time, after: '0', limit: '1' };
      const { body: page } = await api.ask('audit.entries', { as: auditor, query: paged });
      expect((page as { data: { next?: string } }).data.next).toEqual(expect.any(String));
    });

    it('of rehearsing', async () => {
      const as = hub.as(police.agency, 'steward');
      const draft = agreementBetween('county-rehearsed', police, analysts, { place: 'lsoa' });
      const tests = (draft['anonymisationTests'] as object[]).map((test) => ({ ...test, place: 'district' }));
      const drafted = await as.call('POST', '/v1/agreements', { ...draft, anonymisationTests: tests });
      expect(drafted.status).toBe(201);
      const path = { id: 'county-rehearsed' };
      const lines = (await api.ask('agreements.rehearse', { as, path })).body as readonly {
        report?: { data: { changes: { behind: unknown[]; then: { blockedBy?: unknown }[] }[] } };
      }[];
      const [change] = lines.at(-1)?.report?.data.changes ?? [];
      expect([change?.behind.length, change?.then[0]?.blockedBy]).not.toContain(undefined);
      await api.ask('agreements.rehearse', { as, path, query: { format: 'text' } });
    });

    it('of proving', async () => {
      const as = hub.as(HOST, 'auditor');
      const facts = { log: 'facts' };
      await hub.running.ports.trees.covered('facts', 2, 20_000);
      await api.ask('log.key', { path: facts });
      await api.ask('log.checkpoint', { as, path: facts });
      await api.ask('log.inclusion', { as, path: facts, query: { index: '0', size: '2' } });
      await api.ask('log.consistency', { as, path: facts, query: { from: '1', to: '2' } });
      // the document's one parameter stands for the rest of the path
      for (const [id, path] of [
        ['log.tile', '0/000.p/2'],
        ['log.entries', '000.p/2'],
      ] as const)
        await api.ask(id, { as, path: { ...facts, path } });
      const { body } = await api.ask('audit.bundle', { as });
      expect((body as unknown[]).length).toBeGreaterThan(20);
    });

    it('of operating', async () => {
      const as = hub.as(HOST, 'operator');
      const { writer, keys } = hub.running.ports;
      const stored = Buffer.from('{}');
      const damaged = {
        source: `urn:svd:agency:${police.agency}`,
        id: 'damaged',
        type: eventType(INCIDENT),
        repeatKey: keys.repeatKey(sha256(stored)),
        stored,
        metadata: { agency: police.agency, basis: 'anonymised', way: 'P', schemaversion: '1.0' },
      } as const;
      await writer.append([{ stream: streamName(`feed:${police.agency}:${INCIDENT}`), fact: damaged }]);
      const head = await hub.running.ports.log.head();
      if (head === 'empty') throw new Error('something was appended');
      await hub.running.ports.models.caughtUp(head);
      const { body } = await api.ask('parked.list', { as });
      const [parked] = (body as { parked: { id: string }[] }).parked;
      const path = { id: parked?.id ?? '' };
      expect(path.id).toBe(`incidents:${head}`);
      await api.ask('parked.retry', { as, path });
      expect((await api.ask('parked.skip', { as, path })).status).toBe(204);
      await api.ask('parked.list', { as });
      await api.ask('projections.list', { as });
      await api.ask('projections.rebuild', { as });
      await api.ask('metrics.read', { as });
    });

    it('of every operation, status and media type that the document has', () => {
      const documented = api
        .operations()
        .flatMap(successes)
        .flatMap(({ operationId, status, content }) =>
          Object.keys(content ?? { '': {} }).map((mediaType) => `${operationId} ${status} ${mediaType}`.trim()),
        );
      expect([...api.seen].sort()).toEqual(documented.sort());
    });
  });
});

const linesOf = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const corner = [-1.5, 52.3];
const boundaries = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { code: 'E07000001' },
      geometry: { type: 'Polygon', coordinates: [[corner, [-1.4, 52.3], [-1.4, 52.4], corner]] },
    },
  ],
};

type Listed = ReturnType<DocumentedHub['operations']>[number];
const successes = ({ responses, ...operation }: Listed) =>
  Object.entries(responses)
    .filter(([status]) => /^2/.test(status))
    .map(([status, { content }]) => ({ ...operation, status, content }));

/** Every schema of an object in this one. */
function objectsIn(schema: unknown): readonly object[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'type' in schema && schema.type === 'object' ? [schema] : [];
  return [...own, ...Object.values(schema).flatMap(objectsIn)];
}

function refsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  );
}
const at = (document: object, ref: string): unknown =>
  ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], document);

function isBounded({ schema }: DocumentedParameter): boolean {
  const bounds = ['pattern', 'enum', 'format', 'maxLength', 'maximum', 'minimum'];
  return bounds.some((name) => Object.hasOwn(schema as object, name));
}

/** Names of Nest's own metadata, which it does not export: `@Body()` is 3, `@Query()` is 4. */
const ARGUMENTS = '__routeArguments__';
const BODY = '3';
const QUERY = '4';

interface Declared {
  /** Of the operation. */
  readonly id: string;
  /** Name of the class. */
  readonly type: string;
  /** What the class validates, and so takes. */
  readonly members: readonly string[];
}
/** The class of each operation's query or body. */
function declared(hub: HubUnderTest, kind: typeof BODY | typeof QUERY): readonly Declared[] {
  const modules = [...hub.running.edge.app.get(ModulesContainer).values()];
  const controllers = modules.flatMap(({ controllers }) => [...controllers.values()].map(({ metatype }) => metatype));
  return controllers.flatMap((controller) => {
    const prototype = (controller as { prototype: Record<string, unknown> }).prototype;
    return Object.getOwnPropertyNames(prototype).flatMap((name): readonly Declared[] => {
      const handler = prototype[name];
      const operation = typeof handler === 'function' ? operationOf(handler) : undefined;
      const args = (Reflect.getMetadata(ARGUMENTS, controller as object, name) ?? {}) as object;
      const [, index] =
        Object.keys(args)
          .find((key) => key.startsWith(`${kind}:`))
          ?.split(':') ?? [];
      if (operation === undefined || index === undefined) return [];
      const types = Reflect.getMetadata('design:paramtypes', prototype, name) as (new () => object)[];
      const type = types[Number(index)] ?? Object;
      const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
      const members = [...new Set(rules.map(({ propertyName }) => propertyName))].sort();
      return [{ id: operation.id, type: type.name, members }];
    });
  });
}
