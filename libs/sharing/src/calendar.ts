/** The same day of the month `months` later (earlier when negative), or that month's last day where it has no such day. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  last.setUTCDate(Math.min(date, last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const DURATION = /^P([1-9]\d{0,3})([YMD])$/;

/** A day moved by an ISO 8601 duration of years, months or days (`P2Y`); `undefined` for any other text. */
export function moved(day: string, duration: string, direction: 1 | -1): string | undefined {
  const [, count, unit] = DURATION.exec(duration) ?? [];
  if (count === undefined) return undefined;
  const by = direction * Number(count);
  if (unit === 'D') return addDays(day, by);
  return addMonths(day, unit === 'Y' ? 12 * by : by);
}

/** `from` and `to` inclusive; no `to` is open-ended, no `from` has not begun. */
export const within = (day: string, from: string | null, to: string | null | undefined): boolean =>
  from !== null && from <= day && (to === null || to === undefined || day <= to);

/** The calendar day before; `0000-01-01` has none and stays. */
export function dayBefore(day: string): string {
  const before = new Date(Date.parse(day) - 86_400_000).toISOString();
  return before.startsWith('-') ? day : before.slice(0, 10);
}

/** Written `YYYY-MM-DD`, and a day that there is. */
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && addMonths(text, 0) === text;

/** Days from the first to the last, both inclusive; none where `from` is after `to`. */
export interface Window {
  readonly from: string;
  readonly to: string;
}
export const isEmpty = ({ from, to }: Window): boolean => from > to;
/** What of a window lies between two days; an end that is absent cuts nothing. */
export const cut = (window: Window, from: string | undefined, to: string | undefined): Window => ({
  from: from !== undefined && from > window.from ? from : window.from,
  to: to !== undefined && to < window.to ? to : window.to,
});
