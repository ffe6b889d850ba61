import { join } from 'node:path';
import type { Role } from '#contracts';
import { analysts, countyHub, incident, publishAll } from '../testing/county.ts';
import { expectStatus, told } from '../testing/govern.ts';
import { HOST, type Answered, type HubUnderTest } from '../testing/running-hub.ts';
import { holdWriteLock } from '../testing/write-lock.ts';

interface Entry {
  readonly number: number;
  readonly id: string;
}
/** All that may differ between two answers that tell nothing of what was asked. */
const OF_EACH: readonly string[] = ['date', 'x-correlation-id'];
const headersOf = ({ headers }: Answered): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !OF_EACH.includes(name)));

const PROBLEM = {
  type: '/problems/audit-unavailable',
  title: 'The access log cannot be written',
  status: 503,
};

describe('while the access log cannot be written', () => {
  const release = 'police-incidents@1.2024-01.v1';
  const table = `/v1/releases/${release}/table?purpose=sv-needs-assessment`;
  const questions: readonly (readonly [string, string, Role, string, number])[] = [
    ['a table', analysts.agency, 'analyst', `${table}&rows=category`, 200],
    ['a table as CSV', analysts.agency, 'analyst', `${table}&rows=category&format=csv`, 200],
    ['the list of releases', analysts.agency, 'analyst', '/v1/releases?purpose=sv-needs-assessment', 200],
    ['a table that is refused', analysts.agency, 'analyst', `${table}&rows=place.lsoa`, 403],
    ['a question of one without the role', analysts.agency, 'signatory', `${table}&rows=category`, 403],
    [
      'a release that is not there',
      analysts.agency,
      'analyst',
      `${table.replace('v1/table', 'v9/table')}&rows=category`,
      404,
    ],
    ['a dimension that is not there', analysts.agency, 'analyst', `${table}&rows=shoe-size`, 400],
    ['the access records', HOST, 'auditor', '/v1/audit/entries', 200],
    ['the access records, of one who is no auditor', analysts.agency, 'analyst', '/v1/audit/entries', 403],
  ];
  let hub: HubUnderTest;
  let free: (() => Promise<void>) | undefined;
  const ask = (agency: string, role: Role, path: string, headers: Record<string, string> = {}) =>
    hub.as(agency, role).call('GET', path, undefined, headers);
  const askAll = (): Promise<Answered[]> =>
    Promise.all(questions.map(([, agency, role, path]) => ask(agency, role, path)));
  const entries = async (after: number): Promise<readonly Entry[]> => {
    const answer = await ask(HOST, 'auditor', `/v1/audit/entries?limit=1000&after=${after}`);
    return expectStatus(answer, 200).json<{ data: { entries: readonly Entry[] } }>().data.entries;
  };

  let before: Answered[];
  let during: Answered[];
  let unchanged: Answered;
  let ready: Response;
  let after: Answered[];
  let records: readonly Entry[];

  beforeAll(async () => {
    hub = await countyHub();
    await publishAll(
      hub,
      Array.from({ length: 12 }, () => incident()),
    );
    const frozen = { definition: 'police-incidents@1', period: '2024-01' };
    expectStatus(await hub.as(HOST, 'steward').call('POST', '/v1/releases', frozen), 201);
    before = await askAll();
    const last = (await entries(0)).at(-1)?.number ?? 0;
    const etag = before[0]?.headers.get('etag') ?? '';

    free = await holdWriteLock(join(hub.directory, 'access.db'));
    [during, unchanged] = await Promise.all([
      askAll(),
      ask(analysts.agency, 'analyst', `${table}&rows=category`, { 'if-none-match': etag }),
    ]);
    ready = await fetch(`${hub.url}/health/ready`);

    await free();
    after = await askAll();
    records = await entries(last);
  }, 120_000);
  afterAll(async () => {
    await free?.();
    await hub.close();
  });

  it.each(questions.map((question, i) => [question[0], i, question[4]] as const))(
    '%s is neither answered nor refused, and nothing of it leaves',
    (_, i, status) => {
      const [asked, refused] = [before[i] as Answered, during[i] as Answered];
      expect(asked.status).toBe(status);
      const { correlationId, ...body } = refused.json();
      expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
      // the same whatever was asked and whatever would have been answered
      expect([refused.status, body]).toEqual([503, PROBLEM]);
      expect(headersOf(refused)).toEqual(headersOf(unchanged));
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/);
      expect(refused.headers.get('etag')).toBeNull();
    },
  );

  it('nobody is told that what they have is unchanged', () => {
    expect(told(unchanged)).toEqual([503, 'audit-unavailable']);
    expect(unchanged.headers.get('etag')).toBeNull();
  });

  it('the hub says that it is not ready, and which part is not', async () => {
    expect([ready.status, await ready.json()]).toMatchObject([503, { type: '/problems/not-ready', field: 'audit' }]);
  });

  it('nothing went on record, and once it can be written everything is answered as before', () => {
    expect(after.map(({ status }) => status)).toEqual(before.map(({ status }) => status));
    expect(after[0]?.headers.get('etag')).toBe(before[0]?.headers.get('etag'));
    // the reading of the records before, and one for each question after
    expect(records).toHaveLength(1 + questions.length);
  });
});
