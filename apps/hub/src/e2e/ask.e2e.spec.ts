import { analysts, council, countyHub, incident, police, publishAll } from '../testing/county.ts';
import { agreementBetween, bringIntoForce, expectStatus, told } from '../testing/govern.ts';
import { HOST, type HubUnderTest } from '../testing/running-hub.ts';

interface Table {
  readonly data: { readonly rows: readonly { code: string }[]; readonly rowTotals: readonly Record<string, unknown>[] };
  readonly sharing: Record<string, unknown> & { readonly disclosureId: string; readonly asAt: string };
}
interface Entry {
  readonly number: number;
  readonly id: string;
  readonly operation: string;
  readonly kind: string;
  readonly decision: { readonly kind: string; readonly rule?: string };
  readonly who: { readonly agency: string };
}

describe('asking', () => {
  let hub: HubUnderTest;
  const publish = (definition: string, period: string) =>
    hub.as(HOST, 'steward').call('POST', '/v1/releases', { definition, period });
  const table = (
    query: string,
    { agency = analysts.agency, headers = {}, id = 'police-incidents@1.2024-01.v1' } = {},
  ) => hub.as(agency, 'analyst').call('GET', `/v1/releases/${id}/table?${query}`, undefined, headers);
  const QUERY = 'rows=category&purpose=sv-needs-assessment';
  const audit = (query = '') => hub.as(HOST, 'auditor').call('GET', `/v1/audit/entries?${query}`);
  const entries = async (query = 'limit=1000') =>
    expectStatus(await audit(query), 200).json<{ data: { entries: Entry[]; next?: string } }>().data;
  const newest = async (): Promise<Entry> => {
    const { entries: all } = await entries();
    return all.at(-1) as Entry;
  };

  beforeAll(async () => {
    hub = await countyHub({ agreement: false });
  }, 60_000);
  afterAll(() => hub.close());

  it('is refused while no agreement is in force, and that is on record', async () => {
    const refused = await hub.as(analysts.agency, 'analyst').call('GET', '/v1/releases?purpose=sv-needs-assessment');
    expect(told(refused)).toEqual([403, 'refused']);
    expect(refused.json()).toMatchObject({ rule: 'no-agreement', missing: ['agreement'] });
    const { disclosureId } = refused.json<{ disclosureId: string }>();
    expect(await newest()).toMatchObject({
      id: disclosureId,
      operation: 'releases.list',
      kind: 'refused',
      decision: { kind: 'refuse', rule: 'no-agreement' },
    });
  });

  describe('releases', () => {
    beforeAll(async () => {
      await bringIntoForce(hub, agreementBetween('county-counts', police, analysts));
      const robberies = Array.from({ length: 12 }, () => incident());
      const drugs = Array.from({ length: 3 }, () => incident({ data: { category: 'drugs' } }));
      await publishAll(hub, [...robberies, ...drugs]);
    });
    const counted = async (id: string): Promise<Record<string, unknown>> => {
      const { data } = expectStatus(await table(QUERY, { id }), 200).json<Table>();
      const cells = data.rows.map(({ code }, i) => [
        code,
        data.rowTotals[i]?.['value'] ?? data.rowTotals[i]?.['symbol'],
      ]);
      const all = Object.fromEntries(cells) as Record<string, unknown>;
      return { robbery: all['robbery'], drugs: all['drugs'] };
    };

    it.each([
      ['police-incidents@1', '2026-12', 422, 'period-open'],
      ['police-incidents@1', '2099', 422, 'period-open'],
      ['police-incidents@1', '2024-13', 422, 'field-invalid'],
      ['police-incidents@1', '1024', 422, 'field-invalid'],
      ['police-incidents@9', '2024-01', 422, 'definition-unknown'],
      ['rumours@1', '2024-01', 422, 'definition-unknown'],
      ['__proto__@1', '2024-01', 422, 'field-invalid'],
      ['constructor@1', '2024-01', 422, 'definition-unknown'],
      ['school-exclusions@1', '2024-01', 422, 'release-period-too-short'],
    ])('of %s for %s are not frozen', async (definition, period, status, code) => {
      expect(told(await publish(definition, period))).toEqual([status, code]);
    });

    it('never change: a correction comes in with the next version, and a fourth there is not', async () => {
      const first = expectStatus(await publish('police-incidents@1', '2024-01'), 201);
      expect(first.json()).toMatchObject({ id: 'police-incidents@1.2024-01.v1', version: 1, geography: 'county-1' });
      expect(JSON.stringify(first.json())).not.toMatch(/asOf|digest|position/);
      const v1 = await table(QUERY);
      expect(await counted('police-incidents@1.2024-01.v1')).toEqual({ robbery: 10, drugs: 'low' });
      const mistaken = incident();
      await publishAll(hub, [mistaken, ...Array.from({ length: 9 }, () => incident({ data: { category: 'drugs' } }))]);
      expect(expectStatus(await publish('police-incidents@1', '2024-01'), 201).json()['version']).toBe(2);
      expect(await counted('police-incidents@1.2024-01.v2')).toEqual({ robbery: 15, drugs: 10 });
      const corrects = { id: mistaken['id'], reason: 'reclassified' };
      await publishAll(hub, [incident({ data: { category: 'drugs', corrects } })]);
      expect(expectStatus(await publish('police-incidents@1', '2024-01'), 201).json()['version']).toBe(3);
      expect(await counted('police-incidents@1.2024-01.v3')).toEqual({ robbery: 10, drugs: 15 });
      expect(told(await publish('police-incidents@1', '2024-01'))).toEqual([409, 'revisions-exhausted']);
      expect(await counted('police-incidents@1.2024-01.v1')).toEqual({ robbery: 10, drugs: 'low' });
      const again = await table(QUERY);
      expect(again.headers.get('etag')).toBe(v1.headers.get('etag'));
      expect({ ...again.json<Table>().sharing, disclosureId: '' }).toEqual({
        ...v1.json<Table>().sharing,
        disclosureId: '',
      });
    });

    it('are frozen one by one, though two stewards ask at once', async () => {
      const answers = await Promise.all([1, 2].map(() => publish('police-incidents@1', '2024-02')));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses[0]).toBe(201);
      // whoever comes later finds the same counts
      expect([409, 412]).toContain(statuses[1]);
      const versions = answers.filter(({ status }) => status === 201).map((answer) => answer.json()['version']);
      expect(new Set(versions).size).toBe(versions.length);
    });

    it('are listed for a purpose that some agreement grants', async () => {
      const analyst = hub.as(analysts.agency, 'analyst');
      const { data, sharing } = expectStatus(
        await analyst.call('GET', '/v1/releases?purpose=sv-needs-assessment'),
        200,
      ).json<{
        data: { id: string }[];
        sharing: { withheld: { reason: string }[] };
      }>();
      expect(data.map(({ id }) => id)).toContain('police-incidents@1.2024-01.v3');
      expect(sharing.withheld).toContainEqual({ what: 'police-profiles@1', reason: 'no-agreement' });
      for (const query of ['', '?purpose=', '?purpose=curiosity', '?purpose=audit']) {
        const refused = await analyst.call('GET', `/v1/releases${query}`);
        expect([query, ...told(refused)]).toEqual([query, 403, 'refused']);
      }
    });

    it.each([
      ['rows=category', 'purpose=sv-needs-assessment&rows=shoe-size', 400, 'dimension-unknown'],
      ['no rows', 'purpose=sv-needs-assessment', 400, 'parameter-invalid'],
      ['rows twice', `${QUERY}&rows=category`, 400, 'parameter-invalid'],
      ['where without a value', `${QUERY}&where=category`, 400, 'parameter-invalid'],
      ['another parameter', `${QUERY}&limit=1`, 400, 'parameter-invalid'],
      ['an unknown form', `${QUERY}&format=xml`, 400, 'parameter-invalid'],
    ])('are not asked with %s', async (_, query, status, code) => {
      expect(told(await table(query))).toEqual([status, code]);
    });

    it('are not there under another id', async () => {
      for (const id of ['police-incidents@1.2024-01.v9', 'x', '__proto__', 'police-incidents@1.2024-01.v1%00', '..']) {
        const answer = await table(QUERY, { id });
        expect([id, answer.status]).toEqual([id, 404]);
      }
    });

    it('are refused more finely than granted, and to who lacks the role', async () => {
      const fine = await table('rows=place.lsoa&purpose=sv-needs-assessment');
      expect([fine.status, fine.json()['rule']]).toEqual([403, 'place-too-fine']);
      const field = await table('rows=weapon&purpose=sv-needs-assessment');
      expect([field.status, field.json()['rule']]).toEqual([403, 'field-not-granted']);
      const path = `/v1/releases/police-incidents@1.2024-01.v1/table?${QUERY}`;
      const signatory = await hub.as(analysts.agency, 'signatory').call('GET', path);
      expect([signatory.status, signatory.json()['rule']]).toEqual([403, 'role-not-held']);
      expect(await newest()).toMatchObject({ operation: 'releases.table', decision: { rule: 'role-not-held' } });
    });

    it('are not sent again to who has them, and that is on record all the same', async () => {
      const etag = (await table(QUERY)).headers.get('etag') ?? '';
      const before = (await newest()).number;
      const unchanged = await table(QUERY, { headers: { 'if-none-match': etag } });
      expect([unchanged.status, unchanged.text, unchanged.headers.get('etag')]).toEqual([304, '', etag]);
      const { entries: after } = await entries(`limit=1000&after=${before}&consumer=${analysts.agency}`);
      expect(after).toHaveLength(1);
      expect(after[0]).toMatchObject({ kind: 'disclosure', operation: 'releases.table', decision: { kind: 'permit' } });
      expect((await table(QUERY, { headers: { 'if-none-match': '"0"' } })).status).toBe(200);
    });

    it('are written as CSV whose every line carries its sharing', async () => {
      const csv = expectStatus(await table(`${QUERY}&format=csv`), 200);
      expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      const [head, ...lines] = csv.text.trimEnd().split('\r\n');
      expect(head).toBe(
        'rows,row,row label,columns,column,column label,value,symbol,reason,release,purpose,agreements,disclosure',
      );
      const { id } = await newest();
      expect(lines.length).toBeGreaterThan(3);
      for (const line of lines) {
        expect(line).toContain('police-incidents@1.2024-01.v1,sv-needs-assessment,county-counts v1 (anonymous),');
        expect(line.endsWith(id)).toBe(true);
      }
      expect(lines.some((line) => line.startsWith('category,robbery,Robbery,'))).toBe(true);
      expect(csv.headers.get('etag')).not.toBe((await table(QUERY)).headers.get('etag'));
    });
  });

  describe('the access records', () => {
    it('are paged in order and without gaps, the reading of them included', async () => {
      const { entries: whole } = await entries();
      const seen: number[] = [];
      let after = '';
      while (seen.length < whole.length) {
        const page = await entries(`limit=7${after}`);
        seen.push(...page.entries.map(({ number }) => number));
        if (page.next === undefined) break;
        after = `&after=${page.next}`;
      }
      expect(seen.slice(0, whole.length)).toEqual(whole.map(({ number }) => number));
      expect(whole.map(({ number }) => number)).toEqual(whole.map((_, i) => i));
      expect(await newest()).toMatchObject({ operation: 'audit.entries', kind: 'consultation' });
    });

    it('are filtered by consumer, agreement and time', async () => {
      const { entries: all } = await entries();
      const of = (agency: string) => all.filter(({ who }) => who.agency === agency).map(({ number }) => number);
      const filtered = await entries(`limit=1000&consumer=${analysts.agency}`);
      expect(filtered.entries.map(({ number }) => number)).toEqual(of(analysts.agency));
      const { entries: under } = await entries('limit=1000&agreement=county-counts');
      expect(under.length).toBeGreaterThan(0);
      expect(under.every(({ decision }) => decision.kind === 'permit')).toBe(true);
      expect((await entries('limit=1000&to=2020-01-01T00:00:00Z')).entries).toEqual([]);
      expect((await entries('limit=1000&from=2999-01-01T00:00:00Z')).entries).toEqual([]);
      expect(
        (await entries('limit=1000&from=2020-01-01T00:00:00Z&to=2999-01-01T00:00:00Z')).entries.length,
      ).toBeGreaterThan(all.length);
    });

    it.each([
      'limit=0',
      'limit=1001',
      'limit=x',
      'after=-1',
      'from=yesterday',
      'to=2024-02-31T00:00:00Z',
      'consumer=A%20B',
      'subject=x',
      'limit=1&limit=2',
    ])('are not asked with %s', async (query) => {
      expect(told(await audit(query))).toEqual([400, 'parameter-invalid']);
    });

    it('are refused to who is no auditor, and that is on record', async () => {
      const refused = await hub.as(council.agency, 'analyst').call('GET', '/v1/audit/entries');
      expect([...told(refused), refused.json()['rule']]).toEqual([403, 'refused', 'role-not-held']);
      expect(await newest()).toMatchObject({
        id: refused.json()['disclosureId'],
        operation: 'audit.entries',
        kind: 'refused',
        who: { agency: council.agency },
      });
    });

    it('hold no result: neither a count nor an event', async () => {
      const { text } = await audit('limit=1000');
      expect(text).not.toMatch(/"value"|rowTotals|"low"|E0100000|submission/);
    });
  });

  describe('the live models', () => {
    const status = async () =>
      (await hub.as(HOST, 'operator').call('GET', '/v1/projections')).json<{
        projections: { name: string; build: number; state: string; pending: number; rebuilding?: unknown }[];
      }>().projections;

    it('are built anew while questions are answered', async () => {
      const before = (await status()).map(({ build }) => build);
      expectStatus(await hub.as(HOST, 'operator').call('POST', '/v1/projections/rebuild'), 202);
      const etag = (await table(QUERY)).headers.get('etag');
      for (let tries = 0; tries < 200; tries++) {
        const answer = await table(QUERY);
        expect([answer.status, answer.headers.get('etag')]).toEqual([200, etag]);
        if ((await status()).every(({ build, rebuilding }, i) => build > (before[i] ?? 0) && rebuilding === undefined))
          break;
      }
      const after = await status();
      expect(after.map(({ build }, i) => build > (before[i] ?? 0))).toEqual([true, true]);
      expect(after.every(({ state }) => state === 'running')).toBe(true);
    });

    it('freeze the same counts after they were built anew', async () => {
      expectStatus(await publish('police-incidents@1', '2024-Q1'), 201);
      const asked = { id: 'police-incidents@1.2024-Q1.v1' };
      const { data } = expectStatus(await table(QUERY, asked), 200).json<Table>();
      const robbery = data.rows.findIndex(({ code }) => code === 'robbery');
      expect(data.rowTotals[robbery]).toEqual({ value: 10 });
    });

    it('are an operator’s business', async () => {
      for (const [method, path] of [
        ['GET', '/v1/projections'],
        ['POST', '/v1/projections/rebuild'],
        ['GET', '/v1/parked'],
        ['POST', '/v1/parked/incidents:1/retry'],
        ['POST', '/v1/parked/incidents:1/skip'],
        ['GET', '/metrics'],
      ] as const) {
        expect([path, ...told(await hub.as(HOST, 'steward').call(method, path))]).toEqual([path, 403, 'role-required']);
      }
      const operator = hub.as(HOST, 'operator');
      expect((await operator.call('GET', '/v1/parked')).json()).toEqual({ parked: [] });
      for (const act of ['retry', 'skip']) {
        for (const id of [
          'incidents:1',
          'incidents:999999',
          'nothing:1',
          'x',
          '__proto__:1',
          'incidents:9999999999999999',
        ]) {
          expect([act, id, ...told(await operator.call('POST', `/v1/parked/${id}/${act}`))]).toEqual([
            act,
            id,
            404,
            'not-found',
          ]);
        }
      }
    });
  });
});
