import { instant, londonDay } from '#kernel';
import {
  calendarPeriod,
  claimsTouching,
  isOptional,
  monthsIn,
  returnPeriodOf,
  returnPeriodsWithin,
} from './return-clock.ts';

describe('a quarterly return (SI 2007/1831)', () => {
  it.each([
    ['2026-07-01', '2026-Q3', '2026-07-01', '2026-09-30', '2026-12-31'],
    ['2026-09-30', '2026-Q3', '2026-07-01', '2026-09-30', '2026-12-31'],
    ['2026-12-31', '2026-Q4', '2026-10-01', '2026-12-31', '2027-03-31'],
    ['2027-01-01', '2027-Q1', '2027-01-01', '2027-03-31', '2027-06-30'],
  ])('of %s is %s, from %s to %s, due on %s', (day, period, from, to, due) =>
    expect(returnPeriodOf('cda-17a-quarterly', day)).toEqual({ period, from, to, due }),
  );
});

describe('a monthly return (ISB 1594)', () => {
  it.each([
    ['2027-12-31', '2027-12', '2027-12-31', '2028-01-31'],
    ['2028-01-31', '2028-01', '2028-01-31', '2028-02-29'],
    ['2028-02-29', '2028-02', '2028-02-29', '2028-03-31'],
    ['2027-02-28', '2027-02', '2027-02-28', '2027-03-31'],
    ['2100-01-15', '2100-01', '2100-01-31', '2100-02-28'],
  ])('of %s is %s, to %s, due on %s', (day, period, to, due) =>
    expect(returnPeriodOf('istv-monthly', day)).toEqual({ period, from: `${period}-01`, to, due }),
  );

  it('belongs to London’s month: an hour before midnight in UTC may be the next one in summer, never in winter', () => {
    const monthAt = (ms: number) => returnPeriodOf('istv-monthly', londonDay(instant(ms))).period;
    expect(monthAt(Date.UTC(2026, 5, 30, 22, 59))).toBe('2026-06');
    expect(monthAt(Date.UTC(2026, 5, 30, 23, 0))).toBe('2026-07');
    expect(monthAt(Date.UTC(2026, 10, 30, 23, 59))).toBe('2026-11');
    expect(monthAt(Date.UTC(2026, 11, 1, 0, 0))).toBe('2026-12');
  });

  it.each([
    ['01', false],
    [undefined, false],
    ['02', true],
    ['03', true],
    ['04', true],
  ] as const)('of a department %s is optional: %s', (department, optional) =>
    expect(
      (['istv-monthly', 'cda-17a-quarterly'] as const).map((kind) =>
        isOptional(department === undefined ? { kind } : { kind, department }),
      ),
    ).toEqual([optional, false]),
  );
});

describe('periods', () => {
  it('are whole: one that begins before the first day, or ends after the last, is not asked for', () => {
    const names = (from: string, to: string) => returnPeriodsWithin('istv-monthly', from, to).map((one) => one.period);
    expect(names('2026-01-01', '2026-03-31')).toEqual(['2026-01', '2026-02', '2026-03']);
    expect(names('2026-01-02', '2026-03-30')).toEqual(['2026-02']);
    expect(names('2026-03-31', '2026-01-01')).toEqual([]);
  });

  it.each(['2026', '2026-13', '2026-00', '2026-Q5', '2026-Q0', '2026-7', '2026-07-01', '', '1026-07', '2026-07\n'])(
    'are not made of %j',
    (text) => expect(calendarPeriod(text)).toBeUndefined(),
  );

  it('have months, and the claims that touch them', () => {
    const quarter = calendarPeriod('2026-Q3');
    expect(quarter && monthsIn(quarter)).toEqual(['2026-07', '2026-08', '2026-09']);
    expect(claimsTouching(['2026-07', '2026-08', '2026-09'])).toEqual([
      '2026-07',
      '2026-Q3',
      '2025-26/summer',
      '2026-08',
      '2026-09',
      '2026-27/autumn',
    ]);
    expect(claimsTouching(['2100-01'])).toEqual(['2100-01', '2100-Q1', '2099-00/spring']);
  });
});
