import type { ExpectedReturn, ReturnKind, Role } from '#contracts';
import { eventType, instant, Problem, type AgencyId, type Clock, type EventType, type Json } from '#kernel';
import type { CubeQuestion, ReadModels } from '#read-models';
import { DraftAgreement, DraftAgreementHandler } from './draft-agreement.ts';
import { ReadDutyReturns, ReadDutyReturnsHandler, tellOverdue } from './duty-returns.ts';
import { MakeNilReturn, MakeNilReturnHandler } from './make-nil-return.ts';
import { PolicyFeed } from './policy-feed.ts';
import {
  ANALYSTS,
  countAgreement,
  COUNCIL,
  ending,
  memoryHub,
  POLICE,
  signing,
  someone,
  suspending,
  type MemoryHub,
} from './testing/memory-hub.ts';

const INCIDENT = eventType('uk.svd.police.incident-recorded.v1');
const PROFILE = eventType('uk.svd.police.incident-profiled.v1');

/** A hub on a day, whose models hold one event for each of `rows`: publisher, type, period. */
interface Fixed {
  readonly hub: MemoryHub;
  day: string;
  readonly rows: (readonly [AgencyId, EventType, string])[];
  down: boolean;
}
async function fixedHub(day: string): Promise<Fixed> {
  const fixed: { day: string; rows: Fixed['rows']; down: boolean } = { day, rows: [], down: false };
  const clock: Clock = { now: () => instant(Date.parse(`${fixed.day}T12:00:00Z`)) };
  const models = {
    caughtUp: () => Promise.resolve(),
    cube: ({ model, types, periods = [] }: CubeQuestion) => {
      if (fixed.down) return Promise.reject(new Problem('projector-down'));
      const held = fixed.rows.filter(
        ([, type, period]) =>
          types.includes(type) && periods.includes(period) && (model === 'incidents') === (type === INCIDENT),
      );
      const cells = held.map(([publisher, type, period]) => ({ values: { publisher, type, period }, count: 1 }));
      return Promise.resolve({ asOf: 'empty', cells });
    },
  } as Partial<ReadModels> as ReadModels;
  return Object.assign(fixed, { hub: await memoryHub({ clock, models }) });
}

const owner = { role: 'Data manager', mailbox: 'data@county-police.example' };
const monthly: ExpectedReturn = { publisher: POLICE, kind: 'istv-monthly', types: [INCIDENT], owner };

/** Brings into force an agreement that names these returns and lets the police send their types. */
async function agreed(
  { hub }: Fixed,
  id: string,
  returns: readonly ExpectedReturn[],
  from = '2026-01-01',
  {
    edits,
    days = {},
  }: {
    readonly edits?: string;
    readonly days?: Readonly<Record<string, { readonly from?: string; readonly to?: string }>>;
  } = {},
): Promise<string> {
  const document = countAgreement(id) as {
    grants: { types: string[] }[];
    validity: object;
    parties: { agency: string }[];
  };
  document.parties = document.parties.map((party) => ({ ...party, ...days[party.agency] }));
  for (const grant of document.grants) grant.types = [INCIDENT, PROFILE];
  const text = { ...document, validity: { ...document.validity, from }, returns } as unknown as Json;
  const handler = new DraftAgreementHandler(hub.ports, hub.feed);
  const { digest } = await handler.execute(
    new DraftAgreement(someone(POLICE, 'steward'), text, edits === undefined ? undefined : { id, ifMatch: edits }),
  );
  for (const agency of [POLICE, ANALYSTS]) await signing(hub, id, digest, agency);
  return digest;
}

const returnsOf = ({ hub }: Fixed, agency = POLICE, role: Role = 'publisher') =>
  new ReadDutyReturnsHandler(hub.ports, hub.feed).execute(new ReadDutyReturns(someone(agency, role)));
/** Period and status of the last periods of the first return. */
const words = async (fixed: Fixed, last = 3) =>
  (await returnsOf(fixed))[0]?.periods.slice(-last).map(({ period, status }) => `${period} ${status}`);
const nil = ({ hub }: Fixed, period: string, feed = INCIDENT, agency = POLICE) =>
  new MakeNilReturnHandler(hub.ports, hub.feed).execute(new MakeNilReturn(someone(agency, 'publisher'), feed, period));
const factsOf = async ({ hub }: Fixed, type: string): Promise<readonly unknown[]> => {
  const data: unknown[] = [];
  for await (const batch of hub.ports.log.readOwn('start'))
    for (const fact of batch)
      if (fact.type === type) data.push((JSON.parse(Buffer.from(fact.stored).toString()) as { data: unknown }).data);
  return data;
};

describe('a return', () => {
  it('is met by an event that claims a time in the period, overdue without one after the due day, else due', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [monthly]);
    expect(await words(fixed)).toEqual(['2026-09 overdue', '2026-10 due', '2026-11 due']);
    fixed.rows.push([POLICE, INCIDENT, '2026-09']);
    expect(await words(fixed)).toEqual(['2026-09 met', '2026-10 due', '2026-11 due']);
    fixed.day = '2026-12-01';
    expect(await words(fixed)).toEqual(['2026-10 overdue', '2026-11 due', '2026-12 due']);
  });

  it('is not met by events of other publishers, types or months', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [monthly]);
    fixed.rows.push([COUNCIL, INCIDENT, '2026-09'], [POLICE, PROFILE, '2026-09'], [POLICE, INCIDENT, '2026-08']);
    expect(await words(fixed)).toEqual(['2026-09 overdue', '2026-10 due', '2026-11 due']);
  });

  it('by quarter is due by the end of the next one, and met by any month of its own', async () => {
    const fixed = await fixedHub('2026-12-31');
    const quarterly: ExpectedReturn = { ...monthly, kind: 'cda-17a-quarterly', types: [INCIDENT, PROFILE] };
    await agreed(fixed, 'cda', [quarterly], '2026-04-01');
    expect(await words(fixed, 9)).toEqual(['2026-Q2 overdue', '2026-Q3 due', '2026-Q4 due']);
    fixed.day = '2027-01-01';
    expect(await words(fixed, 9)).toEqual(['2026-Q2 overdue', '2026-Q3 overdue', '2026-Q4 due', '2027-Q1 due']);
    fixed.rows.push([POLICE, PROFILE, '2026-08']);
    expect(await words(fixed, 9)).toEqual(['2026-Q2 overdue', '2026-Q3 met', '2026-Q4 due', '2027-Q1 due']);
  });

  it('is asked of whole periods of the agreement, and of no more than the last 24 months and the present one', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'mid-month', [monthly], '2026-09-02');
    expect(await words(fixed, 99)).toEqual(['2026-10 due', '2026-11 due']);
    const old = await fixedHub('2026-11-25');
    await agreed(old, 'old', [monthly], '2024-01-01');
    const periods = (await returnsOf(old))[0]?.periods.map(({ period }) => period) ?? [];
    expect([periods.length, periods[0], periods.at(-1)]).toEqual([25, '2024-11', '2026-11']);
  });

  it('is shown to its publisher whatever the role, and to nobody else', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [{ ...monthly, department: '01' }]);
    const shown = async (agency: AgencyId, role: Role) => (await returnsOf(fixed, agency, role)).length;
    for (const role of ['publisher', 'signatory', 'analyst'] as const) expect(await shown(POLICE, role)).toBe(1);
    for (const role of ['steward', 'analyst', 'signatory', 'publisher', 'auditor'] as const)
      for (const agency of [ANALYSTS, COUNCIL]) expect(await shown(agency, role)).toBe(0);
    const [one] = await returnsOf(fixed, POLICE, 'analyst');
    expect(one).toMatchObject({ agreement: 'ed', ...monthly, department: '01' });
    expect([...new Set(one?.periods.flatMap((period) => Object.keys(period)))]).toEqual(['period', 'due', 'status']);
  });

  it('outlives a version that another one supersedes in the middle of a period', async () => {
    const fixed = await fixedHub('2026-11-25');
    const first = await agreed(fixed, 'ed', [monthly], '2026-08-01');
    await agreed(fixed, 'ed', [{ ...monthly, owner: { ...owner, role: 'Another' } }], '2026-10-15', { edits: first });
    expect(await words(fixed, 9)).toEqual(['2026-08 overdue', '2026-09 overdue', '2026-10 due', '2026-11 due']);
    expect((await returnsOf(fixed)).map(({ owner: { role } }) => role)).toEqual(['Another']);
  });

  it('is owed for whole periods in which its publisher takes part', async () => {
    const fixed = await fixedHub('2026-11-25');
    const joined = { [POLICE]: { from: '2026-08-15', to: '2026-11-29' } };
    await agreed(fixed, 'ed', [monthly], '2026-01-01', { days: joined });
    expect(await words(fixed, 99)).toEqual(['2026-09 overdue', '2026-10 due']);
    expect(await tellOverdue(fixed.hub.ports, fixed.hub.feed)).toBe(1);
  });

  it('stays owed, and is told, when its agreement ends or is suspended before it is due', async () => {
    for (const over of ['ended', 'left', 'suspended'] as const) {
      const fixed = await fixedHub('2026-11-25');
      await agreed(fixed, 'ed', [monthly], '2026-09-01');
      expect(await tellOverdue(fixed.hub.ports, fixed.hub.feed)).toBe(1);
      if (over === 'suspended') await suspending(fixed.hub, 'ed', POLICE);
      else await ending(fixed.hub, 'ed', POLICE, over === 'left' ? { scope: 'own' } : {});
      fixed.day = '2026-12-02';
      expect([over, await words(fixed, 99)]).toEqual([over, ['2026-09 overdue', '2026-10 overdue']]);
      expect(await returnsOf(fixed, ANALYSTS, 'steward')).toEqual([]);
      expect(await tellOverdue(fixed.hub.ports, fixed.hub.feed)).toBe(1);
    }
  });

  it('of an agency that is no party is nobody’s to name', async () => {
    const fixed = await fixedHub('2026-11-25');
    const named = agreed(fixed, 'ed', [{ ...monthly, publisher: COUNCIL }]);
    await expect(named).rejects.toMatchObject({ code: 'agreement-incomplete' });
    for (const agency of [POLICE, ANALYSTS, COUNCIL]) expect(await returnsOf(fixed, agency, 'analyst')).toEqual([]);
  });

  it('is not told while no model can say', async () => {
    const fixed = await fixedHub('2026-11-25');
    expect(await returnsOf(fixed)).toEqual([]);
    await agreed(fixed, 'ed', [monthly]);
    fixed.down = true;
    await expect(returnsOf(fixed)).rejects.toMatchObject({ code: 'model-unavailable' });
    await expect(tellOverdue(fixed.hub.ports, fixed.hub.feed)).rejects.toMatchObject({ code: 'model-unavailable' });
  });
});

describe('rules from real texts', () => {
  it('R02: an ED source with no submission that covers the last complete month is overdue once the next is over', async () => {
    const fixed = await fixedHub('2026-10-31');
    await agreed(fixed, 'ed', [{ ...monthly, department: '01' }]);
    expect(await words(fixed, 2)).toEqual(['2026-09 due', '2026-10 due']);
    fixed.day = '2026-11-01';
    expect(await words(fixed, 3)).toEqual(['2026-09 overdue', '2026-10 due', '2026-11 due']);
    fixed.rows.push([POLICE, INCIDENT, '2026-09']);
    expect(await words(fixed, 3)).toEqual(['2026-09 met', '2026-10 due', '2026-11 due']);
  });

  it.each([
    ['01', 'overdue', 9],
    [undefined, 'overdue', 9],
    ['02', 'optional', 0],
    ['03', 'optional', 0],
    ['04', 'optional', 0],
  ] as const)('R03: a department of type %s that is silent is %s, with %i alerts', async (department, word, alerts) => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [department === undefined ? monthly : { ...monthly, department }]);
    expect((await words(fixed, 3))?.[0]).toBe(`2026-09 ${word}`);
    expect(await tellOverdue(fixed.hub.ports, fixed.hub.feed)).toBe(alerts);
    fixed.rows.push([POLICE, INCIDENT, '2026-09']);
    expect((await words(fixed, 3))?.[0]).toBe('2026-09 met');
  });
});

describe('a nil return', () => {
  it('stands for silence, until events come', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [monthly]);
    const made = { publisher: POLICE, feed: INCIDENT, period: '2026-09', made: '2026-11-23' };
    expect(await nil(fixed, '2026-09')).toEqual({ nil: made, repeated: false });
    expect(await words(fixed)).toEqual(['2026-09 nil-return', '2026-10 due', '2026-11 due']);
    fixed.rows.push([POLICE, INCIDENT, '2026-09']);
    expect(await words(fixed)).toEqual(['2026-09 met', '2026-10 due', '2026-11 due']);
    expect(await nil(fixed, '2026-09')).toEqual({ nil: made, repeated: true });
    expect(await factsOf(fixed, 'uk.svd.hub.nil-return-made.v1')).toHaveLength(1);
  });

  it('of a quarter stands for its months, and of its months for the quarter, of every type that is owed', async () => {
    const fixed = await fixedHub('2026-11-25');
    const quarterly: ExpectedReturn = { ...monthly, kind: 'cda-17a-quarterly', types: [INCIDENT, PROFILE] };
    await agreed(fixed, 'ed', [quarterly], '2026-07-01');
    await nil(fixed, '2026-Q3');
    expect(await words(fixed, 2)).toEqual(['2026-Q3 due', '2026-Q4 due']);
    for (const month of ['2026-07', '2026-08']) await nil(fixed, month, PROFILE);
    expect(await words(fixed, 2)).toEqual(['2026-Q3 due', '2026-Q4 due']);
    await nil(fixed, '2026-09', PROFILE);
    expect(await words(fixed, 2)).toEqual(['2026-Q3 nil-return', '2026-Q4 due']);
  });

  it.each<[string, string, EventType, AgencyId, string]>([
    ['a month that is not over', '2026-11', INCIDENT, POLICE, 'period-open'],
    ['a quarter that is not over', '2026-Q4', INCIDENT, POLICE, 'period-open'],
    ['a year', '2025', INCIDENT, POLICE, 'field-invalid'],
    ['what is no period', '2026-13', INCIDENT, POLICE, 'field-invalid'],
    ['a month with events', '2026-08', INCIDENT, POLICE, 'period-has-events'],
    ['a quarter with events', '2026-Q3', INCIDENT, POLICE, 'period-has-events'],
    ['a type that nobody registered', '2026-09', eventType('uk.svd.police.rumour.v1'), POLICE, 'type-unregistered'],
    ['consented events', '2026-09', eventType('uk.svd.police.involvement-recorded.v1'), POLICE, 'field-invalid'],
    ['a feed that no agreement covers', '2026-09', INCIDENT, COUNCIL, 'agreement-required'],
    ['a publisher that nobody enrolled', '2026-09', INCIDENT, 'nobody' as AgencyId, 'agency-not-enrolled'],
  ])('of %s is refused', async (_, period, feed, agency, code) => {
    const fixed = await fixedHub('2026-11-30');
    await agreed(fixed, 'ed', [monthly]);
    fixed.rows.push([POLICE, INCIDENT, '2026-08']);
    const head = await fixed.hub.ports.log.head();
    await expect(nil(fixed, period, feed, agency)).rejects.toMatchObject({ code });
    expect(await fixed.hub.ports.log.head()).toBe(head);
  });

  it('may be made from the first day after its period', async () => {
    const fixed = await fixedHub('2026-12-01');
    await agreed(fixed, 'ed', [monthly]);
    expect(await nil(fixed, '2026-11')).toMatchObject({ repeated: false });
  });

  it('is one, however many are made at once', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [monthly]);
    const all = await Promise.all(Array.from({ length: 5 }, () => nil(fixed, '2026-09')));
    expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(all.map((one) => JSON.stringify(one.nil))).size).toBe(1);
    expect(await factsOf(fixed, 'uk.svd.hub.nil-return-made.v1')).toHaveLength(1);
  });
});

describe('an overdue return', () => {
  const OVERDUE = 'uk.svd.hub.feed-overdue.v1';
  const overdue = (kind: ReturnKind, period: string, due: string) => ({
    publisher: POLICE,
    kind,
    types: [INCIDENT],
    period,
    due,
  });

  it('is told once, by whichever process, and the fact stays when it is met', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [monthly], '2026-09-01');
    const { ports, feed } = fixed.hub;
    const both = await Promise.all([tellOverdue(ports, feed), tellOverdue(ports, new PolicyFeed(ports))]);
    expect(both.reduce((a, b) => a + b)).toBe(1);
    expect(await tellOverdue(ports, feed)).toBe(0);
    expect(await factsOf(fixed, OVERDUE)).toEqual([overdue('istv-monthly', '2026-09', '2026-10-31')]);
    fixed.rows.push([POLICE, INCIDENT, '2026-09']);
    fixed.day = '2026-12-01';
    expect(await tellOverdue(ports, feed)).toBe(1);
    expect(await factsOf(fixed, OVERDUE)).toEqual([
      overdue('istv-monthly', '2026-09', '2026-10-31'),
      overdue('istv-monthly', '2026-10', '2026-11-30'),
    ]);
  });

  it('is told of each return, though one publisher owes two of a kind in a period', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [monthly, { ...monthly, types: [PROFILE] }], '2026-09-01');
    // the same return in another agreement is no other
    await agreed(fixed, 'again', [monthly], '2026-09-01');
    fixed.rows.push([POLICE, INCIDENT, '2026-09']);
    const { ports, feed } = fixed.hub;
    expect(await tellOverdue(ports, feed)).toBe(1);
    fixed.rows.pop();
    expect(await tellOverdue(ports, feed)).toBe(1);
    expect(await tellOverdue(ports, new PolicyFeed(ports))).toBe(0);
    const told = (await factsOf(fixed, OVERDUE)) as readonly { readonly types: readonly string[] }[];
    expect(told.map(({ types }) => types)).toEqual([[PROFILE], [INCIDENT]]);
  });

  it('is not told of one that is met, nil or due', async () => {
    const fixed = await fixedHub('2026-11-25');
    await agreed(fixed, 'ed', [monthly], '2026-08-01');
    fixed.rows.push([POLICE, INCIDENT, '2026-08']);
    await nil(fixed, '2026-09');
    expect(await tellOverdue(fixed.hub.ports, fixed.hub.feed)).toBe(0);
    expect(await factsOf(fixed, OVERDUE)).toEqual([]);
  });
});
