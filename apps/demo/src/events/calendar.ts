import { at, type Random, Weighted } from '../random.ts';

/** `2024-07`. */
export type Month = string;

/** The 24 closed months that the demo covers: fixed, so that the same seed gives the same bytes on any day. */
export const MONTHS: readonly Month[] = Array.from({ length: 24 }, (_, i) => {
  const month = 6 + i;
  return `${2024 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
});

const yearOf = (month: Month): number => Number(month.slice(0, 4));
const numberOf = (month: Month): number => Number(month.slice(5));
/** 0 for the first month of the demo. */
export const monthIndex = (month: Month): number => (yearOf(month) - 2024) * 12 + numberOf(month) - 7;
export const quarterOf = (month: Month): string => `${yearOf(month)}-Q${Math.ceil(numberOf(month) / 3)}`;

/** A rate through the year: `height` above and below one, highest in the month `peak` (1–12). */
export const season = (month: Month, peak: number, height: number): number =>
  1 + height * Math.cos((2 * Math.PI * (numberOf(month) - peak)) / 12);

export interface Day {
  /** `2024-07-01`. */
  readonly date: string;
  readonly weekend: boolean;
}
function daysOf(month: Month): Day[] {
  const count = new Date(Date.UTC(yearOf(month), numberOf(month), 0)).getUTCDate();
  return Array.from({ length: count }, (_, i) => {
    const weekday = new Date(Date.UTC(yearOf(month), numberOf(month) - 1, i + 1)).getUTCDay();
    return { date: `${month}-${String(i + 1).padStart(2, '0')}`, weekend: weekday === 6 || weekday === 0 };
  });
}

/** Share of assaults by hour, 00 first: schools' closing time and the evening on weekdays, the small hours at weekends. */
const WEEKDAY = [
  2, 1.4, 1, 0.8, 0.5, 0.5, 0.7, 1, 1.6, 1.6, 1.8, 2, 2.6, 2.6, 2.8, 4.8, 5, 4, 4, 4.2, 4.4, 4.4, 4, 3.2,
];
const WEEKEND = [
  9, 9.5, 8.5, 7, 4, 2, 1, 0.8, 0.8, 1, 1.4, 1.8, 2.4, 2.6, 2.8, 3, 3.2, 3.4, 4, 4.8, 5.6, 6.4, 7.4, 8.4,
];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const hours = {
  weekday: new Weighted(HOURS, (hour) => at(WEEKDAY, hour)),
  weekend: new Weighted(HOURS, (hour) => at(WEEKEND, hour)),
};

/** A day and hour of violence: weekends draw twice a weekday. */
export function violentHour(days: Weighted<Day>, random: Random): { date: string; hour: number } {
  const day = days.pick(random);
  return { date: day.date, hour: (day.weekend ? hours.weekend : hours.weekday).pick(random) };
}
export const violentDays = (month: Month): Weighted<Day> => new Weighted(daysOf(month), (day) => (day.weekend ? 2 : 1));

/** Words of `events.md` for the parts of the day. */
export function partOfDay(hour: number): string {
  if (hour < 6) return 'night';
  if (hour < 12) return 'morning';
  if (hour < 15) return 'early-afternoon';
  return hour < 18 ? 'after-school' : 'evening';
}
