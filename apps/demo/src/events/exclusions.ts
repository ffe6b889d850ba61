import type { EventData } from '#contracts';
import type { AgencyId } from '#kernel';
import { randomFor, type Random, Weighted } from '../random.ts';
import type { Month } from './calendar.ts';
import { type AnonymisedEvent, envelopes } from './envelope.ts';
import { ageOf, sexOf } from './people.ts';
import { knives } from './trends.ts';

export interface EducationAuthority {
  readonly agency: AgencyId;
  /** Districts whose schools report to it, by how many pupils they have. */
  readonly districts: Readonly<Record<string, number>>;
  /** Exclusions a school month that concern violence or weapons. */
  readonly mean: number;
}

const TYPE = 'uk.svd.education.exclusion-profiled.v1';
type Profile = EventData[typeof TYPE];
/** The national scheme of sixteen reasons, as from autumn 2020. */
export const REASON_LIST = '2020';

const KINDS = Weighted.of({ suspension: 93, permanent: 6, lunchtime: 1 });
const REASONS = Weighted.of({ PP: 34, VA: 22, PA: 15, VP: 14, DB: 9, OW: 6 });
const SCHOOLS = new Weighted(
  [
    { share: 62, phase: 'secondary', type: 'academy' },
    { share: 18, phase: 'secondary', type: 'maintained' },
    { share: 7, phase: 'primary', type: 'academy' },
    { share: 6, phase: 'primary', type: 'maintained' },
    { share: 4, phase: 'not-applicable', type: 'alternative-provision' },
    { share: 3, phase: 'all-through', type: 'special' },
  ] as const,
  ({ share }) => share,
);
const SESSIONS = Weighted.of({ '1-2': 41, '3-4': 22, '5-10': 24, '11-20': 12, '21-90': 1 });
const SEN = Weighted.of({ none: 58, support: 31, plan: 11 });
const CARE = Weighted.of({ none: 84, 'in-need': 8, plan: 4, 'looked-after': 4 });

/** School months by their share of a year's exclusions: none in August, most in November and March. */
const SCHOOL_YEAR = new Map(
  Object.entries({
    '01': 1.15,
    '02': 0.95,
    '03': 1.4,
    '04': 0.7,
    '05': 1.05,
    '06': 1.2,
    '07': 0.7,
    '09': 1,
    '10': 1.15,
    '11': 1.5,
    '12': 1,
  }),
);

/** `2024-25/autumn`: the school year and term in which a month falls. */
function termOf(month: Month): string {
  const [year, n] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  const from = n >= 9 ? year : year - 1;
  return `${from}-${String((from + 1) % 100)}/${n >= 9 ? 'autumn' : n <= 3 ? 'spring' : 'summer'}`;
}

/**
 * A month of exclusions for violence or weapons that schools told one council. About one in sixty is cancelled or
 * reinstated by the governors: a correction, which names the event that it replaces.
 */
export function exclusions(
  authority: EducationAuthority,
  month: Month,
  seed: string,
  scale: number,
): AnonymisedEvent[] {
  const random = randomFor(`${seed} exclusions ${authority.agency} ${month}`);
  const envelope = envelopes(seed, { agency: authority.agency, type: TYPE, month });
  const districts = new Weighted(Object.keys(authority.districts), (code) => authority.districts[code] ?? 0);
  const events: AnonymisedEvent[] = [];
  const count = random.poisson(authority.mean * scale * (SCHOOL_YEAR.get(month.slice(5)) ?? 0));
  for (let n = 0; n < count; n++) {
    const data = exclusion(districts.pick(random), month, random);
    const first = envelope(`${month} ${n}`, data);
    events.push(first);
    if (random.chance(0.016)) {
      const kind = random.chance(0.5) ? 'cancelled' : 'reinstated';
      events.push(
        envelope(`${month} ${n} review`, { ...data, kind, corrects: { id: first.id, reason: 'reclassified' } }),
      );
    }
  }
  return random.shuffled(events.filter((event) => !corrects(event))).concat(events.filter(corrects));
}
const corrects = (event: AnonymisedEvent): boolean => 'corrects' in event.data;

function exclusion(district: string, month: Month, random: Random): Profile {
  const { phase, type } = SCHOOLS.pick(random);
  const kind = KINDS.pick(random);
  const code = random.chance(0.06 * knives(district, month)) ? 'OW' : REASONS.pick(random);
  return {
    kind,
    start: termOf(month),
    ...(kind === 'permanent' ? {} : { sessions: kind === 'lunchtime' ? '1-2' : SESSIONS.pick(random) }),
    reasons: [{ set: 'national', code, list: REASON_LIST }],
    ...weapon(code, random),
    school: { phase, type, district },
    ageBand: ageOf('pupil', random),
    sex: sexOf('pupil', random),
    senProvision: SEN.pick(random),
    careStatus: CARE.pick(random),
  };
}

/** OW alone says neither what it was nor what was done with it; half of the schools say more. */
function weapon(code: string, random: Random): Pick<Profile, 'weaponKind' | 'weaponAct'> {
  if (code !== 'OW') return { weaponKind: 'not-known', weaponAct: 'none' };
  if (random.chance(0.5)) return { weaponKind: 'not-known', weaponAct: 'not-known' };
  return { weaponKind: WEAPONS.pick(random), weaponAct: ACTS.pick(random) };
}
const WEAPONS = Weighted.of({ blade: 2, imitation: 1, 'other-offensive': 1, 'prohibited-not-weapon': 1 });
const ACTS = Weighted.of({ possessed: 3, threatened: 1, used: 1 });
