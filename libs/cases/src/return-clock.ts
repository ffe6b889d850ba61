import type { ExpectedReturn, ReturnKind } from '#contracts';

/** A calendar month `2026-07` or quarter `2026-Q3` in Europe/London, with its first and last day. */
export interface CalendarPeriod {
  readonly period: string;
  readonly from: string;
  readonly to: string;
}
/** `due`: the last day on which the return is in time. */
export interface ReturnPeriod extends CalendarPeriod {
  readonly due: string;
}

const FORM = /^((?:19|20)\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))$/;

/** Reads a month or a quarter; `undefined` of anything else. */
export function calendarPeriod(text: string): CalendarPeriod | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const year = Number(parts[1]);
  const first = parts[2] === undefined ? Number(parts[3]) * 3 - 2 : Number(parts[2]);
  const last = parts[2] === undefined ? first + 2 : first;
  return { period: text, from: `${monthOf(year, first)}-01`, to: lastDayOf(year, last) };
}

/** Its months, in order. */
export function monthsIn({ from, to }: CalendarPeriod): readonly string[] {
  const [year, first] = numbers(from);
  const count = numbers(to)[1] - first + 1;
  return Array.from({ length: count }, (_, i) => monthOf(year, first + i));
}

/**
 * The period of a return in which a day falls. Due by the end of the next one: `cda-17a-quarterly` counts calendar quarters
 * (SI 2007/1831), `istv-monthly` months (ISB 1594, at least monthly).
 */
export function returnPeriodOf(kind: ReturnKind, day: string): ReturnPeriod {
  const [year, month] = numbers(day);
  switch (kind) {
    case 'cda-17a-quarterly': {
      const quarter = Math.ceil(month / 3);
      const from = `${monthOf(year, quarter * 3 - 2)}-01`;
      const due = lastDayOf(year, quarter * 3 + 3);
      return { period: `${from.slice(0, 4)}-Q${quarter}`, from, to: lastDayOf(year, quarter * 3), due };
    }
    case 'istv-monthly': {
      const period = monthOf(year, month);
      return { period, from: `${period}-01`, to: lastDayOf(year, month), due: lastDayOf(year, month + 1) };
    }
  }
}

/** Periods whose every day lies from `from` to `to` (both inclusive), in order. */
export function returnPeriodsWithin(kind: ReturnKind, from: string, to: string): readonly ReturnPeriod[] {
  const periods: ReturnPeriod[] = [];
  for (let next = returnPeriodOf(kind, from); next.to <= to; next = returnPeriodOf(kind, dayAfter(next.to)))
    if (next.from >= from) periods.push(next);
  return periods;
}

/**
 * Every form in which a row of the live models may say that it happened in these months: a month, and the quarter or the
 * school term that touches it. Who claims no more than a term is taken at that word.
 */
export function claimsTouching(months: readonly string[]): readonly string[] {
  const claims = months.flatMap((text) => {
    const [year, month] = numbers(text);
    return [text, `${year}-Q${Math.ceil(month / 3)}`, ...termOf(year, month)];
  });
  return [...new Set(claims)];
}

/** Autumn is taught to December, spring to March, summer to July. */
function termOf(year: number, month: number): readonly string[] {
  const school = (from: number) => `${from}-${String((from + 1) % 100).padStart(2, '0')}`;
  if (month >= 9) return [`${school(year)}/autumn`];
  if (month === 8) return [];
  return [`${school(year - 1)}/${month <= 3 ? 'spring' : 'summer'}`];
}

export type ReturnStatus = 'due' | 'met' | 'nil-return' | 'overdue' | 'optional';

/** What is known of one period of a return. */
export interface ReturnKnown {
  /** At least one event of its types claims a time in the period. */
  readonly events: boolean;
  /** Nil returns stand for every one of its types and all of its months. */
  readonly nil: boolean;
  /** Nobody is obliged to send it. */
  readonly optional: boolean;
}

/** Events beat a nil return, whichever came first, and either stands however late it came. `day` is Europe/London. */
export function returnStatus({ due }: Pick<ReturnPeriod, 'due'>, known: ReturnKnown, day: string): ReturnStatus {
  if (known.events) return 'met';
  if (known.nil) return 'nil-return';
  if (known.optional) return 'optional';
  return day > due ? 'overdue' : 'due';
}

/** ISB 1594 obliges departments of type 01; one that the agreement doesn't type is held to be one. */
export const isOptional = ({ kind, department }: Pick<ExpectedReturn, 'kind' | 'department'>): boolean =>
  kind === 'istv-monthly' && department !== undefined && department !== '01';

/** The day `months` calendar months before the first of the day's month. */
export function monthsBefore(day: string, months: number): string {
  const [year, month] = numbers(day);
  return `${monthOf(year, month - months)}-01`;
}

const numbers = (day: string): [year: number, month: number] => [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
/** `month` may lie outside 1–12: the year gives way. */
const monthOf = (year: number, month: number): string =>
  new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 7);
const lastDayOf = (year: number, month: number): string =>
  new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
