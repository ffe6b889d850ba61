import type { Instant } from './ids.ts';

const HOUR = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
});

// London is whole hours from UTC, so that an hour there holds for the whole UTC hour
let utcHour = '';
let hour = '';
/** The hour that the clock shows in Europe/London, `YYYY-MM-DDTHH`. Reckoned once for each UTC hour: cheap for each event. */
export function londonHour(at: Instant): string {
  if (at.slice(0, 13) === utcHour) return hour;
  hour = HOUR.format(Date.parse(at)).replace(' ', 'T');
  utcHour = at.slice(0, 13);
  return hour;
}

/** The calendar day in Europe/London, `YYYY-MM-DD`: what a date in an agreement or a period means. */
export const londonDay = (at: Instant): string => londonHour(at).slice(0, 10);
