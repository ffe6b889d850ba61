import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hub } from '#transport';
import {
  ALDERMOUTH_GENERAL,
  ANALYSIS,
  CITY_COUNCIL,
  COMMISSIONER,
  COUNTY_COUNCIL,
  HOST,
  MENTORS,
  POLICE,
  UNIVERSITY,
  YOUTH_JUSTICE,
} from './agencies.ts';
import { items, member, type SignIn } from './answers.ts';
import { demoIsBuilt, runningDemo, type RunningDemo } from './testing/running-demo.ts';

(demoIsBuilt() ? describe : describe.skip)('the demo', () => {
  let demo: RunningDemo;
  beforeAll(async () => {
    demo = await runningDemo();
  });
  afterAll(() => demo.remove());

  /** Of what the demo and its hub wrote, nobody else reads anything. */
  async function expectsOwnersFiles(): Promise<void> {
    const written = await readdir(demo.directory, { recursive: true });
    expect(written).toEqual(expect.arrayContaining(['facts.db', 'hub.log']));
    const modes = await Promise.all(
      written.map(async (name) => [name, (await stat(join(demo.directory, name))).mode & 0o077]),
    );
    expect(modes.filter(([, others]) => others !== 0)).toEqual([]);
  }
  /** As docs/how-to/publish.md tells it. */
  async function postsTheDocumentedEvent(publisher: Hub): Promise<void> {
    const event = await readFile('docs/how-to/incident.json');
    const headers = {
      authorization: `Bearer ${await publisher.token()}`,
      'content-type': 'application/cloudevents+json',
    };
    const post = () => fetch(new URL('/v1/events', publisher.url), { method: 'POST', headers, body: event });
    const [first, again] = [await post(), await post()];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(await again.json()).toEqual(await first.json());
  }

  /** What is in force stays: the draft waits for signatures, which the law refuses. */
  async function draftsTheWidening(signIn: SignIn): Promise<void> {
    const path = '/v1/agreements/ed-injury-surveillance';
    const steward = signIn(ALDERMOUTH_GENERAL.agency, 'steward');
    const standing = await steward.get(path);
    const edit = { 'if-match': `"${String(member(standing.body, 'digest'))}"` };
    const drafted = await steward.put(path, demo.printed('--print-widening'), edit);
    expect([drafted.status, member(drafted.body, 'version')]).toEqual([200, 2]);
    expect(items(drafted.body, 'incomplete')).toMatchObject([
      { rule: 'anonymisation-test-too-coarse', field: 'grants.0.place' },
    ]);
    const rehearsed = await fetch(new URL(`${path}/rehearsal?format=text`, steward.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${await steward.token()}` },
    });
    expect(rehearsed.status).toBe(200);
    const page = await rehearsed.text();
    expect(page).toContain(
      'as count of rows by place and time alone, method (Method), locationType (Type of location)',
    );
    expect(page).toContain('now:  by district and month, 0 to 7 as low, under anonymous, clause 7.1');
    expect(page).toContain('then: by lsoa and month, 0 to 7 as low, under anonymous, clause 7.1');
    expect(page).toMatch(/cells with rows, low as a number, .* rows behind them/);
    expect(page).toContain('grants.0.place: anonymisation-test-too-coarse');
    expect(page).toMatch(/On record as disclosure [0-9a-f]{32}\.\n$/);
    const digest = member(drafted.body, 'digest');
    const signed = await signIn(ANALYSIS.agency, 'signatory').post(`${path}/signatures`, { digest });
    expect([signed.status, member(signed.body, 'type')]).toEqual([422, '/problems/agreement-incomplete']);
    expect(items((await steward.get(path)).body, 'inForce')).toMatchObject([{ version: 1, status: 'in-force' }]);
  }

  it('governs, publishes, freezes, answers and refuses through the API, and changes nothing on a second start', async () => {
    const first = await demo.start();
    for (const id of [
      'mash-core',
      'ed-injury-surveillance',
      'exclusions-to-youth-justice',
      'prison-release',
      'regional-roll-up',
      'academic-evaluation',
    ])
      expect(first.steps).toContain(`agreement ${id} in force`);
    expect(first.steps).toMatch(/[1-9]\d* events accepted, 0 repeated, 0 quarantined/);
    expect(first.said).toContain('/v1/releases/police-incidents@1.2026-06.v1/table');

    const signIn = demo.signIn();
    const june = '/v1/releases/police-incidents@1.2026-06.v1/table?rows=place.district';
    const asked = await signIn(ANALYSIS.agency, 'analyst').get(`${june}&purpose=sv-needs-assessment`);
    expect(asked.status).toBe(200);
    expect(items(member(asked.body, 'data'), 'rows').map((row) => member(row, 'label'))).toContain('Aldermouth');

    const attendances = '/v1/releases/ed-attendances@1.2026-Q2.v1/table?rows=place.district&columns=period.month';
    const seen = await signIn(ANALYSIS.agency, 'analyst').get(`${attendances}&purpose=sv-needs-assessment`);
    expect(seen.status).toBe(200);

    const tabled = (release: string, question: string) =>
      `/v1/releases/${release}/table?rows=place.district${question}`;
    const profiles = tabled('police-profiles@1.2025.v1', '&where=subjectRole:victim&purpose=sv-strategy');
    const listed = await signIn(COMMISSIONER.agency, 'analyst').get(profiles);
    const [named] = items(member(listed.body, 'sharing'), 'agreements');
    expect([listed.status, member(named, 'id'), member(named, 'gateway')]).toEqual([
      200,
      'regional-roll-up',
      'pcsc-16',
    ]);

    const monitored = await signIn(COMMISSIONER.agency, 'analyst').get(
      profiles.replace('sv-strategy', 's17-monitoring'),
    );
    const [requested] = items(member(monitored.body, 'sharing'), 'agreements');
    expect([monitored.status, member(requested, 'gateway')]).toEqual([200, 'pcsc-17']);
    for (const { agency } of [POLICE, COUNTY_COUNCIL, CITY_COUNCIL]) {
      const returns = await signIn(agency, 'steward').get('/v1/duty/returns');
      const publishers = items(returns.body, 'returns').map((one) => member(one, 'publisher'));
      expect([...new Set(publishers)]).toEqual([agency]);
    }

    const refused = [
      await signIn(ANALYSIS.agency, 'analyst').get(`${june}&purpose=evaluation`),
      await signIn(MENTORS.agency, 'analyst').get(
        june.replace('district', 'lsoa') + '&purpose=violence-reduction-pathway',
      ),
      await signIn(YOUTH_JUSTICE.agency, 'analyst').get(`${june}&purpose=sv-strategy`),
      // signed for records, of which none are frozen yet
      await signIn(UNIVERSITY.agency, 'analyst').get(`${june}&purpose=evaluation`),
    ];
    expect(refused.map(({ status, body }) => [status, member(body, 'rule')])).toEqual([
      [403, 'purpose-not-granted'],
      [403, 'place-too-fine'],
      [403, 'not-a-party'],
      [403, 'mode-not-granted'],
    ]);
    const audited = await signIn(HOST.agency, 'auditor').get(`/v1/audit/entries?consumer=${YOUTH_JUSTICE.agency}`);
    expect(items(member(audited.body, 'data'), 'entries').map((entry) => member(entry, 'kind'))).toEqual(['refused']);
    await expectsOwnersFiles();
    await postsTheDocumentedEvent(signIn(POLICE.agency, 'publisher'));
    await draftsTheWidening(signIn);
    await demo.stop();

    const second = await demo.start();
    expect(second.steps).not.toContain('publishing');
    expect(second.steps).not.toContain('released');
    await demo.stop();
  }, 120_000);
});
