import type { Instant } from './ids.ts';

const DAY = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

// London is whole hours from UTC, so that a day holds for the whole UTC hour
let hour = '';
let day = '';
/** The calendar day in Europe/London, `YYYY-MM-DD`: what a date in an agreement or a period means. */
export function londonDay(at: Instant): string {
  if (at.slice(0, 13) === hour) return day;
  day = DAY.format(Date.parse(at));
  hour = at.slice(0, 13);
  return day;
}
