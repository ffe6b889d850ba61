import type { Role } from '#contracts';
import { analysts, cityPolice, council, countyHub, EVENT, incident, police, publishAll } from '../testing/county.ts';
import { agreementBetween, bringIntoForce, expectStatus, told } from '../testing/govern.ts';
import { HOST, type Answered, type HubUnderTest } from '../testing/running-hub.ts';

interface View {
  readonly version: number;
  readonly digest: string;
  readonly status: string;
  readonly inForce: readonly { version: number; status: string; from: string; to: string }[];
  readonly suspensions: readonly { agency: string; reason: string; since: string }[];
  readonly ended?: { on: string; reason: string; agency: string };
  readonly left: readonly { agency: string; on: string; version: number }[];
  readonly reviewOverdue: boolean;
}
const CONCERN = { reason: 'concern' };
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(new Date());

describe('an agreement that stands', () => {
  let hub: HubUnderTest;
  type Sent = readonly [body?: unknown, headers?: Record<string, string>];
  const call = (agency: string, role: Role, method: string, path: string, ...sent: Sent) =>
    hub.as(agency, role).call(method, `/v1/agreements/${path}`, ...sent);
  const read = async (id: string, agency = police.agency) =>
    expectStatus(await call(agency, 'signatory', 'GET', id), 200).json<View>();
  const head = () => hub.running.ports.log.head();
  const ask = (headers: Record<string, string> = {}) =>
    hub
      .as(analysts.agency, 'analyst')
      .call(
        'GET',
        '/v1/releases/police-incidents@1.2024-01.v1/table?rows=category&purpose=sv-needs-assessment',
        undefined,
        headers,
      );
  const publish = () => hub.as(police.agency, 'publisher').call('POST', '/v1/events', incident(), EVENT);
  const refused = (answer: Answered) => [answer.status, answer.json()['rule']];
  /** Edits it and has these sign; the new version. */
  const edit = async (id: string, document: Record<string, unknown>, signatories: readonly string[]): Promise<View> => {
    const etag = expectStatus(await call(police.agency, 'steward', 'GET', id), 200).headers.get('etag') ?? '';
    const edited = await call(police.agency, 'steward', 'PUT', id, document, { 'if-match': etag });
    const { digest } = expectStatus(edited, 200).json<View>();
    for (const agency of signatories)
      expectStatus(await call(agency, 'signatory', 'POST', `${id}/signatures`, { digest }), 201);
    return read(id);
  };

  beforeAll(async () => {
    hub = await countyHub();
    await publishAll(
      hub,
      Array.from({ length: 12 }, () => incident()),
    );
    const body = { definition: 'police-incidents@1', period: '2024-01' };
    expectStatus(await hub.as(HOST, 'steward').call('POST', '/v1/releases', body), 201);
  }, 60_000);
  afterAll(() => hub.close());

  /** Asks on and on while the act is done; nothing that is asked once its answer has arrived is permitted. */
  async function bites(act: () => Promise<Answered>): Promise<void> {
    const etag = expectStatus(await ask(), 200).headers.get('etag') ?? '';
    let done = false;
    let after = 0;
    let before = 0;
    const conditional = { 'if-none-match': etag };
    const asker = async (headers: Record<string, string>): Promise<void> => {
      while (after < 12) {
        const askedAfter = done;
        const answer = await ask(headers);
        if (askedAfter) {
          after += 1;
          expect(refused(answer)).toEqual([403, 'no-agreement']);
        } else before += [200, 304].includes(answer.status) ? 1 : 0;
      }
    };
    const publisher = async (): Promise<void> => {
      while (after < 12) {
        const sentAfter = done;
        const answer = await publish();
        if (sentAfter) expect(told(answer)).toEqual([403, 'agreement-required']);
      }
    };
    const acted = async (): Promise<void> => {
      while (before < 4) await new Promise(setImmediate);
      expectStatus(await act(), 201);
      done = true;
    };
    await Promise.all([asker({}), asker(conditional), publisher(), acted()]);
    expect(refused(await ask(conditional))).toEqual([403, 'no-agreement']);
  }

  it('is suspended by a guardian of a party: the very next question and conditional question are refused', async () => {
    await bites(() => call(police.agency, 'guardian', 'POST', 'county-counts/suspension', CONCERN));
    const suspended = await read('county-counts', analysts.agency);
    expect(suspended).toMatchObject({ status: 'suspended', suspensions: [{ agency: police.agency, ...CONCERN }] });
    expect(suspended.inForce).toMatchObject([{ version: 1, status: 'suspended' }]);
    const again = await call(police.agency, 'signatory', 'POST', 'county-counts/suspension', CONCERN);
    expect(told(again)).toEqual([409, 'already-suspended']);
  });

  it('is taken up again when every agency that suspended it has lifted its own', async () => {
    const lift = (agency: string) => call(agency, 'signatory', 'DELETE', 'county-counts/suspension');
    expect(told(await lift(analysts.agency))).toEqual([409, 'not-suspended']);
    expectStatus(await call(analysts.agency, 'signatory', 'POST', 'county-counts/suspension', CONCERN), 201);
    expect((await lift(police.agency)).json<View>()).toMatchObject({ status: 'suspended' });
    expect(refused(await ask())).toEqual([403, 'no-agreement']);
    expect((await lift(analysts.agency)).json<View>()).toMatchObject({ status: 'in-force', suspensions: [] });
    expect([(await ask()).status, (await publish()).status]).toEqual([200, 201]);
  });

  it('is another answer when it is suspended, whoever holds the last one', async () => {
    const before = await call(police.agency, 'steward', 'GET', 'county-counts');
    const known = { 'if-none-match': before.headers.get('etag') ?? '' };
    expect((await call(police.agency, 'steward', 'GET', 'county-counts', undefined, known)).status).toBe(304);
    expectStatus(await call(police.agency, 'guardian', 'POST', 'county-counts/suspension', CONCERN), 201);
    const after = await call(police.agency, 'steward', 'GET', 'county-counts', undefined, known);
    expect([after.status, after.json<View>().status]).toEqual([200, 'suspended']);
    expectStatus(await call(police.agency, 'guardian', 'DELETE', 'county-counts/suspension'), 200);
  });

  it('stays in force while its edit waits, and is superseded by the last signature', async () => {
    const changed = { ...agreementBetween('county-counts', police, analysts), title: 'Changed' };
    const waiting = await edit('county-counts', changed, [police.agency]);
    expect(waiting).toMatchObject({ version: 2, status: 'signed', inForce: [{ version: 1, status: 'in-force' }] });
    const answers = async () => (await ask()).json<{ sharing: { agreements: unknown } }>().sharing.agreements;
    expect(await answers()).toMatchObject([{ id: 'county-counts', version: 1 }]);
    const signed = await call(analysts.agency, 'signatory', 'POST', 'county-counts/signatures', {
      digest: waiting.digest,
    });
    // both begin on the same day, so that nothing is left of the first
    expect(expectStatus(signed, 201).json<View>().inForce).toMatchObject([{ version: 2, status: 'in-force' }]);
    expect(await answers()).toMatchObject([{ id: 'county-counts', version: 2 }]);
  });

  it('keeps its earlier versions for the parties that they name, and for auditors', async () => {
    const version = (agency: string, role: Role, number: string) =>
      call(agency, role, 'GET', `county-counts/versions/${number}`);
    const first = agreementBetween('county-counts', police, analysts);
    const read = expectStatus(await version(analysts.agency, 'analyst', '1'), 200);
    expect(read.json()).toMatchObject({ version: 1, status: 'superseded', document: first });
    expect((await version(police.agency, 'steward', '2')).json()).toMatchObject({
      version: 2,
      status: 'in-force',
      from: '2024-01-01',
      document: { title: 'Changed' },
    });
    expect((await version(HOST, 'auditor', '1')).status).toBe(200);
    const none = ['0', '3', '01', '1.0', 'one', '1000000000', '9'.repeat(30)];
    for (const number of none)
      expect([number, ...told(await version(police.agency, 'steward', number))]).toEqual([number, 404, 'not-found']);
  });

  it('is not there for a stranger, whatever is tried, just as if there were none', async () => {
    const calls: readonly (readonly [Role, string, string, unknown?])[] = [
      ['signatory', 'GET', ''],
      ['signatory', 'GET', '/versions/1'],
      ['signatory', 'POST', '/signatures', { digest: '0'.repeat(64) }],
      ['signatory', 'POST', '/suspension', CONCERN],
      ['signatory', 'DELETE', '/suspension'],
      ['signatory', 'POST', '/ending', { reason: 'other', scope: 'agreement' }],
      ['signatory', 'POST', '/ending', { reason: 'other', scope: 'own' }],
    ];
    const before = await head();
    for (const [role, method, path, body] of calls) {
      const tried = async (id: string) => {
        const answer = await call(council.agency, role, method, id + path, body);
        return { status: answer.status, ...answer.json(), correlationId: '' };
      };
      const there = await tried('county-counts');
      expect([path, there]).toEqual([path, await tried('no-such-agreement')]);
      expect(there).toMatchObject({ status: 404, type: '/problems/not-found' });
    }
    expect(await head()).toBe(before);
  });

  it('is suspended and ended by those who hold the role, for a reason of the list, from today on', async () => {
    const before = await head();
    const analyst = hub.as(analysts.agency, 'analyst');
    const tries = [
      await analyst.call('POST', '/v1/agreements/county-counts/suspension', CONCERN),
      await call(police.agency, 'steward', 'DELETE', 'county-counts/suspension'),
      await call(police.agency, 'guardian', 'POST', 'county-counts/ending', { reason: 'other', scope: 'own' }),
    ];
    expect(tries.map(told)).toEqual(tries.map(() => [403, 'role-required']));
    const end = (body: unknown) => call(police.agency, 'signatory', 'POST', 'county-counts/ending', body);
    for (const body of [
      { reason: 'because of Jane', scope: 'agreement' },
      { reason: 'other', scope: 'county' },
      { reason: 'other', scope: 'agreement', on: '2024-01-01' },
      { reason: 'other', scope: 'agreement', on: '2999-02-30' },
      { reason: 'other', scope: 'agreement', on: 'tomorrow' },
      { reason: 'other', scope: 'agreement', on: null },
    ])
      expect([body, ...told(await end(body))]).toEqual([body, 422, 'field-invalid']);
    for (const body of [{ reason: 'other' }, { scope: 'agreement' }])
      expect(told(await end(body))).toEqual([422, 'field-missing']);
    expect(told(await end({ reason: 'other', scope: 'agreement', note: 'Jane' }))).toEqual([422, 'field-not-allowed']);
    const suspend = await call(police.agency, 'signatory', 'POST', 'county-counts/suspension', { reason: 'x' });
    expect(told(suspend)).toEqual([422, 'field-invalid']);
    expect(await head()).toBe(before);
  });

  it('is left by one party, and carried on by the others', async () => {
    const document = agreementBetween('three', police, analysts, { publishers: [police.agency, cityPolice.agency] });
    await bringIntoForce(hub, { ...document, parties: [police, analysts, cityPolice] });
    const city = () =>
      hub.as(cityPolice.agency, 'publisher').call('POST', '/v1/events', incident({ agency: cityPolice.agency }), EVENT);
    expect((await city()).status).toBe(201);
    const leave = (on?: string) =>
      call(cityPolice.agency, 'signatory', 'POST', 'three/ending', { reason: 'other', scope: 'own', on });
    expectStatus(await leave('2028-01-01'), 201);
    expect(told(await leave('2028-06-01'))).toEqual([409, 'ending-fixed']);
    expect((await city()).status).toBe(201);
    expectStatus(await leave(), 201);
    expect(told(await city())).toEqual([403, 'agreement-required']);
    // from its day on it is a stranger to what the others do, and keeps the text that it signed
    expect(told(await call(cityPolice.agency, 'signatory', 'GET', 'three'))).toEqual([404, 'not-found']);
    expect((await call(cityPolice.agency, 'signatory', 'GET', 'three/versions/1')).status).toBe(200);
    const state = await read('three');
    expect(state).toMatchObject({ status: 'in-force' });
    expect(state.left.at(-1)).toEqual({ agency: cityPolice.agency, on: today, version: 1 });
  });

  it('is ended by a signatory of a party: the very next question and conditional question are refused, for good', async () => {
    // the other agreement grants the same
    const over = { reason: 'breach', scope: 'agreement' };
    expectStatus(await call(police.agency, 'signatory', 'POST', 'three/ending', over), 201);
    await bites(() => call(analysts.agency, 'signatory', 'POST', 'county-counts/ending', over));
    const ended = await read('county-counts');
    expect(ended).toMatchObject({ status: 'ended', ended: { reason: 'breach', agency: analysts.agency } });
    const text = { ...agreementBetween('county-counts', police, analysts), title: 'Once more' };
    const tries = [
      await call(police.agency, 'steward', 'PUT', 'county-counts', text, { 'if-match': `"${ended.digest}"` }),
      await call(police.agency, 'signatory', 'POST', 'county-counts/signatures', { digest: ended.digest }),
      await call(police.agency, 'guardian', 'POST', 'county-counts/suspension', CONCERN),
      await call(police.agency, 'signatory', 'POST', 'county-counts/ending', over),
    ];
    expect(tries.map(told)).toEqual(tries.map(() => [409, 'agreement-over']));
    // its text is still there to be read
    const whole = await call(police.agency, 'analyst', 'GET', 'county-counts');
    expect(whole.json()).toMatchObject({ document: { title: 'Changed' } });
  });

  it('stays as it was after a restart', async () => {
    const before = [await read('county-counts'), await read('three')];
    await hub.restart();
    expect([await read('county-counts'), await read('three')]).toEqual(before);
    expect(refused(await ask())).toEqual([403, 'no-agreement']);
  });
});
