import { analysts, cityPolice, countyHub, incident, NDJSON, police } from '../testing/county.ts';
import { agreementBetween, bringIntoForce } from '../testing/govern.ts';
import { openPush, type PushLine } from '../testing/push.ts';
import type { HubUnderTest, Persona } from '../testing/running-hub.ts';

const ndjson = (events: readonly unknown[]): string => events.map((event) => JSON.stringify(event) + '\n').join('');

describe('a push of lines', () => {
  let hub: HubUnderTest;
  let publisher: Persona;
  const head = async (): Promise<number> => Number(await hub.running.ports.log.head());

  beforeAll(async () => {
    hub = await countyHub();
    publisher = hub.as(police.agency, 'publisher');
  }, 60_000);
  afterAll(() => hub.close());

  it('is answered while it is still being sent', async () => {
    const push = await openPush(hub, publisher);
    const events = [incident(), incident()];
    push.write(ndjson(events.slice(0, 1)));
    expect(await push.next()).toMatchObject({ line: 1, id: events[0]?.['id'], status: 'accepted' });
    push.write(ndjson(events.slice(1)));
    expect(await push.next()).toMatchObject({ line: 2, id: events[1]?.['id'], status: 'accepted' });
    push.end();
    expect(await push.rest()).toEqual([{ done: true, accepted: 2, repeated: 0, quarantined: 0, rejected: 0 }]);
    expect(await push.status()).toBe(200);
  });

  it('says what each line came to, by its number', async () => {
    const [kept, fresh] = [incident(), incident()];
    await publisher.call('POST', '/v1/events', ndjson([kept]), NDJSON);
    const held = incident({ data: { category: 'cattle-raiding' } });
    const text = [
      JSON.stringify(fresh),
      '',
      JSON.stringify(kept),
      '  ',
      JSON.stringify(held),
      '{"half":',
      JSON.stringify(incident({ agency: cityPolice.agency })),
      JSON.stringify({ ...kept, submission: 'f'.repeat(32) }),
      'x'.repeat(60_001),
      JSON.stringify(fresh),
      JSON.stringify(held),
      JSON.stringify(incident({ data: { category: 'drugs' } })),
    ].join('\r\n');
    const push = await openPush(hub, publisher);
    push.write(text);
    push.end();
    const lines = await push.rest();
    const problemOf = ({ problem }: PushLine): unknown => (problem as { type?: string } | undefined)?.type;
    expect(lines.map((line) => [line.line, line.status, problemOf(line)])).toEqual([
      [1, 'accepted', undefined],
      [3, 'repeated', undefined],
      [5, 'quarantined', undefined],
      [6, 'rejected', '/problems/json-malformed'],
      [7, 'rejected', '/problems/source-not-yours'],
      [8, 'rejected', '/problems/id-reused'],
      [9, 'rejected', '/problems/line-too-long'],
      [10, 'repeated', undefined],
      [11, 'quarantined', undefined],
      [12, 'accepted', undefined],
      [undefined, undefined, undefined],
    ]);
    expect(lines.at(-1)).toEqual({ done: true, accepted: 2, repeated: 2, quarantined: 2, rejected: 4 });
    expect(lines[0]?.['position']).toBe(lines[7]?.['position']);
    expect(lines[2]?.['quarantineId']).toBe(lines[8]?.['quarantineId']);
  });

  it('passes over an endless line and goes on after it', async () => {
    const push = await openPush(hub, publisher);
    for (let i = 0; i < 8; i++) push.write('x'.repeat(500_000));
    push.write(`\n${JSON.stringify(incident())}`);
    push.end();
    expect((await push.rest()).map(({ line, status }) => [line, status])).toEqual([
      [1, 'rejected'],
      [2, 'accepted'],
      [undefined, undefined],
    ]);
  });

  it('holds one event once, though two chunks of it are under way', async () => {
    const event = incident({ data: { category: 'wrecking' } });
    const pushes = await Promise.all(Array.from({ length: 4 }, () => openPush(hub, publisher)));
    for (const push of pushes) {
      push.write(ndjson([event]));
      push.end();
    }
    const answers = await Promise.all(pushes.map((push) => push.rest()));
    expect(answers.map((lines) => lines.at(-1))).toEqual(
      pushes.map(() => ({ done: true, accepted: 0, repeated: 0, quarantined: 1, rejected: 0 })),
    );
    expect(new Set(answers.map(([line]) => line?.['quarantineId'])).size).toBe(1);
  });

  it('that is cut off has no closing line, and pushing it again completes it', async () => {
    const events = Array.from({ length: 600 }, () => incident());
    const before = await head();
    const push = await openPush(hub, publisher);
    push.write(ndjson(events.slice(0, 300)) + JSON.stringify(events[300]).slice(0, 40));
    expect(await push.next()).toMatchObject({ line: 1, status: 'accepted' });
    push.cut();
    expect((await push.rest()).some((line) => line.done)).toBe(false);
    const again = await openPush(hub, publisher);
    again.write(ndjson(events));
    again.end();
    const lines = await again.rest();
    const totals = lines.at(-1) as unknown as { accepted: number; repeated: number };
    expect(totals).toMatchObject({ done: true, quarantined: 0, rejected: 0 });
    expect(totals.accepted + totals.repeated).toBe(600);
    expect(totals.repeated).toBeGreaterThan(0);
    expect(totals.accepted).toBeGreaterThanOrEqual(300);
    expect(await head()).toBe(before + 600);
  });

  it('of nothing is complete', async () => {
    const push = await openPush(hub, publisher);
    push.write('\n\n');
    push.end();
    expect(await push.rest()).toEqual([{ done: true, accepted: 0, repeated: 0, quarantined: 0, rejected: 0 }]);
  });

  it('is refused before it is read when no agreement lets the agency publish', async () => {
    const stranger = hub.as(cityPolice.agency, 'publisher');
    const before = await head();
    const refused = await stranger.call(
      'POST',
      '/v1/events',
      ndjson([incident({ agency: cityPolice.agency })]),
      NDJSON,
    );
    expect([refused.status, refused.json()['type']]).toEqual([403, '/problems/agreement-required']);
    expect(await head()).toBe(before);
    await bringIntoForce(hub, agreementBetween('city-counts', cityPolice, analysts));
    const taken = await stranger.call('POST', '/v1/events', ndjson([incident({ agency: cityPolice.agency })]), NDJSON);
    expect(taken.status).toBe(200);
    expect(JSON.parse(taken.text.trim().split('\n').at(-1) ?? '')).toMatchObject({ done: true, accepted: 1 });
  });
});
