import { TIME_GRAINS, type TimeGrain } from '#contracts';
import { londonDay, type Instant } from '#kernel';

/** A calendar month `2024-01`, quarter `2024-Q1` or year `2024`, in Europe/London. */
export interface Period {
  readonly text: string;
  readonly grain: TimeGrain;
}
/** How finely a feed dates its rows: a month, a quarter, or a school's term (`2023-24/autumn`). */
export type RowTime = 'month' | 'quarter' | 'term';

const FORMS: readonly (readonly [TimeGrain, RegExp])[] = [
  ['month', /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/],
  ['quarter', /^(?:19|20)\d\d-Q[1-4]$/],
  ['year', /^(?:19|20)\d\d$/],
];

export function parsePeriod(text: string): Period | undefined {
  const grain = FORMS.find(([, form]) => form.test(text))?.[0];
  return grain === undefined ? undefined : { text, grain };
}

/** Its months, in order. */
export function monthsOf({ text, grain }: Period): readonly string[] {
  if (grain === 'month') return [text];
  const year = text.slice(0, 4);
  const first = grain === 'year' ? 1 : Number(text.slice(6)) * 3 - 2;
  const count = grain === 'year' ? 12 : 3;
  return Array.from({ length: count }, (_, i) => `${year}-${String(first + i).padStart(2, '0')}`);
}

/** Its first day, `YYYY-MM-DD`. */
export const firstDay = (period: Period): string => `${monthsOf(period)[0] ?? ''}-01`;

/** Every time that a row of the period can carry. A term lies in the calendar year in which it is taught. */
export function rowTimesIn(period: Period, time: RowTime): readonly string[] {
  if (time === 'month') return monthsOf(period);
  if (time === 'quarter') return [...new Set(monthsOf(period).map((month) => partOf(month, 'quarter')))];
  const year = Number(period.text.slice(0, 4));
  const school = (from: number) => `${from}-${String((from + 1) % 100).padStart(2, '0')}`;
  return [`${school(year - 1)}/spring`, `${school(year - 1)}/summer`, `${school(year)}/autumn`];
}

/** The month, quarter or year that holds a row's time (a month or a quarter); a term is held by its year alone. */
export function partOf(time: string, grain: TimeGrain): string {
  const year = time.slice(0, 4);
  if (time.includes('/')) return time.endsWith('/autumn') ? year : String(Number(year) + 1);
  if (grain === 'year') return year;
  if (grain === 'month' || time.includes('Q')) return time;
  return `${year}-Q${Math.ceil(Number(time.slice(5, 7)) / 3)}`;
}

/** Whether rows dated this finely can fill a period of that grain. */
export const fills = (time: RowTime, grain: TimeGrain): boolean =>
  time === 'month' || grain === 'year' || (time === 'quarter' && grain === 'quarter');

/** Its last day is over in Europe/London. Only closed periods are released. */
export function closedAt(period: Period, at: Instant): boolean {
  const last = monthsOf(period).at(-1) ?? '';
  return londonDay(at).slice(0, 7) > last;
}

/** True when `a` is finer than `b`. */
export const finerTime = (a: TimeGrain, b: TimeGrain): boolean => TIME_GRAINS.indexOf(a) < TIME_GRAINS.indexOf(b);
