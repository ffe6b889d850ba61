import { partOfDay, PARTS_OF_DAY, type PartOfDay } from '#contracts';
import { Problem } from '#kernel';

/** What a claim of Europe/London clock time lets a row say, and no more. */
export interface ClaimedTime {
  /** `2024-01` of the start; a quarter (`2024-Q1`) or a term (`2023-24/autumn`) as sent. */
  readonly period: string;
  /** yyyymm, where the period is a month. */
  readonly month: number | undefined;
  /** yyyymmdd, stated only where start and end fall on one date. */
  readonly date: number | undefined;
  /** 0–23, stated only where start and end fall into one hour. */
  readonly hour: number | undefined;
  /** Part of the day, stated only where start and end fall into one part of one date. */
  readonly band: PartOfDay | undefined;
  /** Stated where every day of a claim of at most two days is of one kind. */
  readonly dayKind: 'weekday' | 'weekend' | undefined;
}

type Moment = Omit<ClaimedTime, 'dayKind'>;
const FORM = /^(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3])|\/([a-z-]{5,15}))?)?$/;
const COARSE = /^\d{4}-(?:Q[1-4]|\d{2}\/(?:autumn|spring|summer))$/;
const BANDS: ReadonlyMap<string, PartOfDay> = new Map(PARTS_OF_DAY.map((part) => [part, part]));
const DAY_MS = 86_400_000;

/**
 * `to` is inclusive and defaults to `from`.
 * @throws Problem `time-unplaceable` on a time of no form that the registry knows.
 */
export function claimedTime(from: string | undefined, to: string | undefined): ClaimedTime {
  const start = moment(from);
  const end = to === undefined || to === from ? start : moment(to);
  const sameDay = start.date !== undefined && start.date === end.date;
  return {
    period: start.period,
    month: start.month,
    date: sameDay ? start.date : undefined,
    hour: sameDay && start.hour === end.hour ? start.hour : undefined,
    band: sameDay && start.band === end.band ? start.band : undefined,
    dayKind: dayKind(start.date, end.date),
  };
}

function moment(text: string | undefined): Moment {
  const parts = text === undefined ? null : FORM.exec(text);
  if (text === undefined || parts === null) return coarse(text);
  const period = text.slice(0, 7);
  const month = Number(parts[1]) * 100 + Number(parts[2]);
  if (parts[3] === undefined) return { period, month, date: undefined, hour: undefined, band: undefined };
  const hour = parts[4] === undefined ? undefined : Number(parts[4]);
  const band = hour === undefined ? namedBand(parts[5]) : partOfDay(hour);
  return { period, month, date: month * 100 + Number(parts[3]), hour, band };
}

function coarse(text: string | undefined): Moment {
  if (text === undefined || !COARSE.test(text)) throw new Problem('time-unplaceable');
  return { period: text, month: undefined, date: undefined, hour: undefined, band: undefined };
}

function namedBand(name: string | undefined): PartOfDay | undefined {
  if (name === undefined) return undefined;
  const band = BANDS.get(name);
  if (band === undefined) throw new Problem('time-unplaceable');
  return band;
}

function dayKind(start: number | undefined, end: number | undefined): ClaimedTime['dayKind'] {
  if (start === undefined || end === undefined) return undefined;
  const first = dayOf(start);
  const last = start === end ? first : dayOf(end);
  if (last < first || last - first > 1) return undefined;
  const kind = kindOf(first);
  return kindOf(last) === kind ? kind : undefined;
}

/** Days since 1 January 1970, a Thursday. */
const dayOf = (date: number): number =>
  Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100) / DAY_MS;
const kindOf = (day: number): 'weekday' | 'weekend' => ([0, 6].includes((day + 4) % 7) ? 'weekend' : 'weekday');
