import { at, randomFor } from '../random.ts';
import { type Cell, cells, type Point } from './lattice.ts';
import { CSPS, DISTRICTS, FORCE, STREETS, wardName, type DistrictPlan } from './names.ts';

/** A statistical area (the shape of an LSOA 2021). */
export interface Area {
  readonly lsoa: string;
  readonly name: string;
  readonly ward: string;
  readonly district: string;
  readonly ring: Cell['ring'];
  readonly centre: Point;
  readonly residents: number;
  /** 0 (least) to 1 (most deprived). Used to generate; never published. */
  readonly deprivation: number;
  /** How much of the county's street life it draws: 1 is usual, a town centre several times that. */
  readonly pull: number;
  /** Snap points, as police.uk publishes: a place name and its rounded coordinates. */
  readonly streets: readonly { readonly name: string; readonly point: Point }[];
}
export interface County {
  readonly areas: readonly Area[];
  readonly wards: readonly { readonly code: string; readonly name: string; readonly district: string }[];
  readonly districts: readonly {
    readonly code: string;
    readonly name: string;
    readonly csp: string;
    readonly force: string;
  }[];
  readonly csps: readonly { readonly code: string; readonly name: string }[];
  readonly force: { readonly code: string; readonly name: string };
}

const AREAS = 300;
const AREAS_A_WARD = 5;

/** The invented county: the same 300 areas each time, whatever the seed of the events. */
export function buildCounty(): County {
  const capital = at(DISTRICTS, 0).town;
  const placed = cells(AREAS, capital).map((cell) => ({ cell, plan: districtOf(cell) }));
  const areas: Area[] = [];
  const wards: County['wards'][number][] = [];
  for (const plan of DISTRICTS) {
    const own = placed.filter((each) => each.plan === plan).map((each) => each.cell);
    wardsOf(own).forEach((members, n) => {
      const ward = `E05${String(990001 + wards.length)}`;
      wards.push({ code: ward, name: wardName(n), district: plan.code });
      members.forEach((cell, i) => {
        const name = `${plan.name} ${String(n + 1).padStart(3, '0')}${String.fromCharCode(65 + i)}`;
        areas.push(area(`E01${String(990001 + areas.length)}`, name, ward, plan, cell));
      });
    });
  }
  const districts = DISTRICTS.map(({ code, name, csp }) => ({ code, name, csp, force: FORCE.code }));
  return { areas, wards, districts, csps: CSPS, force: FORCE };
}

const distance = (cell: Cell, town: { column: number; row: number }): number =>
  Math.hypot(cell.column - town.column, 1.75 * (cell.row - town.row));

function districtOf(cell: Cell): DistrictPlan {
  const nearest = DISTRICTS.map((plan) => ({ plan, away: distance(cell, plan.town) / plan.reach }));
  return nearest.reduce((best, each) => (each.away < best.away ? each : best)).plan;
}

/** Neighbouring cells in groups of about five; a remainder too small for a ward joins the last one. */
function wardsOf(own: readonly Cell[]): Cell[][] {
  const left = new Set(own);
  const wards: Cell[][] = [];
  while (left.size > 0) {
    const [first] = left;
    if (first === undefined) break;
    const near = [...left].sort(
      (a, b) => distance(a, first) - distance(b, first) || a.row - b.row || a.column - b.column,
    );
    const members = near.slice(0, left.size < AREAS_A_WARD * 1.5 ? left.size : AREAS_A_WARD);
    for (const cell of members) left.delete(cell);
    wards.push(members);
  }
  return wards;
}

function area(lsoa: string, name: string, ward: string, plan: DistrictPlan, cell: Cell): Area {
  const random = randomFor(`area ${lsoa}`);
  const away = distance(cell, plan.town);
  const deprivation = Math.min(
    1,
    Math.max(0, plan.deprivation + 0.35 * Math.exp(-away / 4) + (random.next() - 0.5) * 0.5),
  );
  const centreOfTown = away < 1.5 ? 9 * plan.reach * plan.reach : away < 3 ? 2.6 : 1;
  const estate = random.chance(0.04) ? 3.2 : 1;
  const streets = random.shuffled(STREETS).slice(0, random.whole(3, 5));
  return {
    lsoa,
    name,
    ward,
    district: plan.code,
    ring: cell.ring,
    centre: cell.centre,
    residents: random.whole(1_050, 2_350),
    deprivation,
    pull: centreOfTown * estate * (0.6 + 0.8 * random.next()),
    streets: streets.map((street) => ({ name: street, point: inside(cell, random.next(), random.next()) })),
  };
}

/** A point of the cell, on the way from its centre towards one of its corners. */
function inside(cell: Cell, towards: number, far: number): Point {
  const corner = at(cell.ring, Math.floor(towards * (cell.ring.length - 1)));
  const part = 0.15 + 0.5 * far;
  const along = (from: number, to: number): number => Math.round((from + (to - from) * part) * 1e6) / 1e6;
  return [along(cell.centre[0], corner[0]), along(cell.centre[1], corner[1])];
}
