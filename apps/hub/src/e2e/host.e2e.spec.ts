import type { Role } from '#contracts';
import { BATCH, countyGeography, incident } from '../testing/county.ts';
import {
  adopt,
  agreementBetween,
  bringIntoForce,
  enrol,
  expectStatus,
  lawPack,
  PUBLISHER_ROLES,
  streetCodes,
  told,
  type Party,
} from '../testing/govern.ts';
import { HOST, hubUnderTest, type HubUnderTest } from '../testing/running-hub.ts';

const police: Party = { agency: 'county-police', capacity: 'specified-authority' };
const analysts: Party = { agency: 'county-analysts', capacity: 'analysis-unit' };
const council: Party = { agency: 'county-council', capacity: 'specified-authority' };
const FORMER = 'former-host';
const CLAIMED: readonly Role[] = ['operator', 'auditor', 'steward', 'analyst'];

describe('what concerns every agency', () => {
  let hub: HubUnderTest;
  const head = () => hub.running.ports.log.head();
  const as = (agency: string, role: Role) => hub.as(agency, role);
  const refusal = (answer: { json<T>(): T }) => answer.json<{ field?: string }>().field;

  beforeAll(async () => {
    hub = await hubUnderTest({
      [police.agency]: PUBLISHER_ROLES,
      [analysts.agency]: ['signatory'],
      [council.agency]: CLAIMED,
      [FORMER]: ['steward'],
    });
    for (const { agency, capacity } of [police, analysts, council]) await enrol(hub, agency, capacity);
    const capacities = [{ capacity: 'host', from: '2023-01-31', to: '2024-01-31' }];
    const former = { agency: FORMER, name: FORMER, issuers: [`${hub.url}/oidc`], capacities };
    expectStatus(await as(HOST, 'operator').call('POST', '/v1/agencies', former), 201);
    for (const pack of [lawPack(), streetCodes(), countyGeography()]) await adopt(hub, pack);
    await bringIntoForce(hub, agreementBetween('county-counts', police, analysts));
  }, 60_000);
  afterAll(() => hub.close());

  describe('packs', () => {
    const offer = (pack: { kind: string; version: string }, agency = HOST) =>
      as(agency, 'steward').call('PUT', `/v1/reference/${pack.kind}/${pack.version}`, pack);
    const adopting = (name: string, body?: unknown, agency = HOST) =>
      as(agency, 'steward').call('POST', `/v1/reference/${name}/adoption`, body);

    it.each([police.agency, FORMER])('are neither offered nor adopted by a steward of %s', async (agency) => {
      const before = await head();
      for (const pack of [streetCodes('theirs'), countyGeography('theirs'), { ...lawPack(), version: 'theirs' }])
        expect([pack.kind, ...told(await offer(pack, agency))]).toEqual([pack.kind, 403, 'host-required']);
      for (const name of ['geography/county-1', 'codes/2026-11', 'law/law-2026-11', 'codes/none'])
        expect([name, ...told(await adopting(name, {}, agency))]).toEqual([name, 403, 'host-required']);
      expect(await head()).toBe(before);
    });

    it('keep their content from the first offer on, before and after adoption and a restart', async () => {
      const other = { ...streetCodes('kept-1'), title: 'Other codes' };
      const { digest } = expectStatus(await offer(streetCodes('kept-1')), 201).json<{ digest: string }>();
      const offered = await head();
      expect(expectStatus(await offer(streetCodes('kept-1')), 201).json()['digest']).toBe(digest);
      expect(told(await offer(other))).toEqual([409, 'already-exists']);
      expect(await head()).toBe(offered);
      await hub.restart();
      expect(told(await offer(other))).toEqual([409, 'already-exists']);
      const swapped = await adopting('codes/kept-1', { digest: '0'.repeat(64) });
      expect([...told(swapped), refusal(swapped)]).toEqual([409, 'already-exists', 'digest']);
      expect(expectStatus(await adopting('codes/kept-1', { digest }), 201).json()['digest']).toBe(digest);
      expect(told(await offer(other))).toEqual([409, 'already-exists']);
      await adopt(hub, streetCodes('kept-2'));
      expect(told(await offer(other))).toEqual([409, 'already-exists']);
      // an earlier version can be gone back to, as it was
      expect(expectStatus(await adopting('codes/kept-1'), 201).json()['digest']).toBe(digest);
    });

    it.each([{ digest: 1 }, { digest: null }, { digest: 'x' }, { digest: [] }])(
      'are not adopted by %j',
      async (body) => {
        const before = await head();
        expect(told(await adopting('codes/2026-11', body))).toEqual([422, 'field-invalid']);
        expect(await head()).toBe(before);
      },
    );

    it('are as large as their kind allows', async () => {
      const padded = (pack: { kind: string; version: string }) => ({ ...pack, title: 'x'.repeat(1 << 20) });
      expect(told(await offer(padded(streetCodes('large'))))).toEqual([413, 'json-too-large']);
      expect(told(await offer(padded({ ...lawPack(), version: 'large' })))).toEqual([413, 'json-too-large']);
      expect(told(await offer(padded(countyGeography('large'))))).toEqual([422, 'pack-invalid']);
    });
  });

  describe('roles', () => {
    const enrolling = (body: object) =>
      as(HOST, 'operator').call('POST', '/v1/agencies', {
        agency: 'county-fire',
        name: 'Fire',
        issuers: [`${hub.url}/oidc`],
        capacities: [{ capacity: 'specified-authority', from: '2024-01-01' }],
        ...body,
      });

    it('that an issuer asserts beyond the enrolment are nobody’s', async () => {
      const before = await head();
      const enrolled = await as(council.agency, 'operator').call('POST', '/v1/agencies', {});
      expect(told(enrolled)).toEqual([403, 'role-required']);
      expect((await as(council.agency, 'operator').call('GET', '/metrics')).status).toBe(403);
      const audited = await as(council.agency, 'auditor').call('GET', '/v1/audit/entries');
      expect(audited.status).toBe(403);
      expect((await as(council.agency, 'analyst').call('GET', '/v1/agencies')).status).toBe(200);
      expect(await head()).toBe(before);
      const { data } = (await as(HOST, 'auditor').call('GET', '/v1/audit/entries')).json<{
        data: { entries: { who: { agency: string; roles: string[] } }[] };
      }>();
      const own = data.entries.filter((entry) => entry.who.agency === council.agency);
      expect(own.map(({ who }) => who.roles)).toEqual([[]]);
    });

    it('are those that the enrolment names, and the ordinary ones when it names none', async () => {
      const named = expectStatus(await enrolling({ roles: ['auditor', 'analyst'] }), 201);
      expect(named.json()['roles']).toEqual(['auditor', 'analyst']);
      const unnamed = expectStatus(await enrolling({ agency: 'county-probation' }), 201).json<{ roles: string[] }>();
      expect(unnamed.roles).toContain('steward');
      expect(unnamed.roles.filter((role) => role === 'operator' || role === 'auditor')).toEqual([]);
    });

    it.each([
      ['no roles', { roles: [] }, 'roles'],
      ['null for roles', { roles: null }, 'roles'],
      ['an unknown role', { roles: ['king'] }, 'roles'],
      ['a role in a list of its own', { roles: [['operator']] }, 'roles'],
      ['a role twice', { roles: ['analyst', 'analyst'] }, 'roles'],
      ['a list for a capacity', { capacities: [[]] }, 'capacities.0'],
      ['null for a capacity', { capacities: [null] }, 'capacities.0'],
      ['null for an end', { capacities: [{ capacity: 'host', from: '2024-01-01', to: null }] }, 'capacities.0.to'],
    ])('and capacities are not enrolled with %s', async (_, body, field) => {
      const before = await head();
      const answer = await enrolling({ agency: 'county-prison', ...body });
      expect([...told(answer), refusal(answer)]).toEqual([422, 'field-invalid', field]);
      expect(await head()).toBe(before);
    });
  });

  describe('releases', () => {
    const publish = (agency: string, definition = 'police-incidents@1', period = '2024-01') =>
      as(agency, 'steward').call('POST', '/v1/releases', { definition, period });
    const add = async () => {
      const events = [incident({ agency: police.agency })];
      expectStatus(await as(police.agency, 'publisher').call('POST', '/v1/events', events, BATCH), 201);
    };

    it('are frozen by the host alone, and revised only when counts differ', async () => {
      await add();
      const before = await head();
      for (const agency of [council.agency, FORMER, police.agency])
        expect([agency, ...told(await publish(agency))]).toEqual([agency, 403, 'host-required']);
      expect(await head()).toBe(before);
      expectStatus(await publish(HOST), 201);
      const first = await head();
      expect(told(await publish(HOST))).toEqual([409, 'release-unchanged']);
      expect(await head()).toBe(first);
      await add();
      expect(expectStatus(await publish(HOST), 201).json()['version']).toBe(2);
    });

    it('name the packs that they were counted and labelled under, in the fact and in the artefact', async () => {
      const { log, artefacts } = hub.running.ports;
      const facts: { data: { digest: never; geography: object; codes: object } }[] = [];
      for await (const batch of log.readOwn('start'))
        for (const fact of batch)
          if (fact.type === 'uk.svd.hub.release-published.v1') facts.push(JSON.parse(String(Buffer.from(fact.stored))));
      const [first] = facts;
      expect(first?.data.geography).toMatchObject({ version: 'county-1' });
      expect(first?.data.codes).toMatchObject({ version: 'kept-1' });
      const table = JSON.parse(
        Buffer.from((await artefacts.get(first?.data.digest as never)) ?? []).toString(),
      ) as object;
      expect(table).toMatchObject({ codesPack: first?.data.codes, geography: first?.data.geography });
    });
  });

  describe('drafts', () => {
    const draft = (document: unknown) => as(police.agency, 'steward').call('POST', '/v1/agreements', document);

    it('are at most 64 KiB, and none is called as the hub’s own is', async () => {
      const before = await head();
      const large = { ...agreementBetween('large', police, analysts), title: 'x'.repeat(65_536) };
      expect(told(await draft(large))).toEqual([413, 'body-too-large']);
      const own = await draft(agreementBetween('oversight', police, analysts));
      expect([...told(own), refusal(own)]).toEqual([422, 'agreement-invalid', 'id']);
      expect(await head()).toBe(before);
    });

    it('of one agency are fifty at most, though many come at once, until one comes into force', async () => {
      const drafts = Array.from({ length: 56 }, (_, i) => agreementBetween(`many-${i}`, police, analysts));
      const answers = await Promise.all(drafts.map(draft));
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused.map(told)).toEqual(refused.map(() => [409, 'drafts-full']));
      expect(refused).toHaveLength(6);
      // what is there can be edited and repeated
      const { id, digest } = answers.find(({ status }) => status === 201)?.json<{ id: string; digest: string }>() ?? {};
      expect((await draft(agreementBetween(id ?? '', police, analysts))).status).toBe(201);
      for (const { agency } of [police, analysts])
        expectStatus(await as(agency, 'signatory').call('POST', `/v1/agreements/${id}/signatures`, { digest }), 201);
      expect((await draft(agreementBetween('one-more', police, analysts))).status).toBe(201);
      expect(told(await draft(agreementBetween('too-many', police, analysts)))).toEqual([409, 'drafts-full']);
    });
  });
});
