import { type Month, monthIndex } from './calendar.ts';

/** What happened in the county, for whoever looks to find again. Codes are districts'. */
const ALDERMOUTH = 'E06990001';
const DUNFLEET = 'E07990003';
const ELMHAVEN = 'E07990004';

/** From March 2025 a programme in Aldermouth takes knife crime down to six tenths within six months. */
const PROGRAMME_STARTS = 8;
/** From July 2025 a new night-time district in Elmhaven brings violence on weekend nights. */
const QUARTER_OPENS = 12;

/** Factor on knives and robbery. */
export function knives(district: string, month: Month): number {
  const i = monthIndex(month);
  if (district === ALDERMOUTH) return 1.5 * (1 - 0.4 * Math.min(1, Math.max(0, (i - PROGRAMME_STARTS) / 6)));
  if (district === DUNFLEET) return 0.7 + 0.9 * (i / 23);
  return 0.9;
}

/** Factor on all other violence: slowly down everywhere but in Elmhaven, where a quarter opens. */
export function violence(district: string, month: Month): number {
  const i = monthIndex(month);
  const slowly = 1.04 - 0.08 * (i / 23);
  return district === ELMHAVEN && i >= QUARTER_OPENS ? slowly * 1.25 : slowly;
}

/** Factor on shoplifting, which rises everywhere. */
export const shoplifting = (month: Month): number => 0.85 + 0.3 * (monthIndex(month) / 23);
