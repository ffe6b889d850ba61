import { boundaries } from './boundaries.ts';
import { buildCounty } from './county.ts';
import type { Point } from './lattice.ts';

const county = buildCounty();

/** Twice the signed area; positive when counter-clockwise. */
const turned = (ring: readonly Point[]): number =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i]?.[0] ?? 0) * y - x * (ring[i]?.[1] ?? 0), 0);

const side = (a: Point, b: Point, p: Point): number =>
  Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
const cross = (a: Point, b: Point, c: Point, d: Point): boolean =>
  side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
const crossesItself = (ring: readonly Point[]): boolean => {
  const edges = ring.slice(1).map((to, i) => [ring[i] as Point, to] as const);
  return edges.some(([a, b], i) => edges.slice(i + 1).some(([c, d]) => cross(a, b, c, d)));
};

describe('the invented county', () => {
  it('has 300 areas in six districts, four partnerships and one force, all with codes of the right form', () => {
    expect(county.areas).toHaveLength(300);
    expect(county.districts).toHaveLength(6);
    for (const area of county.areas) expect(area.lsoa).toMatch(/^[EW]01\d{6}$/);
    for (const ward of county.wards) expect(ward.code).toMatch(/^E05\d{6}$/);
    for (const district of county.districts) expect(district.code).toMatch(/^(E0[6-9]|W06)\d{6}$/);
    expect(new Set(county.areas.map((area) => area.lsoa)).size).toBe(300);
    expect(new Set(county.areas.map((area) => area.name)).size).toBe(300);
    for (const { code } of county.districts)
      expect(county.areas.filter((area) => area.district === code).length).toBeGreaterThanOrEqual(30);
  });

  it('nests areas in wards in districts, and shares two partnerships between districts', () => {
    const districtOfWard = new Map(county.wards.map((ward) => [ward.code, ward.district]));
    for (const area of county.areas) expect(districtOfWard.get(area.ward)).toBe(area.district);
    const names = county.wards.map((ward) => `${ward.district} ${ward.name}`);
    expect(new Set(names).size).toBe(names.length);
    const shared = county.csps.filter(
      (csp) => county.districts.filter((district) => district.csp === csp.code).length > 1,
    );
    expect(shared).toHaveLength(2);
  });

  it('is drawn without overlaps: simple counter-clockwise rings that share each inner edge once', () => {
    const { features } = boundaries(county);
    expect(features).toHaveLength(306);
    for (const { geometry } of features) {
      const [ring = []] = geometry.coordinates;
      expect(ring[0]).toEqual(ring.at(-1));
      expect(turned(ring)).toBeGreaterThan(0);
      expect(crossesItself(ring)).toBe(false);
    }
    const directed = county.areas.flatMap(({ ring }) =>
      ring.slice(1).map((to, i) => `${String(ring[i])} ${String(to)}`),
    );
    expect(new Set(directed).size).toBe(directed.length);
    const inside = county.areas.reduce((sum, area) => sum + turned(area.ring), 0);
    const around = features.slice(0, 6).reduce((sum, { geometry }) => sum + turned(geometry.coordinates[0] ?? []), 0);
    expect(around).toBeCloseTo(inside, 9);
  });

  it('fits well under the limit of a pack', () => {
    expect(JSON.stringify(boundaries(county)).length).toBeLessThan(1_000_000);
  });
});
