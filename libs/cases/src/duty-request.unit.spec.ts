import {
  CAPACITIES,
  DUTY_REFUSAL_REASONS,
  DUTY_USES,
  S15_REFUSALS,
  type Capacity,
  type DutyRequest,
  type DutyUse,
  type Principal,
  type Role,
} from '#contracts';
import { eventType, type AgencyId, type Instant } from '#kernel';
import {
  answerDutyRequest,
  askUnderDuty,
  dutyStatus,
  OPEN_DUTY_REQUESTS,
  refuseDutyRequest,
  withdrawDutyRequest,
  type DutyAsking,
  type DutyWorld,
} from './duty-request.ts';

const PCC = 'county-pcc' as AgencyId;
const POLICE = 'county-police' as AgencyId;
const ICB = 'county-icb' as AgencyId;
const SCHOOL = 'county-school' as AgencyId;
const CHARITY = 'mentors' as AgencyId;
const AT = '2026-11-25T12:00:00.000Z' as Instant;

const HELD: Readonly<Record<string, readonly Capacity[]>> = {
  [PCC]: ['local-policing-body'],
  [POLICE]: ['specified-authority'],
  // a specified authority that is a health authority as well
  [ICB]: ['specified-authority', 'health-provider'],
  [SCHOOL]: ['educational-authority'],
  [CHARITY]: ['voluntary-sector'],
};
const world: DutyWorld = {
  holds: (agency) => HELD[agency] ?? [],
  law: {
    dutyHolders: ['specified-authority', 'educational-authority', 'prison-authority', 'youth-custody-authority'],
    policingBodies: ['local-policing-body'],
    health: ['health-provider'],
    s15: { reasons: [...S15_REFUSALS], noneFor: ['identify-kinds-or-causes', 'prepare-strategy'] },
  },
};
const of = (agency: AgencyId, ...roles: readonly Role[]): Principal => ({
  issuer: 'https://issuer.example',
  person: `${agency}.person`,
  agency,
  roles: new Set(roles),
});
const steward = (agency: AgencyId) => of(agency, 'steward');

const monitoring: DutyAsking = {
  under: 's17',
  to: POLICE,
  types: [eventType('uk.svd.police.incident-recorded.v1')],
  fields: ['knifeOrSharp'],
  period: { from: '2026-07-01', to: '2026-09-30' },
  use: 'monitoring',
  due: '2026-12-16',
};
const collaborating: DutyAsking = { ...monitoring, under: 's15', to: SCHOOL, use: 'prepare-strategy' };
const ask = (asking: DutyAsking, who = steward(asking.under === 's17' ? PCC : POLICE), open = 0) =>
  askUnderDuty('request', asking, who, { ...world, open }, AT);
const refused = (code: string, field?: string) => ({ ok: false, code, ...(field === undefined ? {} : { field }) });

const made = (asking: DutyAsking): DutyRequest => {
  const { under, to, types, fields, period, use, due } = asking;
  const by = under === 's17' ? PCC : POLICE;
  return { id: 'request', under, by, to, types, fields, period, use, asked: '2026-11-25', due, status: 'open' };
};

describe('a request', () => {
  it('under s.17 is the local policing body’s, and is dated', () => {
    const { roles: _, ...by } = steward(PCC);
    expect(ask(monitoring)).toEqual({
      ok: true,
      fact: {
        type: 'uk.svd.hub.duty-request-made.v1',
        data: { request: 'request', ...monitoring, by, asked: '2026-11-25' },
      },
    });
    for (const other of [POLICE, SCHOOL, CHARITY, 'nobody' as AgencyId])
      expect(ask({ ...monitoring, to: ICB }, steward(other))).toEqual(refused('capacity-required', 'under'));
  });

  it('under s.15 is a duty holder’s', () => {
    expect(ask(collaborating)).toMatchObject({ ok: true });
    expect(ask({ ...collaborating, to: POLICE }, steward(SCHOOL))).toMatchObject({ ok: true });
    for (const other of [PCC, CHARITY])
      expect(ask(collaborating, steward(other))).toEqual(refused('capacity-required', 'under'));
  });

  it('reaches specified and relevant authorities and nobody else, not oneself either', () => {
    for (const to of [POLICE, ICB, SCHOOL]) expect(ask({ ...monitoring, to })).toMatchObject({ ok: true });
    for (const to of [PCC, CHARITY, 'nobody' as AgencyId])
      expect(ask({ ...monitoring, to })).toEqual(refused('addressee-not-reached', 'to'));
    expect(ask({ ...collaborating, to: POLICE })).toEqual(refused('addressee-not-reached', 'to'));
  });

  it.each(CAPACITIES)('under s.17 to an agency that holds %s alone', (capacity) => {
    const holds = (agency: AgencyId) => (agency === PCC ? (['local-policing-body'] as const) : [capacity]);
    const decided = askUnderDuty('request', monitoring, steward(PCC), { ...world, holds, open: 0 }, AT);
    expect(decided.ok).toBe(world.law.dutyHolders.includes(capacity));
  });

  it('asks about the capacities of its own day', () => {
    const asked: [AgencyId, string][] = [];
    const holds: DutyWorld['holds'] = (agency, day) => {
      asked.push([agency, day]);
      return world.holds(agency, day);
    };
    const summerNight = '2026-06-30T23:30:00.000Z' as Instant;
    const due = '2026-07-01';
    const decided = askUnderDuty(
      'request',
      { ...monitoring, due },
      steward(PCC),
      { ...world, holds, open: 0 },
      summerNight,
    );
    expect(decided).toMatchObject({ ok: true, fact: { data: { asked: due } } });
    expect(asked).toEqual([
      [PCC, due],
      [POLICE, due],
    ]);
  });

  it.each(DUTY_USES)('for %s stands under the section that serves it', (use: DutyUse) => {
    const fault = refused('use-outside-section', 'use');
    if (use === 'monitoring') expect(ask({ ...collaborating, use })).toEqual(fault);
    else expect(ask({ ...monitoring, use })).toEqual(fault);
    expect(ask({ ...(use === 'monitoring' ? monitoring : collaborating), use })).toMatchObject({ ok: true });
  });

  it.each<[Partial<DutyAsking>, string, string]>([
    [{ types: [] }, 'field-invalid', 'types'],
    [{ types: [eventType('uk.svd.police.rumour.v1')] }, 'type-unregistered', 'types.0'],
    [{ fields: ['knifeOrSharp', 'name'] }, 'field-not-allowed', 'fields.1'],
    [{ fields: ['constructor'] }, 'field-not-allowed', 'fields.0'],
    [{ period: { from: '2026-02-30', to: '2026-09-30' } }, 'field-invalid', 'period.from'],
    [{ period: { from: '2026-07-01', to: '2026-06-30' } }, 'field-invalid', 'period.to'],
    [{ period: { from: '2026-07-01', to: '2026-06-31' } }, 'field-invalid', 'period.to'],
    [{ due: '2026-11-24' }, 'field-invalid', 'due'],
    [{ due: '2027-02-29' }, 'field-invalid', 'due'],
  ])('with %j is refused', (fault, code, field) =>
    expect(ask({ ...monitoring, ...fault })).toEqual(refused(code, field)),
  );

  it('may be due today, and ask for numbers alone', () =>
    expect(ask({ ...monitoring, due: '2026-11-25', fields: [] })).toMatchObject({ ok: true }));

  it('is a steward’s to make', () => {
    for (const role of ['analyst', 'signatory', 'publisher', 'operator'] as const)
      expect(ask(monitoring, of(PCC, role))).toEqual(refused('role-required'));
  });

  it('waits for others to be answered where too many wait', () => {
    expect(ask(monitoring, steward(PCC), OPEN_DUTY_REQUESTS)).toEqual(refused('duty-requests-full'));
    expect(ask(monitoring, steward(PCC), OPEN_DUTY_REQUESTS - 1)).toMatchObject({ ok: true });
  });
});

describe('reasons to refuse', () => {
  const refuse = (asking: DutyAsking, ...reasons: Parameters<typeof refuseDutyRequest>[1]) =>
    refuseDutyRequest(made(asking), reasons, steward(asking.to), world, AT);
  const openOf = (asking: DutyAsking) => DUTY_REFUSAL_REASONS.filter((reason) => refuse(asking, reason).ok);

  it('under s.15 are the four of s.15(7)', () =>
    expect(openOf({ ...collaborating, use: 'implement-strategy' })).toEqual(S15_REFUSALS));

  it.each(['identify-kinds-or-causes', 'prepare-strategy'] as const)(
    'under s.15 are none where it serves to %s',
    (use) => expect(openOf({ ...collaborating, use })).toEqual([]),
  );

  const contact = eventType('uk.svd.health.ed-contact-recorded.v1');
  const involvement = eventType('uk.svd.police.involvement-recorded.v1');
  it.each<[string, Partial<DutyAsking>, boolean]>([
    ['counts of police incidents', {}, false],
    ['an injury in anonymised police records', { fields: ['injury'] }, false],
    ['an injury in personal police records', { types: [involvement], fields: ['injury'] }, true],
    ['a weapon in personal police records', { types: [involvement], fields: ['weapon'] }, false],
    [
      'anonymised attendances of a health authority',
      { to: ICB, types: [eventType('uk.svd.health.ed-attendance-recorded.v1')], fields: ['method'] },
      false,
    ],
    ['personal information of a health authority', { to: ICB, types: [involvement], fields: ['weapon'] }, true],
    ['patient information of anybody', { types: [contact], fields: ['method'] }, true],
    ['where and when patients were seen, and nothing else', { types: [contact], fields: [] }, true],
  ])('under s.17 to %s are only that s.16(4) bars it', (_, asking, barred) =>
    expect(openOf({ ...monitoring, ...asking })).toEqual(barred ? ['barred-by-s16-4'] : []),
  );

  it('are all open, and at least one, and told once', () => {
    const asking = { ...collaborating, use: 'implement-strategy' } as const;
    expect(refuse(asking)).toEqual(refused('reason-not-open', 'reasons'));
    expect(refuse(asking, 'disproportionate', 'barred-by-s16-4')).toEqual(refused('reason-not-open', 'reasons'));
    expect(refuse(asking, 'unreasonable-cost', 'disproportionate', 'unreasonable-cost')).toMatchObject({
      fact: { data: { request: 'request', reasons: ['unreasonable-cost', 'disproportionate'] } },
    });
  });
});

describe('an act on a request', () => {
  const asking = { ...collaborating, use: 'implement-strategy' } as const;
  const acts = {
    answer: (state: DutyRequest | undefined, who: Principal) => answerDutyRequest(state, 'supplied', who),
    refuse: (state: DutyRequest | undefined, who: Principal) =>
      refuseDutyRequest(state, ['disproportionate'], who, world, AT),
    withdraw: withdrawDutyRequest,
  };
  const theirs = { answer: SCHOOL, refuse: SCHOOL, withdraw: POLICE };
  const others = { answer: POLICE, refuse: POLICE, withdraw: SCHOOL };

  it.each(Object.keys(acts) as (keyof typeof acts)[])('%s is one side’s alone, while the request is open', (name) => {
    const act = acts[name];
    const open = made(asking);
    expect(act(open, steward(theirs[name]))).toMatchObject({ ok: true, fact: { data: { request: 'request' } } });
    expect(act(open, steward(others[name]))).toEqual(refused('other-agency-required'));
    expect(act(open, of(theirs[name], 'analyst'))).toEqual(refused('role-required'));
    for (const status of ['answered', 'refused', 'withdrawn'] as const)
      expect(act({ ...open, status, ended: '2026-11-26' }, steward(theirs[name]))).toEqual(
        refused('duty-request-over'),
      );
  });

  it.each(Object.keys(acts) as (keyof typeof acts)[])('%s tells a stranger what no request would', (name) => {
    for (const stranger of [PCC, CHARITY]) {
      expect(acts[name](made(asking), steward(stranger))).toEqual(refused('not-found'));
      expect(acts[name](undefined, steward(stranger))).toEqual(refused('not-found'));
    }
  });
});

describe('the clock of a request', () => {
  const open = made(monitoring);
  it.each([
    ['2026-11-25', 'open'],
    ['2026-12-16', 'open'],
    ['2026-12-17', 'overdue'],
  ])('says on %s: %s', (day, status) => expect(dutyStatus(open, day)).toBe(status));

  it('stops with its outcome', () => {
    for (const status of ['answered', 'refused', 'withdrawn'] as const)
      expect(dutyStatus({ ...open, status, ended: '2027-01-20' }, '2027-02-01')).toBe(status);
  });
});
