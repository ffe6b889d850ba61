import type { DutyAsking } from '#cases';
import { eventType, type AgencyId } from '#kernel';
import { EndDutyRequest, EndDutyRequestHandler, type DutyAct } from './end-duty-request.ts';
import { EnrolAgency, enrolAgency } from './enrol-agency.ts';
import { MakeDutyRequest, MakeDutyRequestHandler } from './make-duty-request.ts';
import {
  ListDutyRequests,
  ListDutyRequestsHandler,
  ReadDutyRequest,
  ReadDutyRequestHandler,
} from './read-duty-requests.ts';
import { PolicyFeed } from './policy-feed.ts';
import { COUNCIL, ISSUER, memoryHub, POLICE, someone, ANALYSTS, type MemoryHub } from './testing/memory-hub.ts';

const PCC = 'county-pcc' as AgencyId;
const ASKING: DutyAsking = {
  under: 's15',
  to: COUNCIL,
  types: [eventType('uk.svd.police.incident-recorded.v1')],
  fields: [],
  period: { from: '2026-07-01', to: '2026-09-30' },
  use: 'implement-strategy',
  due: '2026-12-16',
};

const asking = ({ ports, feed }: MemoryHub, asked: Partial<DutyAsking> = {}, agency = POLICE) =>
  new MakeDutyRequestHandler(ports, feed).execute(
    new MakeDutyRequest(someone(agency, 'steward'), { ...ASKING, ...asked }),
  );
const ending = ({ ports, feed }: MemoryHub, id: string, act: DutyAct, agency = COUNCIL) =>
  new EndDutyRequestHandler(ports, feed).execute(new EndDutyRequest(someone(agency, 'steward'), id, act));
const reading = ({ ports, feed }: MemoryHub, id: string, agency: AgencyId) =>
  new ReadDutyRequestHandler(ports, feed).execute(new ReadDutyRequest(someone(agency, 'steward'), id));
const listed = async ({ ports, feed }: MemoryHub, agency: AgencyId) =>
  (await new ListDutyRequestsHandler(ports, feed).execute(new ListDutyRequests(someone(agency, 'steward')))).map(
    ({ id }) => id,
  );
/** What each of several acts came to: its status, or its code. */
const outcomes = async (acts: readonly Promise<{ status: string }>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(acts))
    .map((act) => (act.status === 'fulfilled' ? act.value.status : (act.reason as { code: string }).code))
    .sort();

describe('requests under the duty', () => {
  it('are seen by the two agencies, and by nobody else', async () => {
    const hub = await memoryHub();
    const one = await asking(hub);
    const other = await asking(hub, { to: POLICE }, COUNCIL);
    expect(one).toEqual({
      ...ASKING,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      by: POLICE,
      asked: '2026-11-23',
      status: 'open',
    });
    for (const agency of [POLICE, COUNCIL]) {
      expect(await reading(hub, one.id, agency)).toEqual(one);
      expect(await listed(hub, agency)).toEqual([one.id, other.id]);
    }
    await expect(reading(hub, one.id, ANALYSTS)).rejects.toMatchObject({ code: 'not-found' });
    expect(await listed(hub, ANALYSTS)).toEqual([]);
  });

  it('are appended by the facts that the decider gave, under the capacities of the policy', async () => {
    const hub = await memoryHub();
    const by = { issuer: ISSUER, person: 'host', agency: PCC };
    const capacities = [{ capacity: 'local-policing-body', from: '2023-01-31', to: '2026-11-22' }] as const;
    await enrolAgency(
      hub.ports,
      hub.feed,
      new EnrolAgency(by, { agency: PCC, name: 'PCC', issuers: [ISSUER], capacities }),
    );
    const head = await hub.ports.log.head();
    const monitoring = { under: 's17', use: 'monitoring' } as const;
    await expect(asking(hub, monitoring, PCC)).rejects.toMatchObject({ code: 'capacity-required', field: 'under' });
    await expect(asking(hub, { to: ANALYSTS })).rejects.toMatchObject({ code: 'addressee-not-reached' });
    expect(await hub.ports.log.head()).toBe(head);
  });

  it('end as they are ended, by their two agencies alone', async () => {
    const hub = await memoryHub();
    const [first, second, third] = [await asking(hub), await asking(hub), await asking(hub)];
    const ended = '2026-11-23';
    expect(await ending(hub, first.id, { act: 'answer', how: 'under-agreement' })).toEqual({
      ...{ ...first, status: 'answered', how: 'under-agreement', ended },
    });
    expect(await ending(hub, second.id, { act: 'refuse', reasons: ['disproportionate'] })).toEqual({
      ...{ ...second, status: 'refused', reasons: ['disproportionate'], ended },
    });
    await expect(ending(hub, third.id, { act: 'withdraw' }, ANALYSTS)).rejects.toMatchObject({ code: 'not-found' });
    await expect(ending(hub, third.id, { act: 'withdraw' })).rejects.toMatchObject({ code: 'other-agency-required' });
    expect(await ending(hub, third.id, { act: 'withdraw' }, POLICE)).toEqual({ ...third, status: 'withdrawn', ended });
    await expect(ending(hub, '0'.repeat(32), { act: 'withdraw' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of two acts at once take one', async () => {
    const hub = await memoryHub();
    const { id } = await asking(hub);
    const acts = [
      ending(hub, id, { act: 'answer', how: 'supplied' }),
      ending({ ports: hub.ports, feed: new PolicyFeed(hub.ports) }, id, {
        act: 'refuse',
        reasons: ['unreasonable-cost'],
      }),
      ending(hub, id, { act: 'withdraw' }, POLICE),
    ];
    const came = await outcomes(acts);
    expect(came.filter((one) => one === 'duty-request-over')).toHaveLength(2);
    const stands = (await reading(hub, id, POLICE)).status;
    expect(came).toContain(stands);
    expect(stands).not.toBe('open');
  });

  it('are counted while they wait, also where many are made at once', async () => {
    const hub = await memoryHub();
    const handler = new MakeDutyRequestHandler(hub.ports, hub.feed);
    const make = () => handler.execute(new MakeDutyRequest(someone(POLICE, 'steward'), ASKING));
    for (let i = 0; i < 199; i++) await make();
    const came = await outcomes(Array.from({ length: 5 }, make));
    expect(came).toEqual([...Array.from({ length: 4 }, () => 'duty-requests-full'), 'open']);
    const [oldest = ''] = await listed(hub, POLICE);
    await ending(hub, oldest, { act: 'withdraw' }, POLICE);
    expect((await make()).status).toBe('open');
  });
});
