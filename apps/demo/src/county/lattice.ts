import { randomFor } from '../random.ts';

/** Longitude, latitude (WGS 84, degrees). */
export type Point = readonly [lon: number, lat: number];

/** One hexagon of the lattice that the county is cut from, before it belongs to anything. */
export interface Cell {
  /** Closed, counter-clockwise (RFC 7946 §3.1.6); neighbours share their points exactly. */
  readonly ring: readonly Point[];
  readonly centre: Point;
  /** Position on the lattice, where neighbours' centres are two units apart. */
  readonly column: number;
  readonly row: number;
}

const COLUMNS = 24;
const ROWS = 19;
/** A bank in the North Sea, so that the invented county lies on top of no real place. */
const CENTRE: Point = [2.05, 54.72];
const DEGREES_LON = 0.0255;
const DEGREES_LAT = 0.0088;
/** The six corners around a centre, counter-clockwise seen with north up, in lattice units. */
const CORNERS = [
  [0, 2],
  [-1, 1],
  [-1, -1],
  [0, -2],
  [1, -1],
  [1, 1],
] as const;

/** The `count` cells nearest to the middle, warped so that those around `town` are the smallest. */
export function cells(count: number, town: { column: number; row: number }): Cell[] {
  const all: { column: number; row: number; away: number }[] = [];
  for (let row = 0; row < ROWS; row++)
    for (let c = 0; c < COLUMNS; c++) {
      const column = 2 * c + (row % 2);
      const dx = (column - COLUMNS) / COLUMNS;
      const dy = (row - (ROWS - 1) / 2) / (ROWS / 2);
      const coast = randomFor(`coast ${column} ${row}`).next() * 0.22;
      all.push({ column, row, away: dx * dx + dy * dy + coast });
    }
  return all
    .sort((a, b) => a.away - b.away)
    .slice(0, count)
    .sort((a, b) => a.row - b.row || a.column - b.column)
    .map(({ column, row }) => cell(column, row, town));
}

function cell(column: number, row: number, town: { column: number; row: number }): Cell {
  const ring: Point[] = [];
  CORNERS.forEach(([dx, dy], i) => {
    const [nextX, nextY] = CORNERS[(i + 1) % CORNERS.length] ?? [0, 0];
    const here = corner(column + dx, 3 * row + dy);
    const next = corner(column + nextX, 3 * row + nextY);
    ring.push(place(here, town), place(between(here, next), town));
  });
  ring.push(ring[0] as Point);
  return { ring, centre: place([column, 3 * row], town), column, row };
}

/** Same corner, same jitter, whichever of its three cells asks. */
function corner(x: number, y: number): Point {
  const random = randomFor(`corner ${x} ${y}`);
  return [x + (random.next() - 0.5) * 0.55, y + (random.next() - 0.5) * 0.9];
}

/** A bend in the middle of an edge, the same from both sides. */
function between(a: Point, b: Point): Point {
  const [first, second] = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? [a, b] : [b, a];
  const random = randomFor(`edge ${first[0]} ${first[1]} ${second[0]} ${second[1]}`);
  const bend = (random.next() - 0.5) * 0.22;
  return [
    (a[0] + b[0]) / 2 + bend * (second[1] - first[1]) * 0.5,
    (a[1] + b[1]) / 2 - bend * (second[0] - first[0]) * 1.5,
  ];
}

/** Lattice units to degrees. Distances from the town shrink near it, monotonically, so that nothing folds over. */
function place([x, y]: Point, town: { column: number; row: number }): Point {
  const dx = x - town.column;
  const dy = (y - 3 * town.row) / 1.5;
  const away = Math.hypot(dx, dy);
  const scale = 0.45 + 0.55 * (1 - Math.exp(-away / 9));
  const lon = CENTRE[0] + (town.column - COLUMNS + dx * scale) * DEGREES_LON;
  const lat = CENTRE[1] + (1.5 * (2 * town.row - (ROWS - 1)) + dy * scale * 1.5) * DEGREES_LAT;
  return [round(lon), round(lat)];
}
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
