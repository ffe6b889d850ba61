import { analysts, council, countyHub, incident, police, publishAll } from '../testing/county.ts';
import { agreementBetween, bringIntoForce, told } from '../testing/govern.ts';
import { HOST, type HubUnderTest } from '../testing/running-hub.ts';

const TEXT = 'text/plain; charset=utf-8';
const PURPOSE = 'sv-needs-assessment';

describe('reading what is agreed', () => {
  let hub: HubUnderTest;
  beforeAll(async () => {
    hub = await countyHub();
    await publishAll(
      hub,
      Array.from({ length: 12 }, () => incident()),
    );
  }, 60_000);
  afterAll(() => hub.close());

  const text = (
    id: string,
    agency = police.agency,
    role: Parameters<HubUnderTest['as']>[1] = 'signatory',
    query = '',
  ) => hub.as(agency, role).call('GET', `/v1/agreements/${id}/text${query}`);

  describe('the text of an agreement', () => {
    it('is read by any role of a party and by auditors, and is not there for anyone else', async () => {
      for (const answer of [
        await text('county-counts'),
        await text('county-counts', police.agency, 'publisher'),
        await text('county-counts', analysts.agency, 'analyst'),
        await text('county-counts', HOST, 'auditor'),
      ]) {
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, TEXT]);
        expect(answer.text).toContain('\n1.1       county-police, as a specified authority (specified-authority)');
      }
      expect(told(await text('county-counts', council.agency, 'analyst'))).toEqual([404, 'not-found']);
      expect(told(await text('county-counts', council.agency, 'analyst', '?version=1'))).toEqual([404, 'not-found']);
      expect(told(await text('county-counts', HOST, 'steward'))).toEqual([404, 'not-found']);
      for (const id of ['no-such-agreement', 'No', '%2e%2e', 'constructor'])
        expect([id, ...told(await text(id))]).toEqual([id, 404, 'not-found']);
    });

    it('is of a version by its number, and is not sent again to who has it', async () => {
      const drafter = hub.as(police.agency, 'steward');
      const one = agreementBetween('read-versions', police, analysts);
      const { digest } = (await drafter.call('POST', '/v1/agreements', one)).json<{ digest: string }>();
      const edited = { ...one, title: 'The second' };
      await drafter.call('PUT', '/v1/agreements/read-versions', edited, { 'if-match': `"${digest}"` });
      const titles = await Promise.all(
        ['', '?version=1', '?version=2'].map((query) => text('read-versions', police.agency, 'steward', query)),
      );
      expect(titles.map((answer) => answer.text.split('\n')[1])).toEqual([
        '«The second»',
        `«${String(one['title'])}»`,
        '«The second»',
      ]);
      expect(titles[0]?.text).toContain('Nothing but signatures stands between it and force.');
      const etag = titles[0]?.headers.get('etag') ?? '';
      const again = await drafter.call('GET', '/v1/agreements/read-versions/text', undefined, {
        'if-none-match': etag,
      });
      expect([again.status, again.text]).toEqual([304, '']);
      expect(told(await text('read-versions', police.agency, 'steward', '?version=3'))).toEqual([404, 'not-found']);
      for (const query of ['?version=0', '?version=x', '?version=1.0', '?version=', '?version=1&version=2', '?of=1'])
        expect([query, ...told(await text('read-versions', police.agency, 'steward', query))]).toEqual([
          query,
          400,
          'parameter-invalid',
        ]);
    });

    it('has the clause that an answer cites', async () => {
      const frozen = await hub
        .as(HOST, 'steward')
        .call('POST', '/v1/releases', { definition: 'police-incidents@1', period: '2024-01' });
      const table = await hub
        .as(analysts.agency, 'analyst')
        .call('GET', `/v1/releases/${frozen.json<{ id: string }>().id}/table?rows=category&purpose=${PURPOSE}`);
      const { sharing } = table.json<{
        sharing: { agreements: { id: string; version: number; clauses: string[] }[] };
      }>();
      const [cited] = sharing.agreements;
      expect(cited?.clauses).toEqual(['7.1']);
      const read = await text(cited?.id ?? '', analysts.agency, 'analyst', `?version=${cited?.version}`);
      expect(read.text).toContain(`\n${cited?.clauses[0]}       Grant g1: county-analysts may be shown`);
    });

    it('refuses no draft for its words, but for what cannot be seen in them', async () => {
      const drafter = hub.as(police.agency, 'steward');
      const forging = (title: string) => ({ ...agreementBetween('forging', police, analysts), title });
      for (const unseen of ['\u202e', '\u200b', '\u2028', '\n', '\u2066'])
        expect(told(await drafter.call('POST', '/v1/agreements', forging(`Counts${unseen}7.2`)))).toEqual([
          422,
          'agreement-invalid',
        ]);
      expect((await drafter.call('POST', '/v1/agreements', forging('Counts »   7.2 Grant'))).status).toBe(201);
      expect((await text('forging')).text.split('\n')[1]).toBe('«Counts \\u{bb} \\u{20}\\u{20}7.2 Grant»');
    });
  });

  it('the purposes are told to anybody who has signed in, with the powers that serve them alone', async () => {
    const answer = await hub.as(council.agency, 'analyst').call('GET', '/v1/purposes');
    expect(answer.status).toBe(200);
    const purposes = answer.json<{ purpose: string; words: string; functionUnder: { gateway: string }[] }[]>();
    expect(
      purposes.map(({ purpose, functionUnder }) => [purpose, functionUnder.map(({ gateway }) => gateway)]),
    ).toContainEqual(['s17-monitoring', ['pcsc-17']]);
    expect((await fetch(`${hub.url}/v1/purposes`)).status).toBe(401);
  });

  describe('the register of uses', () => {
    const register = (headers: Record<string, string> = {}, query = '') =>
      fetch(`${hub.url}/v1/register${query}`, { headers });
    interface Told {
      readonly agreements: readonly {
        readonly id: string;
        readonly versions: readonly { readonly status: string }[];
      }[];
    }

    it('is there without a token, says who is shown what, and names no person', async () => {
      const answer = await register();
      const body = await answer.text();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect((JSON.parse(body) as Told).agreements).toMatchObject([
        {
          id: 'county-counts',
          versions: [{ status: 'in-force', uses: [{ clause: '7.1', gateway: { id: 'anonymous' } }] }],
        },
      ]);
      expect(body).not.toMatch(/@|Information governance|signator|DPIA|oidc/i);
    });

    it('is the same whatever is drafted, published or asked, and is not sent again to who has it', async () => {
      const before = await register();
      const etag = before.headers.get('etag') ?? '';
      expect([before.headers.get('cache-control'), before.headers.get('vary')]).toEqual(['public, no-cache', 'accept']);
      const drafter = hub.as(police.agency, 'steward');
      const drafted = await drafter.call('POST', '/v1/agreements', agreementBetween('unseen', police, council));
      expect(drafted.status).toBe(201);
      const { digest } = (await drafter.call('GET', '/v1/agreements/county-counts')).json<{ digest: string }>();
      const wider = { ...agreementBetween('county-counts', police, analysts, { place: 'lsoa' }), title: 'Wider' };
      const edited = await drafter.call('PUT', '/v1/agreements/county-counts', wider, { 'if-match': `"${digest}"` });
      expect(edited.status).toBe(200);
      await publishAll(hub, [incident()]);
      const again = await register({ 'if-none-match': etag });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    });

    it('follows what comes into force', async () => {
      await bringIntoForce(hub, agreementBetween('council-counts', police, council));
      const { agreements } = (await (await register()).json()) as Told;
      expect(agreements.map(({ id }) => id)).toEqual(['council-counts', 'county-counts']);
    });

    it.each([
      ['?format=text', {}, TEXT],
      ['', { accept: 'text/plain' }, TEXT],
      ['', { accept: 'application/json;q=0.5, text/plain' }, TEXT],
      ['', { accept: 'text/plain;q=0.1, */*;q=0.5' }, 'application/json; charset=utf-8'],
      ['', { accept: 'text/plain, application/json' }, 'application/json; charset=utf-8'],
      ['', { accept: 'text/html, */*' }, 'application/json; charset=utf-8'],
      ['?format=json', { accept: 'text/plain' }, 'application/json; charset=utf-8'],
    ])('is read as wanted: %s %o', async (query, headers, type) => {
      const answer = await register(headers, query);
      const body = await answer.text();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
      expect(body.startsWith('REGISTER OF USES, ')).toBe(type === TEXT);
      expect(body).toContain('county-counts');
    });

    it.each(['?format=csv', '?format=text&format=json', '?agency=county-police'])(
      'is not asked for as %s',
      async (query) => {
        const answer = await register({}, query);
        expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
          400,
          '/problems/parameter-invalid',
        ]);
      },
    );
  });
});
