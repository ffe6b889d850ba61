import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hub } from '#transport';
import { ANALYSIS, HOST, MENTORS, POLICE, YOUTH_JUSTICE } from './agencies.ts';
import { items, member } from './answers.ts';
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

  it('governs, publishes, freezes, answers and refuses through the API, and changes nothing on a second start', async () => {
    const first = await demo.start();
    expect(first.steps).toContain('agreement overall-picture in force');
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

    const refused = [
      await signIn(ANALYSIS.agency, 'analyst').get(`${june}&purpose=evaluation`),
      await signIn(MENTORS.agency, 'analyst').get(
        june.replace('district', 'lsoa') + '&purpose=violence-reduction-pathway',
      ),
      await signIn(YOUTH_JUSTICE.agency, 'analyst').get(`${june}&purpose=sv-strategy`),
    ];
    expect(refused.map(({ status, body }) => [status, member(body, 'rule')])).toEqual([
      [403, 'purpose-not-granted'],
      [403, 'place-too-fine'],
      [403, 'not-a-party'],
    ]);
    const audited = await signIn(HOST.agency, 'auditor').get(`/v1/audit/entries?consumer=${YOUTH_JUSTICE.agency}`);
    expect(items(member(audited.body, 'data'), 'entries').map((entry) => member(entry, 'kind'))).toEqual(['refused']);
    await expectsOwnersFiles();
    await postsTheDocumentedEvent(signIn(POLICE.agency, 'publisher'));
    await demo.stop();

    const second = await demo.start();
    expect(second.steps).not.toContain('publishing');
    expect(second.steps).not.toContain('released');
    await demo.stop();
  }, 120_000);
});
