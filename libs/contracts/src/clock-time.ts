/** Europe/London clock time, written at the precision that is claimed. Finest first; `term` is a school's. */
export const CLOCK_FORMS = ['hour', 'part-of-day', 'date', 'month', 'quarter', 'term'] as const;
export type ClockForm = (typeof CLOCK_FORMS)[number];

/** In the order of the day: 00–06, 06–12, 12–15, 15–18, 18–24. Also the dimension `band`. */
export const PARTS_OF_DAY = ['night', 'morning', 'early-afternoon', 'after-school', 'evening'] as const;
export type PartOfDay = (typeof PARTS_OF_DAY)[number];
export const SCHOOL_TERMS = ['autumn', 'spring', 'summer'] as const;

/** Nothing before 1990 is claimed: an older year is a mistake, or a date of birth. */
const YEAR = '(?:199[0-9]|20[0-9]{2})';
const MONTH = `${YEAR}-(?:0[1-9]|1[0-2])`;
const DATE = `${MONTH}-(?:0[1-9]|[12][0-9]|3[01])`;
/** Regular expression of each form, without anchors. Says nothing of 31 February: {@link clockFormOf} does. */
export const CLOCK_PATTERNS: Readonly<Record<ClockForm, string>> = {
  hour: `${DATE}T(?:[01][0-9]|2[0-3])`,
  'part-of-day': `${DATE}/(?:${PARTS_OF_DAY.join('|')})`,
  date: DATE,
  month: MONTH,
  quarter: `${YEAR}-Q[1-4]`,
  term: `${YEAR}-[0-9]{2}/(?:${SCHOOL_TERMS.join('|')})`,
};
const ANCHORED = CLOCK_FORMS.map((form) => [form, new RegExp(`^${CLOCK_PATTERNS[form]}$`)] as const);

/** The form of a text that names a real time; `undefined` for any other text (31 February, `2023-25/autumn`). */
export function clockFormOf(text: string): ClockForm | undefined {
  const form = ANCHORED.find(([, pattern]) => pattern.test(text))?.[0];
  return form !== undefined && isReal(text, form) ? form : undefined;
}

/** Whether a text known to match the pattern of its form names a day, or a school year, that exists. */
export function isReal(text: string, form: ClockForm): boolean {
  if (form === 'month' || form === 'quarter') return true;
  if (form === 'term') return (digits(text, 2) + 1) % 100 === digits(text, 5);
  const day = digits(text, 8);
  return day <= 28 || day <= daysIn(digits(text, 0) * 100 + digits(text, 2), digits(text, 5));
}

/** What a text of one of `forms` is written as, told by length and separators alone. */
export function shapeOf(text: string): ClockForm {
  switch (text.length) {
    case 7:
      return text.charCodeAt(5) === 0x51 ? 'quarter' : 'month';
    case 10:
      return 'date';
    default:
      if (text.charCodeAt(10) === 0x54) return 'hour';
      return text.charCodeAt(10) === 0x2f ? 'part-of-day' : 'term';
  }
}

/** Negative, zero or positive. Both texts are of one form and real. */
export function compareClock(a: string, b: string): number {
  const [dateA = '', partA = ''] = a.split('/');
  const [dateB = '', partB = ''] = b.split('/');
  if (dateA !== dateB) return dateA < dateB ? -1 : 1;
  return rank(partA) - rank(partB);
}

/**
 * When it begins, as a month, a date or an hour: texts of these three order by their characters. A term begins in August,
 * January or April, the earliest that one does.
 */
export function startOf(text: string): string {
  const shape = shapeOf(text);
  if (shape === 'quarter') return `${text.slice(0, 5)}${QUARTER_STARTS[text.charCodeAt(6) - 0x31] ?? ''}`;
  if (shape === 'part-of-day') return `${text.slice(0, 10)}T${PART_STARTS[text.slice(11) as PartOfDay]}`;
  if (shape !== 'term') return text;
  const year = Number(text.slice(0, 4));
  switch (text.slice(8) as (typeof SCHOOL_TERMS)[number]) {
    case 'autumn':
      return `${year}-08`;
    case 'spring':
      return `${year + 1}-01`;
    case 'summer':
      return `${year + 1}-04`;
  }
}
const QUARTER_STARTS = ['01', '04', '07', '10'] as const;
const PART_STARTS: Readonly<Record<PartOfDay, string>> = {
  night: '00',
  morning: '06',
  'early-afternoon': '12',
  'after-school': '15',
  evening: '18',
};

/**
 * Days that a claim touches, its first and its last one counted. Both texts are real and of one form, at least as fine as
 * a month, and `to` is not before `from`.
 */
export function daysSpanned(from: string, to: string): number {
  const month = (text: string): number => Number(text.slice(5, 7));
  const day = (text: string): number => Number(text.slice(8, 10));
  const year = (text: string): number => Number(text.slice(0, 4));
  const first = Date.UTC(year(from), month(from) - 1, day(from) || 1);
  const last = to.length === 7 ? Date.UTC(year(to), month(to), 0) : Date.UTC(year(to), month(to) - 1, day(to));
  return (last - first) / 86_400_000 + 1;
}

/** @param hour 0–23 */
export function partOfDay(hour: number): PartOfDay {
  if (hour < 6) return 'night';
  if (hour < 12) return 'morning';
  if (hour < 15) return 'early-afternoon';
  return hour < 18 ? 'after-school' : 'evening';
}

/** `2024-01` of an hour, a part of the day, a date or a month; `undefined` of what is coarser than a month. */
export function monthOf(text: string): string | undefined {
  const shape = shapeOf(text);
  return shape === 'quarter' || shape === 'term' ? undefined : text.slice(0, 7);
}

const ORDER: readonly string[] = [...PARTS_OF_DAY, ...SCHOOL_TERMS];
const rank = (part: string): number => ORDER.indexOf(part);
const digits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
