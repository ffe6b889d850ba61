import fc from 'fast-check';
import { RETURN_KINDS, type ReturnKind } from '#contracts';
import { instant, londonDay } from '#kernel';
import {
  calendarPeriod,
  claimsTouching,
  monthsBefore,
  monthsIn,
  returnPeriodOf,
  returnPeriodsWithin,
  returnStatus,
} from './return-clock.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2023, 0, 1);
const dayAt = (number: number): string => new Date(FIRST + number * DAY_MS).toISOString().slice(0, 10);
const TEN_YEARS = (Date.UTC(2033, 0, 1) - FIRST) / DAY_MS;
const everyDay = Array.from({ length: TEN_YEARS }, (_, number) => dayAt(number));
const aDay = fc.integer({ min: 0, max: TEN_YEARS - 1 }).map(dayAt);

describe.each(RETURN_KINDS)('the clock of %s', (kind: ReturnKind) => {
  it('puts every day of ten years into exactly one period', () => {
    const periods = returnPeriodsWithin(kind, dayAt(0), dayAt(TEN_YEARS - 1));
    expect(periods.length).toBe(kind === 'istv-monthly' ? 120 : 40);
    for (const day of everyDay) {
      const holding = periods.filter(({ from, to }) => from <= day && day <= to);
      expect([day, holding]).toEqual([day, [returnPeriodOf(kind, day)]]);
    }
  });

  it('has a due day after its period, on the last day of the next one, and later for a later period', () => {
    const periods = returnPeriodsWithin(kind, dayAt(0), dayAt(TEN_YEARS - 1));
    for (const [i, { to, due }] of periods.entries()) {
      expect(due > to).toBe(true);
      expect(due).toBe(periods[i + 1]?.to ?? due);
      expect((periods[i + 1]?.due ?? '9') > due).toBe(true);
    }
  });

  it('never names a period outside the days that it is asked for', () => {
    fc.assert(
      fc.property(aDay, aDay, (from, to) => {
        const periods = returnPeriodsWithin(kind, from, to);
        expect(periods.every((one) => from <= one.from && one.to <= to)).toBe(true);
        const whole = (day: string) => {
          const period = returnPeriodOf(kind, day);
          return from <= period.from && period.to <= to;
        };
        expect(everyDay.some((day) => from <= day && day <= to && whole(day))).toBe(periods.length > 0);
      }),
    );
  });

  it('only ever goes from due to overdue as days pass, and turns on the day after the due day', () => {
    fc.assert(
      fc.property(aDay, aDay, (day, later) => {
        const period = returnPeriodOf(kind, day);
        const silent = { events: false, nil: false, optional: false };
        expect(returnStatus(period, silent, later)).toBe(later > period.due ? 'overdue' : 'due');
        expect(returnStatus(period, { ...silent, optional: true }, later)).toBe('optional');
        expect(returnStatus(period, { ...silent, nil: true }, later)).toBe('nil-return');
        expect(returnStatus(period, { events: true, nil: true, optional: true }, later)).toBe('met');
      }),
    );
  });

  it('reads back the name that it gives a period', () => {
    fc.assert(
      fc.property(aDay, (day) => {
        const { period, from, to } = returnPeriodOf(kind, day);
        expect(calendarPeriod(period)).toEqual({ period, from, to });
      }),
    );
  });

  it('turns at midnight in London, whatever UTC says', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: FIRST + TEN_YEARS * DAY_MS - 1 }), (ms) => {
        const london = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(ms);
        const { from, to } = returnPeriodOf(kind, londonDay(instant(ms)));
        expect([from <= london, london <= to]).toEqual([true, true]);
      }),
    );
  });
});

describe('claims', () => {
  it('of a month are its own, its quarter’s and its term’s, and a quarter has those of its months', () => {
    fc.assert(
      fc.property(aDay, (day) => {
        const { from, to } = returnPeriodOf('cda-17a-quarterly', day);
        const months = monthsIn({ period: '', from, to });
        expect(months.length).toBe(3);
        const claims = claimsTouching(months);
        expect(new Set(claims).size).toBe(claims.length);
        expect(claims).toEqual(expect.arrayContaining([...months.flatMap((month) => claimsTouching([month]))]));
        expect(claims.filter((claim) => claim.includes('Q'))).toHaveLength(1);
      }),
    );
  });

  it('reach back whole months', () => {
    fc.assert(
      fc.property(aDay, fc.integer({ min: 0, max: 36 }), (day, months) => {
        const first = monthsBefore(day, months);
        expect(first.endsWith('-01')).toBe(true);
        expect(returnPeriodsWithin('istv-monthly', first, day).length).toBeGreaterThanOrEqual(months);
      }),
    );
  });
});
