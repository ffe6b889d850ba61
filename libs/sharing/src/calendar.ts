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
