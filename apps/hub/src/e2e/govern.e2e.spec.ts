import { analysts, council, countyGeography, countyHub, police } from '../testing/county.ts';
import { adopt, agreementBetween, lawPack, streetCodes, told } from '../testing/govern.ts';
import { HOST, type HubUnderTest } from '../testing/running-hub.ts';

interface View {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly status: string;
  readonly signatures: readonly { agency: string }[];
  readonly incomplete: readonly unknown[];
  readonly inForce: readonly unknown[];
}

describe('governing', () => {
  let hub: HubUnderTest;
  const head = () => hub.running.ports.log.head();
  const draft = (document: unknown, agency = police.agency) =>
    hub.as(agency, 'steward').call('POST', '/v1/agreements', document);
  const edit = (id: string, document: unknown, headers = {}, agency = police.agency) =>
    hub.as(agency, 'steward').call('PUT', `/v1/agreements/${id}`, document, headers);
  const sign = (id: string, digest: string, agency: string) =>
    hub.as(agency, 'signatory').call('POST', `/v1/agreements/${id}/signatures`, { digest });
  const read = async (id: string) =>
    (await hub.as(police.agency, 'signatory').call('GET', `/v1/agreements/${id}`)).json<View>();
  const drafted = async (id: string): Promise<View> => {
    const answer = await draft(agreementBetween(id, police, analysts));
    expect(answer.status).toBe(201);
    return answer.json<View>();
  };

  beforeAll(async () => {
    hub = await countyHub({ agreement: false });
  }, 60_000);
  afterAll(() => hub.close());

  describe('agencies', () => {
    const body = (agency: string) => ({
      agency,
      name: 'Somebody',
      issuers: ['https://issuer.example'],
      capacities: [{ capacity: 'specified-authority', from: '2024-01-01' }],
    });
    const enrol = (given: unknown, agency = HOST) => hub.as(agency, 'operator').call('POST', '/v1/agencies', given);

    it('are enrolled once, by an operator', async () => {
      expect((await enrol(body('county-fire'))).status).toBe(201);
      const before = await head();
      expect(told(await enrol(body('county-fire')))).toEqual([409, 'already-exists']);
      const steward = await hub.as(HOST, 'steward').call('POST', '/v1/agencies', body('county-probation'));
      expect(told(steward)).toEqual([403, 'role-required']);
      expect(await head()).toBe(before);
      const listed = (await hub.as(council.agency, 'analyst').call('GET', '/v1/agencies')).json<{ agency: string }[]>();
      expect(listed.filter(({ agency }) => agency === 'county-fire')).toHaveLength(1);
      expect(JSON.stringify(listed)).not.toContain('issuer.example');
    });

    it('are enrolled once by two operators at once', async () => {
      const answers = await Promise.all([enrol(body('county-prison')), enrol(body('county-prison'), police.agency)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    });

    it.each([
      ['no name', { ...body('a-b'), name: '' }, 'field-invalid'],
      ['a name that hides something', { ...body('a-b'), name: 'Fire\u202e' }, 'field-invalid'],
      ['no capacity', { ...body('a-b'), capacities: [] }, 'field-invalid'],
      [
        'a reversed capacity',
        { ...body('a-b'), capacities: [{ capacity: 'host', from: '2024-02-01', to: '2024-01-01' }] },
        'field-invalid',
      ],
      [
        'an unknown capacity',
        { ...body('a-b'), capacities: [{ capacity: 'king', from: '2024-02-01' }] },
        'field-invalid',
      ],
      ['something more', { ...body('a-b'), secret: 1 }, 'field-not-allowed'],
      ['a role that there is not', { ...body('a-b'), roles: ['king'] }, 'field-invalid'],
      ['an id that is none', body('A b'), 'field-invalid'],
      ['the id of the hub’s own source', body('../hub'), 'field-invalid'],
    ])('are not enrolled with %s', async (_, given, code) => {
      const before = await head();
      expect(told(await enrol(given))).toEqual([422, code]);
      expect(await head()).toBe(before);
    });
  });

  describe('agreements', () => {
    it('come into force once every party has signed the text', async () => {
      const { id, digest, incomplete, version } = await drafted('all-sign');
      expect([version, incomplete]).toEqual([1, []]);
      const first = await sign(id, digest, police.agency);
      expect([first.status, first.json()['status']]).toEqual([201, 'signed']);
      const last = await sign(id, digest, analysts.agency);
      expect([last.status, last.json()['status']]).toEqual([201, 'in-force']);
    });

    it('are signed by nobody for another', async () => {
      const { id, digest } = await drafted('nobody-else');
      expect(told(await sign(id, digest, council.agency))).toEqual([404, 'not-found']);
      const steward = hub.as(police.agency, 'steward');
      expect(told(await steward.call('POST', `/v1/agreements/${id}/signatures`, { digest }))).toEqual([
        403,
        'role-required',
      ]);
      const forAnother = { digest, agency: analysts.agency };
      const signatory = hub.as(police.agency, 'signatory');
      expect(told(await signatory.call('POST', `/v1/agreements/${id}/signatures`, forAnother))).toEqual([
        422,
        'field-not-allowed',
      ]);
      expect((await sign(id, digest, police.agency)).status).toBe(201);
      expect(told(await sign(id, digest, police.agency))).toEqual([409, 'already-signed']);
      expect(await read(id)).toMatchObject({ status: 'signed', signatures: [{ agency: police.agency }] });
    });

    it('are signed in the text that was read, and no other', async () => {
      const { id, digest } = await drafted('stale');
      const edited = await edit(
        id,
        { ...agreementBetween(id, police, analysts), title: 'Another' },
        { 'if-match': `"${digest}"` },
      );
      expect(edited.status).toBe(200);
      expect(told(await sign(id, digest, analysts.agency))).toEqual([409, 'signature-invalid']);
      expect(told(await sign(id, '0'.repeat(64), analysts.agency))).toEqual([409, 'signature-invalid']);
      expect(told(await sign(id, 'x', analysts.agency))).toEqual([422, 'field-invalid']);
      expect(told(await sign('no-such-agreement', digest, analysts.agency))).toEqual([404, 'not-found']);
      expect((await read(id)).signatures).toEqual([]);
    });

    it('are edited by who has read them, into a version that nobody has signed', async () => {
      const { id, digest } = await drafted('edited');
      await sign(id, digest, police.agency);
      await sign(id, digest, analysts.agency);
      expect((await read(id)).status).toBe('in-force');
      const changed = { ...agreementBetween(id, police, analysts), title: 'Changed' };
      expect(told(await edit(id, changed))).toEqual([428, 'precondition-required']);
      for (const stale of ['"0"', `"${'0'.repeat(64)}"`, digest, '*', `W/"${digest}"`]) {
        expect([stale, ...told(await edit(id, changed, { 'if-match': stale }))]).toEqual([
          stale,
          412,
          'precondition-failed',
        ]);
      }
      expect((await read(id)).status).toBe('in-force');
      const edited = await edit(id, changed, { 'if-match': `"${digest}"` });
      expect([edited.status, edited.json()]).toMatchObject([200, { version: 2, status: 'drafted', signatures: [] }]);
      expect(edited.headers.get('etag')?.startsWith(`"${edited.json<View>().digest}.`)).toBe(true);
      expect((await read(id)).inForce).toMatchObject([{ version: 1, status: 'in-force' }]);
      expect(told(await edit(id, changed, { 'if-match': `"${digest}"` }))).toEqual([412, 'precondition-failed']);
    });

    it('of two edits at once keep one', async () => {
      const { id, digest } = await drafted('two-edits');
      const answers = await Promise.all(
        ['One', 'Other'].map((title) =>
          edit(id, { ...agreementBetween(id, police, analysts), title }, { 'if-match': `"${digest}"` }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      expect((await read(id)).version).toBe(2);
    });

    it('are drafted once under an id, by a party, between enrolled agencies', async () => {
      const { id, digest } = await drafted('once');
      const again = await draft(agreementBetween(id, police, analysts));
      expect([again.status, again.json<View>().digest]).toEqual([201, digest]);
      const before = await head();
      expect(told(await draft({ ...agreementBetween(id, police, analysts), title: 'Other' }))).toEqual([
        409,
        'already-exists',
      ]);
      expect(told(await draft(agreementBetween('theirs', police, council), analysts.agency))).toEqual([
        403,
        'not-a-party',
      ]);
      const unknown = { agency: 'nobody-at-all', capacity: 'analysis-unit' } as const;
      expect(told(await draft(agreementBetween('unknown', police, unknown)))).toEqual([409, 'party-not-enrolled']);
      const otherCapacity = { agency: analysts.agency, capacity: 'prison-authority' } as const;
      expect(told(await draft(agreementBetween('capacity', police, otherCapacity)))).toEqual([
        409,
        'party-not-enrolled',
      ]);
      expect(await head()).toBe(before);
    });

    it('are not there for an agency that is no party', async () => {
      const between = agreementBetween('not-theirs', police, council);
      const { digest } = (await draft(between)).json<View>();
      const stranger = hub.as(analysts.agency, 'steward');
      const tries = [
        await stranger.call('GET', '/v1/agreements/not-theirs'),
        await stranger.call('PUT', '/v1/agreements/not-theirs', between, { 'if-match': `"${digest}"` }),
        await stranger.call('PUT', '/v1/agreements/not-theirs', agreementBetween('not-theirs', analysts, council), {
          'if-match': `"${digest}"`,
        }),
        await stranger.call('PUT', '/v1/agreements/no-such-one', between, { 'if-match': `"${digest}"` }),
      ];
      expect(tries.map(told)).toEqual(tries.map(() => [404, 'not-found']));
      // the very text tells a stranger no more than any other text would
      expect(told(await stranger.call('POST', '/v1/agreements', between))).toEqual([403, 'not-a-party']);
      const listed = (await stranger.call('GET', '/v1/agreements')).json<View[]>();
      expect(listed.map(({ id }) => id)).not.toContain('not-theirs');
    });

    it('say what they lack, and are not signed before they have it', async () => {
      const lacking = { ...agreementBetween('lacking', police, analysts), anonymisationTests: [] };
      const { id, digest, incomplete } = (await draft(lacking)).json<View>();
      expect(incomplete).not.toEqual([]);
      const refused = await sign(id, digest, police.agency);
      expect(told(refused)).toEqual([422, 'agreement-incomplete']);
      expect((await read(id)).status).toBe('drafted');
    });

    it('are not changed into others by an edit', async () => {
      const { id, digest } = await drafted('keeps-id');
      const other = await edit(id, agreementBetween('other-id', police, analysts), { 'if-match': `"${digest}"` });
      expect(told(other)).toEqual([422, 'field-invalid']);
      expect(told(await draft({ id: 'x' }))).toEqual([422, 'agreement-invalid']);
      expect(told(await draft('null'))).toEqual([422, 'agreement-invalid']);
      expect(told(await draft({ ...agreementBetween('more', police, analysts), secret: 1 }))).toEqual([
        422,
        'agreement-invalid',
      ]);
    });
  });

  describe('packs', () => {
    const put = (path: string, body: unknown) => hub.as(HOST, 'steward').call('PUT', `/v1/reference/${path}`, body);

    it.each([
      ['codes/c-1', { ...streetCodes('c-1'), lists: { rumours: {} } }, 'pack-invalid'],
      ['codes/c-1', { kind: 'codes', version: 'c-1' }, 'pack-invalid'],
      ['codes/c-1', { ...streetCodes('c-1'), title: 'Codes of john.smith@example.org' }, 'pack-invalid'],
      ['codes/c-1', streetCodes('c-2'), 'field-invalid'],
      ['codes/c-1', countyGeography('c-1'), 'field-invalid'],
      ['geography/g-1', { ...countyGeography('g-1'), wards: [] }, 'pack-invalid'],
      ['geography/g-1', { ...countyGeography('g-1'), areas: 'all' }, 'pack-invalid'],
      ['law/l-1', { ...lawPack(), version: 'l-1', gateways: [{ id: 'all' }] }, 'pack-invalid'],
      ['law/l-1', [], 'pack-invalid'],
      ['law/l-1', 'null', 'pack-invalid'],
    ])('at %s are refused when they are malformed', async (path, body, code) => {
      const before = await head();
      expect(told(await put(path, body))).toEqual([422, code]);
      expect(told(await hub.as(HOST, 'steward').call('POST', `/v1/reference/${path}/adoption`))).toEqual([
        404,
        'not-found',
      ]);
      expect(await head()).toBe(before);
    });

    it('are of a kind that there is, and adopted only once offered', async () => {
      expect(told(await put('weights/w-1', { kind: 'weights', version: 'w-1' }))).toEqual([404, 'not-found']);
      expect(told(await put('codes/..%2f', streetCodes()))).toEqual([404, 'not-found']);
      const publisher = await hub
        .as(police.agency, 'publisher')
        .call('PUT', '/v1/reference/codes/c-3', streetCodes('c-3'));
      expect(told(publisher)).toEqual([403, 'role-required']);
    });

    it('are adopted once: again changes nothing', async () => {
      await adopt(hub, streetCodes('c-4'));
      const before = await head();
      await adopt(hub, streetCodes('c-4'));
      expect(await head()).toBe(before);
    });

    it('of one version say one thing, adopted or not', async () => {
      expect((await put('codes/c-5', streetCodes('c-5'))).status).toBe(201);
      const before = await head();
      const other = { ...streetCodes('c-5'), title: 'Other codes' };
      expect(told(await put('codes/c-5', other))).toEqual([409, 'already-exists']);
      await adopt(hub, streetCodes('c-5'));
      const adopted = await head();
      expect(told(await put('codes/c-5', other))).toEqual([409, 'already-exists']);
      expect([before, adopted]).toEqual([before, await head()]);
    });

    it('are laid down by the host alone', async () => {
      const steward = hub.as(police.agency, 'steward');
      const before = await head();
      expect(told(await steward.call('PUT', '/v1/reference/codes/c-6', streetCodes('c-6')))).toEqual([
        403,
        'host-required',
      ]);
      expect(told(await steward.call('POST', '/v1/reference/codes/c-5/adoption'))).toEqual([403, 'host-required']);
      expect(await head()).toBe(before);
    });

    it('of the adopted geography show boundaries where it has some', async () => {
      const boundaries = (version: string) =>
        hub.as(council.agency, 'analyst').call('GET', `/v1/reference/geography/${version}/boundaries`);
      expect(told(await boundaries('county-1'))).toEqual([404, 'not-found']);
      const ring = [
        [
          [-1.5, 52.2],
          [-1.4, 52.2],
          [-1.4, 52.3],
          [-1.5, 52.2],
        ],
      ];
      const feature = {
        type: 'Feature',
        properties: { code: 'E01000001' },
        geometry: { type: 'Polygon', coordinates: ring },
      };
      await adopt(hub, {
        ...countyGeography('county-2'),
        boundaries: { type: 'FeatureCollection', features: [feature] },
      } as never);
      const shown = await boundaries('county-2');
      expect([shown.status, shown.json<{ features: unknown[] }>().features]).toEqual([200, [feature]]);
      expect(told(await boundaries('county-1'))).toEqual([404, 'not-found']);
    });
  });

  it('stays as it was after a restart', async () => {
    const before = await read('edited');
    await hub.restart();
    expect(await read('edited')).toEqual(before);
  });
});
