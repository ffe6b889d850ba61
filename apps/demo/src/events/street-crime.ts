import type { Area, County } from '../county/county.ts';
import { COUNTY, ELSEWHERE } from '../county/names.ts';
import { at, randomFor, type Random, Weighted } from '../random.ts';
import { type Month, season } from './calendar.ts';
import { knives, shoplifting, violence } from './trends.ts';

/** One line of a police street file; `area` is absent where the place is unknown or outside the county. */
export interface StreetCrime {
  readonly category: string;
  readonly area: Area | undefined;
  readonly line: string;
}

/** Where a category happens, beside how many people live there. */
type Where = 'home' | 'town' | 'street';
interface Kind {
  readonly category: string;
  /** A month, over the whole county. */
  readonly mean: number;
  readonly where: Where;
  readonly season: readonly [peak: number, height: number];
  readonly trend?: (district: string, month: Month) => number;
}
/** The fourteen crime types of data.police.uk; means add up to about 2,500 rows a month. */
const KINDS: readonly Kind[] = [
  { category: 'Anti-social behaviour', mean: 380, where: 'street', season: [7, 0.24] },
  { category: 'Bicycle theft', mean: 40, where: 'town', season: [8, 0.3] },
  { category: 'Burglary', mean: 125, where: 'home', season: [12, 0.14] },
  { category: 'Criminal damage and arson', mean: 180, where: 'street', season: [6, 0.07] },
  { category: 'Drugs', mean: 72, where: 'town', season: [5, 0.06] },
  { category: 'Other crime', mean: 66, where: 'street', season: [6, 0.04] },
  { category: 'Other theft', mean: 170, where: 'street', season: [7, 0.06] },
  { category: 'Possession of weapons', mean: 33, where: 'town', season: [6, 0.1], trend: knives },
  { category: 'Public order', mean: 170, where: 'town', season: [7, 0.16] },
  { category: 'Robbery', mean: 29, where: 'town', season: [11, 0.14], trend: knives },
  { category: 'Shoplifting', mean: 250, where: 'town', season: [11, 0.07], trend: (_, month) => shoplifting(month) },
  { category: 'Theft from the person', mean: 22, where: 'town', season: [12, 0.16] },
  { category: 'Vehicle crime', mean: 165, where: 'home', season: [11, 0.08] },
  { category: 'Violence and sexual offences', mean: 798, where: 'street', season: [7, 0.09], trend: violence },
];

/** Outcomes as the open data words them; anti-social behaviour has none. */
const OUTCOMES = Weighted.of({
  'Investigation complete; no suspect identified': 36,
  'Unable to prosecute suspect': 34,
  'Under investigation': 12,
  'Awaiting court outcome': 8,
  'Local resolution': 3,
  'Action to be taken by another organisation': 2,
  'Further action is not in the public interest': 2,
  'Offender given a caution': 2,
  'Further investigation is not in the public interest': 1,
});

const UNKNOWN_PLACE = 0.005;
const OUTSIDE = 0.008;
const FORCE_NAME = `${COUNTY} Police`;

/** Columns of the monthly files of data.police.uk, 2024 layout. */
export const STREET_HEADER =
  'Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context';

/** A month of street crime in the order of a file: by category at random, as if sorted by nothing. */
export function streetCrimes(county: County, month: Month, seed: string, scale: number): StreetCrime[] {
  const random = randomFor(`${seed} street ${month}`);
  const crimes = KINDS.flatMap((kind) => {
    const trend = kind.trend ?? (() => 1);
    const places = new Weighted(county.areas, (area) => draw(kind.where, area) * trend(area.district, month));
    const plain = county.areas.reduce((sum, area) => sum + draw(kind.where, area), 0);
    const mean = (kind.mean * scale * season(month, ...kind.season) * places.total) / plain;
    return Array.from({ length: random.poisson(mean) }, () => crime(kind.category, month, places, random));
  });
  return random.shuffled(crimes);
}

function draw(where: Where, area: Area): number {
  const worse = 0.4 + 1.2 * area.deprivation;
  switch (where) {
    case 'home':
      return area.residents * worse;
    case 'street':
      return area.residents * worse * Math.sqrt(area.pull);
    case 'town':
      return area.residents * worse * area.pull;
  }
}

function crime(category: string, month: Month, places: Weighted<Area>, random: Random): StreetCrime {
  const id = category === 'Anti-social behaviour' ? '' : crimeId(random);
  const outcome = id === '' ? '' : OUTCOMES.pick(random);
  const where = random.next();
  const write = (lon: string, lat: string, location: string, lsoa: string, name: string): string =>
    [id, month, FORCE_NAME, FORCE_NAME, lon, lat, location, lsoa, name, category, outcome, ''].join(',');
  if (where < UNKNOWN_PLACE) return { category, area: undefined, line: write('', '', 'No Location', '', '') };
  if (where < UNKNOWN_PLACE + OUTSIDE) {
    const n = random.whole(0, ELSEWHERE.length - 1);
    const line = write('3.251000', '54.912000', 'On or near Border Road', at(ELSEWHERE, n), `Far Shore 00${n + 1}A`);
    return { category, area: undefined, line };
  }
  const area = places.pick(random);
  const { name, point } = random.pick(area.streets);
  const [lon, lat] = point;
  return { category, area, line: write(lon.toFixed(6), lat.toFixed(6), `On or near ${name}`, area.lsoa, area.name) };
}

function crimeId(random: Random): string {
  let id = '';
  for (let i = 0; i < 8; i++) id += random.whole(0, 0xffffffff).toString(16).padStart(8, '0');
  return id;
}
