import type { AgeBand } from '#contracts';
import { type Random, Weighted } from '../random.ts';

/** Shares are invented, of the order that published tables show. Age bands: `events.md`. */
const AGES: Record<'victim' | 'suspect' | 'patient' | 'prisoner' | 'pupil', Weighted<AgeBand>> = {
  victim: Weighted.of({ '0-9': 1, '10-13': 6, '14-17': 15, '18-24': 22, '25-30': 15, '31-49': 28, '50+': 13 }),
  suspect: Weighted.of({ '10-13': 5, '14-17': 22, '18-24': 27, '25-30': 15, '31-49': 24, '50+': 7 }),
  patient: Weighted.of({ '0-9': 1, '10-13': 4, '14-17': 13, '18-24': 28, '25-30': 17, '31-49': 27, '50+': 10 }),
  prisoner: Weighted.of({ '18-24': 21, '25-30': 22, '31-49': 45, '50+': 12 }),
  pupil: Weighted.of({ '0-9': 9, '10-13': 41, '14-17': 50 }),
};
const MEN = { victim: 0.58, suspect: 0.81, patient: 0.69, prisoner: 1, pupil: 0.66 };
const ETHNICITY = Weighted.of({ white: 70, asian: 11, black: 8, mixed: 5, other: 2, '': 14 });

export type Part = keyof typeof AGES;
export const ageOf = (part: Part, random: Random): AgeBand => AGES[part].pick(random);
export function sexOf(part: Part, random: Random): 'female' | 'male' | 'other' | 'unknown' {
  if (random.chance(0.02)) return random.chance(0.3) ? 'other' : 'unknown';
  return random.chance(MEN[part]) ? 'male' : 'female';
}
/** Absent where the source does not say. */
export function ethnicityOf(random: Random): { ethnicity5?: 'asian' | 'black' | 'mixed' | 'white' | 'other' } {
  const ethnicity5 = ETHNICITY.pick(random);
  return ethnicity5 === '' ? {} : { ethnicity5 };
}
