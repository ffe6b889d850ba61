import type { Area, County } from './county.ts';
import type { Point } from './lattice.ts';

export interface Boundary {
  readonly type: 'Feature';
  readonly properties: { readonly code: string };
  readonly geometry: { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Point[])[] };
}

/** GeoJSON (RFC 7946) of every area and every district, about 150 kB. Districts are the areas' outlines, cut from the same points. */
export function boundaries(county: County): {
  readonly type: 'FeatureCollection';
  readonly features: readonly Boundary[];
} {
  const areas = county.areas.map((area) => feature(area.lsoa, area.ring));
  const districts = county.districts.map(({ code }) =>
    feature(code, outline(county.areas.filter((area) => area.district === code))),
  );
  return { type: 'FeatureCollection', features: [...districts, ...areas] };
}

const feature = (code: string, ring: readonly Point[]): Boundary => ({
  type: 'Feature',
  properties: { code },
  geometry: { type: 'Polygon', coordinates: [ring] },
});

/**
 * The ring around areas that hang together: an edge that two of them share, once in each direction, is inside.
 * @throws RangeError when they have more than one outline (an island or a hole).
 */
function outline(areas: readonly Pick<Area, 'ring'>[]): Point[] {
  const edges = new Map<string, { from: Point; to: Point }>();
  for (const { ring } of areas)
    for (let i = 1; i < ring.length; i++) {
      const [from, to] = [ring[i - 1] as Point, ring[i] as Point];
      if (!edges.delete(`${to.join()} ${from.join()}`)) edges.set(`${from.join()} ${to.join()}`, { from, to });
    }
  const next = new Map([...edges.values()].map((edge) => [edge.from.join(), edge.to]));
  const start = [...edges.values()][0]?.from;
  if (start === undefined) throw new RangeError('no area');
  const ring: Point[] = [start];
  for (
    let here = next.get(start.join());
    here !== undefined && here.join() !== start.join();
    here = next.get(here.join())
  )
    ring.push(here);
  if (ring.length !== edges.size) throw new RangeError('more than one outline');
  return [...ring, start];
}
