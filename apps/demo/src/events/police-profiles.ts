import type { EventData } from '#contracts';
import type { AgencyId } from '#kernel';
import { randomFor, type Random, Weighted } from '../random.ts';
import type { Month } from './calendar.ts';
import { type AnonymisedEvent, envelopes } from './envelope.ts';
import { ageOf, ethnicityOf, sexOf } from './people.ts';
import type { StreetCrime } from './street-crime.ts';
import { knives } from './trends.ts';

const TYPE = 'uk.svd.police.incident-profiled.v1';
/** How the knife flag is decided; the method changed once, and each count carries it. */
export const KNIFE_METHOD = { code: 'home-office-special-collection', list: 'v2' };
/** Year of the Home Office counting rules whose codes are used. */
export const OFFENCE_LIST = '2018';

interface Serious {
  /** Code of the street category. */
  readonly category: string;
  /** Part of the category that is serious violence. */
  readonly share: number;
  /** How often a blade is in it. */
  readonly blade: number;
  /** Groups and subgroups: a profile claims nothing finer. */
  readonly offences: Weighted<string>;
}
const SERIOUS: ReadonlyMap<string, Serious> = new Map([
  [
    'Violence and sexual offences',
    {
      category: 'violence-and-sexual-offences',
      share: 0.2,
      blade: 0.1,
      offences: Weighted.of({ 'violence-with-injury': 75, 'violence-without-injury': 24.7, homicide: 0.3 }),
    },
  ],
  ['Robbery', { category: 'robbery', share: 1, blade: 0.22, offences: Weighted.of({ robbery: 1 }) }],
  [
    'Possession of weapons',
    {
      category: 'possession-of-weapons',
      share: 1,
      blade: 0.62,
      offences: Weighted.of({ 'possession-of-weapons-offences': 1 }),
    },
  ],
]);
type Profile = EventData[typeof TYPE];
type Shared = Omit<Profile, 'subjectRole' | 'ageBand' | 'sex' | 'ethnicity5'>;

/**
 * Profiles of the persons in a month's serious violence: one event for each victim and each suspect, in an order that
 * has nothing to do with the street file's.
 */
export function policeProfiles(
  agency: AgencyId,
  crimes: readonly StreetCrime[],
  month: Month,
  seed: string,
): AnonymisedEvent[] {
  const random = randomFor(`${seed} police profiles ${month}`);
  const envelope = envelopes(seed, { agency, type: TYPE, month });
  const events = crimes.flatMap((crime, n) => {
    const serious = SERIOUS.get(crime.category);
    if (serious === undefined || crime.area === undefined || !random.chance(serious.share)) return [];
    const shared = occurrence(crime.area.district, month, serious, random);
    return roles(serious, random).map((role, i) => envelope(`${month} ${n} ${i}`, person(role, shared, random)));
  });
  return random.shuffled(events);
}

function occurrence(district: string, month: Month, serious: Serious, random: Random): Shared {
  const code = serious.offences.pick(random);
  const blade = random.chance(Math.min(0.9, serious.blade * knives(district, month)));
  const possession = serious.category === 'possession-of-weapons';
  const act = possession ? 'possessed' : random.chance(0.5) ? 'used' : 'threatened';
  return {
    category: serious.category,
    offenceCode: { code, list: OFFENCE_LIST },
    occurredFrom: month,
    occurredTo: month,
    place: district,
    knifeOrSharp: blade ? act : 'no',
    flagMethod: KNIFE_METHOD,
    weapon: blade ? 'sharp' : 'other',
    domestic: serious.category === 'violence-and-sexual-offences' ? DOMESTIC.pick(random) : 'no',
    injury: possession ? 'none' : code === 'homicide' ? 'fatal' : INJURY.pick(random),
  };
}
const DOMESTIC = Weighted.of({ yes: 33, no: 62, unknown: 5 });
const INJURY = Weighted.of({ none: 35, minor: 53, serious: 12 });

/** Possession has no victim; a third of the rest has no suspect found. */
function roles(serious: Serious, random: Random): ('victim' | 'suspect')[] {
  if (serious.category === 'possession-of-weapons') return ['suspect'];
  return random.chance(0.66) ? ['victim', 'suspect'] : ['victim'];
}

function person(role: 'victim' | 'suspect', shared: Shared, random: Random): Profile {
  return {
    ...shared,
    subjectRole: role,
    ageBand: ageOf(role, random),
    sex: sexOf(role, random),
    ...ethnicityOf(random),
    injury: role === 'victim' ? (shared.injury ?? 'none') : 'none',
  };
}
