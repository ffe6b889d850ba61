import type { EventData } from '#contracts';
import type { AgencyId } from '#kernel';
import type { Area, County } from '../county/county.ts';
import { at, randomFor, type Random, Weighted } from '../random.ts';
import { type Month, partOfDay, season, violentDays, violentHour } from './calendar.ts';
import { type AnonymisedEvent, envelopes } from './envelope.ts';
import { ageOf, sexOf } from './people.ts';
import { knives, violence } from './trends.ts';

export interface Hospital {
  readonly agency: AgencyId;
  readonly site: string;
  readonly trust: string;
  /** District where it stands. */
  readonly district: string;
  /** Assault attendances a month. */
  readonly mean: number;
  /** Month in which its navigators (youth workers at the bedside) began. */
  readonly navigatorsFrom: Month;
}

const PLACE = 'uk.svd.health.ed-attendance-recorded.v1';
const PROFILE = 'uk.svd.health.ed-attendance-profiled.v1';

const METHODS = Weighted.of({
  'body-part': 66,
  'blunt-object': 12,
  'sharp-object': 11,
  'glass-or-bottle': 6,
  pushed: 4,
  corrosive: 0.4,
  firearm: 0.6,
});
const SHARP = new Set(['sharp-object', 'glass-or-bottle']);
export const METHOD_TABLE = 'v1';
const LOCATIONS = Weighted.of({
  street: 36,
  licensed: 22,
  dwelling: 20,
  school: 5,
  transport: 5,
  retail: 4,
  other: 5,
  unknown: 3,
});
const DELAYS = Weighted.of({ 'under-2h': 58, '2-6h': 18, '6-24h': 12, 'over-24h': 8, unknown: 4 });

/**
 * A month of assault attendances at one department, split at source: where and when on one side, who and how badly on
 * the other, in another order, under other ids. Self-inflicted and accidental injuries are not sent at all.
 */
export function emergencyAttendances(
  county: County,
  hospital: Hospital,
  month: Month,
  seed: string,
  scale: number,
): { readonly places: AnonymisedEvent[]; readonly profiles: AnonymisedEvent[] } {
  const random = randomFor(`${seed} emergency ${hospital.agency} ${month}`);
  const catchment = catchmentOf(county, hospital, month);
  const days = violentDays(month);
  const place = envelopes(seed, { agency: hospital.agency, type: PLACE, month });
  const profile = envelopes(seed, { agency: hospital.agency, type: PROFILE, month });
  const places: AnonymisedEvent[] = [];
  const profiles: AnonymisedEvent[] = [];
  const count = random.poisson(hospital.mean * scale * season(month, 7, 0.12) * catchment.swing);
  for (let n = 0; n < count; n++) {
    const area = catchment.areas.pick(random);
    const method = METHODS.pick(random);
    const when = violentHour(days, random);
    places.push(place(`${month} ${n}`, placeHalf(hospital, area, method, when, random)));
    profiles.push(profile(`${month} ${n}`, profileHalf(hospital, area, SHARP.has(method), month, random)));
  }
  return { places: random.shuffled(places), profiles: random.shuffled(profiles) };
}

/** Who comes to this department: near rather than far, poor rather than rich, and with the county's trends. */
function catchmentOf(county: County, hospital: Hospital, month: Month): { areas: Weighted<Area>; swing: number } {
  const own = county.areas.filter((area) => area.district === hospital.district);
  const home = at(own, Math.floor(own.length / 2)).centre;
  const usual = (area: Area): number => {
    const away = Math.hypot(area.centre[0] - home[0], (area.centre[1] - home[1]) * 1.7);
    return area.residents * (0.4 + 1.2 * area.deprivation) * Math.sqrt(area.pull) * Math.exp(-away / 0.25);
  };
  const areas = new Weighted(county.areas, (area) => usual(area) * trend(area.district, month));
  return { areas, swing: areas.total / county.areas.reduce((sum, area) => sum + usual(area), 0) };
}
const trend = (district: string, month: Month): number =>
  0.8 * violence(district, month) + 0.2 * knives(district, month);

function placeHalf(
  hospital: Hospital,
  area: Area,
  method: string,
  { date, hour }: { date: string; hour: number },
  random: Random,
): EventData[typeof PLACE] {
  const locationType = LOCATIONS.pick(random);
  const dwelling = locationType === 'dwelling';
  const rough = dwelling || random.chance(0.1);
  const told = random.next();
  return {
    site: hospital.site,
    assaultAt: rough ? `${date}/${partOfDay(hour)}` : `${date}T${String(hour).padStart(2, '0')}`,
    arrivalDelay: DELAYS.pick(random),
    method: { code: method, list: METHOD_TABLE },
    locationType,
    ...(dwelling
      ? { place: area.district, placeConfidence: 'area' }
      : told < 0.12
        ? { place: 'unknown', placeConfidence: 'none' }
        : { place: area.lsoa, placeConfidence: told < 0.5 ? 'venue' : 'street' }),
  };
}

const DISPOSALS = Weighted.of({ discharged: 78, admitted: 15, left: 6.8, died: 0.2 });
const NAVIGATED = Weighted.of({ offered: 20, accepted: 38, declined: 42 });

function profileHalf(
  hospital: Hospital,
  area: Area,
  sharp: boolean,
  month: Month,
  random: Random,
): EventData[typeof PROFILE] {
  const disposal = DISPOSALS.pick(random);
  const ageBand = ageOf('patient', random);
  const young = ['10-13', '14-17', '18-24', '25-30'].includes(ageBand);
  const met = month >= hospital.navigatorsFrom && young && random.chance(0.7);
  return {
    site: hospital.trust,
    assaultAt: month,
    method: sharp ? 'sharp' : 'other',
    place: area.district,
    placeConfidence: 'area',
    ageBand,
    sex: sexOf('patient', random),
    residence: random.chance(0.86) ? 'in-area' : 'elsewhere',
    policeNotified: random.chance(0.44) ? 'yes' : random.chance(0.8) ? 'no' : 'unknown',
    alcoholOrDrug: random.chance(0.41) ? 'yes' : random.chance(0.6) ? 'no' : 'unknown',
    disposal,
    severity: severityOf(disposal, sharp, random),
    ...(met ? { navigator: NAVIGATED.pick(random) } : {}),
  };
}

function severityOf(disposal: string, sharp: boolean, random: Random): 'minor' | 'serious' | 'life-threatening' {
  if (disposal === 'died') return 'life-threatening';
  if (disposal !== 'admitted') return 'minor';
  return random.chance(sharp ? 0.3 : 0.08) ? 'life-threatening' : 'serious';
}
