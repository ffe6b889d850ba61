import { ROLES } from '#contracts';
import { PolicyFeed, tellOverdue } from '#hub';
import { londonDay, systemClock } from '#kernel';
import { analysts, countyGeography, EVENT, incident, INCIDENT, police } from '../testing/county.ts';
import {
  adopt,
  agreementBetween,
  bringIntoForce,
  enrol,
  lawPack,
  streetCodes,
  told,
  type Party,
} from '../testing/govern.ts';
import { hubUnderTest, type HubUnderTest } from '../testing/running-hub.ts';

const commissioner: Party = { agency: 'county-commissioner', capacity: 'local-policing-body' };
const schools: Party = { agency: 'county-schools', capacity: 'educational-authority' };
const charity: Party = { agency: 'mentor-charity', capacity: 'voluntary-sector' };
const hospital: Party = { agency: 'north-hospital', capacity: 'health-provider' };
const urgentCare: Party = { agency: 'urgent-care', capacity: 'health-provider' };
const ATTENDANCE = 'uk.svd.health.ed-attendance-recorded.v1';

interface Asked {
  readonly id: string;
  readonly status: string;
}
interface Owed {
  readonly agreement: string;
  readonly publisher: string;
  readonly owner: { readonly role: string; readonly mailbox: string };
  readonly periods: readonly { readonly period: string; readonly due: string; readonly status: string }[];
}

/** The month so many months before this one in London, `YYYY-MM`. */
function monthsAgo(months: number): string {
  const [year = 0, month = 0] = londonDay(systemClock.now()).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 7);
}
const inDays = (days: number): string =>
  new Date(Date.parse(londonDay(systemClock.now())) + days * 86_400_000).toISOString().slice(0, 10);

let made = 0;
const attendance = (agency: string, month: string): Record<string, unknown> => ({
  ...incident({ agency, id: (++made).toString(16).padStart(32, 'e') }),
  source: `urn:svd:agency:${agency}`,
  type: ATTENDANCE,
  data: {
    site: 'RXX01',
    assaultAt: `${month}-13T23`,
    method: { code: 'sharp-object', list: 'v3' },
    locationType: 'street',
    place: 'E01000001',
    placeConfidence: 'street',
  },
});

const PRINCIPLES = Object.fromEntries(
  [
    'justifyPurpose',
    'onlyWhenNecessary',
    'minimumNecessary',
    'needToKnow',
    'awareOfResponsibilities',
    'complyWithLaw',
    'dutyToShare',
    'informPatients',
  ].map((principle) => [principle, 'Met']),
);

/** An agreement under which an emergency department sends its attendances, and owes them every month. */
function surveillance(id: string, department: Party, type?: string): Record<string, unknown> {
  const counts = agreementBetween(id, department, analysts, { types: [ATTENDANCE], fields: ['method'] });
  const lawful = { ...(counts['lawful'] as object), article9: '9(2)(h)', schedule1: 'Part 1, paragraph 2' };
  return { ...counts, lawful, ...owes(department, type) };
}
const owes = (department: Party, type?: string): Record<string, unknown> => ({
  validity: { from: `${monthsAgo(3)}-01`, to: '2099-12-31' },
  review: inDays(300),
  caldicott: { guardian: 'Medical director', date: '2026-10-01', principles: PRINCIPLES },
  returns: [
    {
      publisher: department.agency,
      kind: 'istv-monthly',
      types: [ATTENDANCE],
      owner: { role: 'ED data manager', mailbox: `ed@${department.agency}.example` },
      ...(type === undefined ? {} : { department: type }),
    },
  ],
});

describe('the duty', () => {
  let hub: HubUnderTest;
  const head = () => hub.running.ports.log.head();
  const steward = ({ agency }: Party) => hub.as(agency, 'steward');
  beforeAll(async () => {
    const everyone = [police, commissioner, schools, charity, analysts, hospital, urgentCare];
    const roles = ['steward', 'publisher', 'analyst', 'signatory'] as const;
    hub = await hubUnderTest(Object.fromEntries(everyone.map(({ agency }) => [agency, roles])));
    for (const { agency, capacity } of everyone) await enrol(hub, agency, capacity, ROLES);
    const codes = streetCodes();
    const list = (title: string, code: string, version: string) => ({ title, version, codes: { [code]: title } });
    Object.assign(codes['lists'] as object, {
      'ods-site': list('North', 'RXX01', '2026'),
      'ed-method': list('Sharp object', 'sharp-object', 'v3'),
    });
    for (const pack of [lawPack(), codes, countyGeography()]) await adopt(hub, pack);
    await bringIntoForce(hub, agreementBetween('county-counts', police, analysts));
    await bringIntoForce(hub, surveillance('ed-north', hospital, '01'));
    await bringIntoForce(hub, surveillance('ed-urgent', urgentCare, '03'));
  }, 120_000);
  afterAll(() => hub.close());

  describe('requests', () => {
    const monitoring = {
      under: 's17',
      to: police.agency,
      types: [INCIDENT],
      fields: ['knifeOrSharp'],
      period: { from: '2026-07-01', to: '2026-09-30' },
      use: 'monitoring',
      due: inDays(21),
    };
    const collaborating = { ...monitoring, under: 's15', to: schools.agency, use: 'implement-strategy' };
    const ask = (body: unknown, by: Party) => steward(by).call('POST', '/v1/duty/requests', body);
    const act = (id: string, what: string, by: Party, body?: unknown) =>
      steward(by).call('POST', `/v1/duty/requests/${id}/${what}`, body);
    const asked = async (body: unknown, by: Party): Promise<Asked> => {
      const answer = await ask(body, by);
      expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('"open"')]);
      expect(answer.headers.get('location')).toBe(`/v1/duty/requests/${answer.json<Asked>().id}`);
      return answer.json<Asked>();
    };

    it('under s.17 are made by the commissioner, dated, and must be supplied', async () => {
      const request = await asked(monitoring, commissioner);
      expect(request).toEqual({
        ...monitoring,
        id: request.id,
        by: commissioner.agency,
        asked: inDays(0),
        status: 'open',
      });
      for (const reason of ['disproportionate', 'unreasonable-cost', 'barred-by-s16-4'])
        expect(told(await act(request.id, 'refusal', police, { reasons: [reason] }))).toEqual([422, 'reason-not-open']);
      const answer = await act(request.id, 'answer', police, { how: 'under-agreement' });
      expect([answer.status, answer.json()]).toEqual([
        200,
        { ...request, status: 'answered', how: 'under-agreement', ended: inDays(0) },
      ]);
    });

    it('under s.17 for patient information are barred by s.16(4), and refused for that alone', async () => {
      const injuries = { types: ['uk.svd.police.involvement-recorded.v1'], fields: ['injury'] };
      const { id } = await asked({ ...monitoring, ...injuries }, commissioner);
      expect(told(await act(id, 'refusal', police, { reasons: ['disproportionate'] }))).toEqual([
        422,
        'reason-not-open',
      ]);
      const refused = await act(id, 'refusal', police, { reasons: ['barred-by-s16-4'] });
      expect([refused.status, refused.json()]).toMatchObject([
        200,
        { status: 'refused', reasons: ['barred-by-s16-4'] },
      ]);
    });

    it('under s.15 may be refused for the four reasons, and for none where kinds or causes are identified', async () => {
      const { id } = await asked(collaborating, police);
      const refused = await act(id, 'refusal', schools, { reasons: ['adverse-effect-on-functions'] });
      expect([refused.status, refused.json<Asked>().status]).toEqual([200, 'refused']);
      const causes = await asked({ ...collaborating, use: 'identify-kinds-or-causes' }, police);
      expect(told(await act(causes.id, 'refusal', schools, { reasons: ['disproportionate'] }))).toEqual([
        422,
        'reason-not-open',
      ]);
    });

    it.each<[string, Party, object, number, string]>([
      ['under s.17 by the police', police, { ...monitoring, to: schools.agency }, 403, 'capacity-required'],
      ['under s.15 by the commissioner', commissioner, collaborating, 403, 'capacity-required'],
      ['by a charity', charity, collaborating, 403, 'capacity-required'],
      ['to a charity', commissioner, { ...monitoring, to: charity.agency }, 422, 'addressee-not-reached'],
      ['to a hospital', commissioner, { ...monitoring, to: hospital.agency }, 422, 'addressee-not-reached'],
      ['to nobody', commissioner, { ...monitoring, to: 'nobody-at-all' }, 422, 'addressee-not-reached'],
      ['to oneself', commissioner, { ...monitoring, to: commissioner.agency }, 422, 'addressee-not-reached'],
      [
        'under s.17 for a strategy',
        commissioner,
        { ...monitoring, use: 'prepare-strategy' },
        422,
        'use-outside-section',
      ],
      ['under s.15 for monitoring', police, { ...collaborating, use: 'monitoring' }, 422, 'use-outside-section'],
      ['for a rumour', commissioner, { ...monitoring, types: ['uk.svd.police.rumour.v1'] }, 422, 'type-unregistered'],
      ['for a name', commissioner, { ...monitoring, fields: ['name'] }, 422, 'field-not-allowed'],
      ['due yesterday', commissioner, { ...monitoring, due: inDays(-1) }, 422, 'field-invalid'],
      ['due on no day', commissioner, { ...monitoring, due: '2027-02-30' }, 422, 'field-invalid'],
      ['under no section', commissioner, { ...monitoring, under: 's16' }, 422, 'field-invalid'],
      ['with a note', commissioner, { ...monitoring, note: 'please' }, 422, 'field-not-allowed'],
      [
        'with a note in it',
        commissioner,
        { ...monitoring, period: { ...monitoring.period, note: 'x' } },
        422,
        'field-not-allowed',
      ],
      ['without a day', commissioner, { ...monitoring, due: undefined }, 422, 'field-missing'],
    ])('%s are not made', async (_, by, body, status, code) => {
      const before = await head();
      expect(told(await ask(body, by))).toEqual([status, code]);
      expect(await head()).toBe(before);
    });

    it('are a steward’s: to make, to see, to answer', async () => {
      const { id } = await asked(monitoring, commissioner);
      for (const role of ['publisher', 'analyst', 'signatory'] as const) {
        const by = hub.as(police.agency, role);
        const tries = [
          await by.call('GET', '/v1/duty/requests'),
          await by.call('GET', `/v1/duty/requests/${id}`),
          await by.call('POST', `/v1/duty/requests/${id}/answer`, { how: 'supplied' }),
          await hub.as(commissioner.agency, role).call('POST', '/v1/duty/requests', monitoring),
          await hub.as(commissioner.agency, role).call('POST', `/v1/duty/requests/${id}/withdrawal`),
        ];
        expect(tries.map(told)).toEqual(tries.map(() => [403, 'role-required']));
      }
    });

    it('are not there for anybody else', async () => {
      const { id } = await asked(monitoring, commissioner);
      const attempts = (request: string) => [
        steward(schools).call('GET', `/v1/duty/requests/${request}`),
        act(request, 'answer', schools, { how: 'supplied' }),
        act(request, 'refusal', schools, { reasons: ['disproportionate'] }),
        act(request, 'withdrawal', schools),
      ];
      const problem = (answer: { text: string }) => answer.text.replace(/"correlationId":"[^"]+"/, '');
      const theirs = await Promise.all(attempts(id));
      for (const none of ['0'.repeat(32), 'x'])
        expect((await Promise.all(attempts(none))).map(problem)).toEqual(theirs.map(problem));
      expect(theirs.map(told)).toEqual(theirs.map(() => [404, 'not-found']));
      const listed = async (party: Party) =>
        (await steward(party).call('GET', '/v1/duty/requests')).json<Asked[]>().map((one) => one.id);
      expect(await listed(schools)).not.toContain(id);
      for (const party of [commissioner, police]) expect(await listed(party)).toContain(id);
    });

    it('are ended once, each way by its own side, and stay so after a restart', async () => {
      const { id } = await asked(monitoring, commissioner);
      expect(told(await act(id, 'withdrawal', police))).toEqual([403, 'other-agency-required']);
      expect(told(await act(id, 'answer', commissioner, { how: 'supplied' }))).toEqual([403, 'other-agency-required']);
      const both = await Promise.all([
        act(id, 'withdrawal', commissioner),
        act(id, 'answer', police, { how: 'supplied' }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
      const read = async () => (await steward(police).call('GET', `/v1/duty/requests/${id}`)).json<Asked>();
      const stands = await read();
      expect(['withdrawn', 'answered']).toContain(stands.status);
      expect(told(await act(id, 'answer', police, { how: 'supplied' }))).toEqual([409, 'duty-request-over']);
      await hub.restart();
      expect(await read()).toEqual(stands);
    });
  });

  it('lets an agreement under s.17 be signed on a request for what it grants, until that is withdrawn', async () => {
    const request = async (fields: readonly string[]): Promise<string> => {
      const body = {
        ...{ under: 's17', to: police.agency, types: [INCIDENT], fields, use: 'monitoring', due: inDays(21) },
        period: { from: '2026-07-01', to: '2026-09-30' },
      };
      return (await steward(commissioner).call('POST', '/v1/duty/requests', body)).json<Asked>().id;
    };
    const lacking = async (id: string, dutyRequest: string): Promise<readonly string[]> => {
      const counts = agreementBetween(id, police, commissioner, { purposes: ['s17-monitoring'], fields: ['weapon'] });
      const [grant] = counts['grants'] as readonly object[];
      const grants = [{ ...grant, gateway: 'pcsc-17', heldForFunctions: true, dutyRequest }];
      // it begins with its request, or later
      const validity = { from: inDays(0), to: inDays(700) };
      const text = {
        ...counts,
        validity,
        review: inDays(300),
        purposes: ['s17-monitoring'],
        anonymisationTests: [],
        grants,
      };
      const drafted = await steward(police).call('POST', '/v1/agreements', text);
      return [...new Set(drafted.json<{ incomplete: { rule: string }[] }>().incomplete.map(({ rule }) => rule))];
    };
    const asked = await request(['weapon']);
    expect(await lacking('monitoring', asked)).toEqual([]);
    const missing = ['dated-request-missing'];
    expect(await lacking('monitoring-none', '0'.repeat(32))).toEqual(missing);
    expect(await lacking('monitoring-less', await request(['injury']))).toEqual(missing);
    await steward(commissioner).call('POST', `/v1/duty/requests/${asked}/withdrawal`);
    expect(await lacking('monitoring-late', asked)).toEqual(missing);
  });

  describe('returns', () => {
    const owed = async (party: Party, role: 'publisher' | 'analyst' | 'signatory' | 'steward' = 'publisher') =>
      (await hub.as(party.agency, role).call('GET', '/v1/duty/returns')).json<Owed[]>();
    const words = async (party: Party) =>
      (await owed(party)).flatMap(({ periods }) => periods.map((one) => one.status));
    const send = async (party: Party, month: string): Promise<void> => {
      const answer = await hub
        .as(party.agency, 'publisher')
        .call('POST', '/v1/events', attendance(party.agency, month), EVENT);
      expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
      const position = await head();
      if (position !== 'empty') await hub.running.ports.models.caughtUp(position);
    };
    const nil = (party: Party, period: string, feed = ATTENDANCE) =>
      hub.as(party.agency, 'publisher').call('POST', '/v1/nil-returns', { feed, period });
    const overdueFacts = async (): Promise<readonly string[]> => {
      const told: string[] = [];
      for await (const batch of hub.running.ports.log.readOwn('start'))
        for (const { type, stored } of batch)
          if (type === 'uk.svd.hub.feed-overdue.v1') {
            const { data } = JSON.parse(Buffer.from(stored).toString()) as { data: Record<string, string> };
            told.push(`${data['publisher']} ${data['kind']} ${data['period']}`);
          }
      return told;
    };

    it('name an owner and a due day, for each month of the agreement up to this one', async () => {
      expect(await owed(hospital)).toEqual([
        {
          agreement: 'ed-north',
          publisher: hospital.agency,
          kind: 'istv-monthly',
          types: [ATTENDANCE],
          owner: { role: 'ED data manager', mailbox: 'ed@north-hospital.example' },
          department: '01',
          periods: [3, 2, 1, 0].map((ago) => ({
            period: monthsAgo(ago),
            due: expect.stringMatching(`^${monthsAgo(ago - 1)}-(28|29|30|31)$`),
            status: ago > 1 ? 'overdue' : 'due',
          })),
        },
      ]);
    });

    it('that are overdue are told once as a fact, at the start and every hour; optional ones never', async () => {
      await hub.restart();
      while ((await overdueFacts()).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
      const { ports } = hub.running;
      expect(await tellOverdue(ports, new PolicyFeed(ports))).toBe(0);
      expect(await overdueFacts()).toEqual([3, 2].map((ago) => `north-hospital istv-monthly ${monthsAgo(ago)}`));
    });

    it('R02: a department of type 01 without a submission for the last complete month is overdue after the next', async () => {
      expect(await words(hospital)).toEqual(['overdue', 'overdue', 'due', 'due']);
      await send(hospital, monthsAgo(1));
      await send(hospital, monthsAgo(3));
      expect(await words(hospital)).toEqual(['met', 'overdue', 'met', 'due']);
    });

    it('R03: a department of type 03 may be silent, and meets what it sends', async () => {
      expect(await words(urgentCare)).toEqual(['optional', 'optional', 'optional', 'optional']);
      await send(urgentCare, monthsAgo(2));
      expect(await words(urgentCare)).toEqual(['optional', 'met', 'optional', 'optional']);
    });

    it('may be nil, which events that come later take back', async () => {
      const first = await nil(hospital, monthsAgo(2));
      expect([first.status, first.json()]).toEqual([
        201,
        { publisher: hospital.agency, feed: ATTENDANCE, period: monthsAgo(2), made: inDays(0) },
      ]);
      expect(await words(hospital)).toEqual(['met', 'nil-return', 'met', 'due']);
      const again = await nil(hospital, monthsAgo(2));
      expect([again.status, again.text]).toEqual([200, first.text]);
      await send(hospital, monthsAgo(2));
      expect(await words(hospital)).toEqual(['met', 'met', 'met', 'due']);
    });

    it('are not nil for what is not over, not empty, or not agreed', async () => {
      const before = await head();
      expect(told(await nil(hospital, monthsAgo(0)))).toEqual([422, 'period-open']);
      expect(told(await nil(hospital, monthsAgo(1)))).toEqual([409, 'period-has-events']);
      expect(told(await nil(hospital, monthsAgo(5), INCIDENT))).toEqual([403, 'agreement-required']);
      expect(told(await nil(charity, monthsAgo(5)))).toEqual([403, 'agreement-required']);
      expect(told(await nil(hospital, '2026'))).toEqual([422, 'field-invalid']);
      expect(told(await nil(hospital, monthsAgo(5), 'uk.svd.health.rumour.v1'))).toEqual([422, 'type-unregistered']);
      const analyst = hub.as(hospital.agency, 'analyst');
      const asAnalyst = await analyst.call('POST', '/v1/nil-returns', { feed: ATTENDANCE, period: monthsAgo(5) });
      expect(told(asAnalyst)).toEqual([403, 'role-required']);
      expect(await head()).toBe(before);
    });

    it('are seen by the publisher and by stewards and analysts of the other party, and by nobody else', async () => {
      for (const role of ['publisher', 'analyst', 'signatory', 'steward'] as const)
        expect(await owed(hospital, role)).toHaveLength(1);
      for (const role of ['analyst', 'steward', 'publisher', 'signatory'] as const)
        expect(await owed(analysts, role)).toEqual([]);
      for (const party of [police, charity, commissioner]) expect(await owed(party, 'steward')).toEqual([]);
    });
  });
});
