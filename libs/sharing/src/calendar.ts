/** The same day of the month `months` later, or that month's last day where it has no such day. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  last.setUTCDate(Math.min(date, last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}

/** `from` and `to` inclusive; no `to` is open-ended, no `from` has not begun. */
export const within = (day: string, from: string | null, to: string | null | undefined): boolean =>
  from !== null && from <= day && (to === null || to === undefined || day <= to);
