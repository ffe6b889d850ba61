import { readGeographyPack, type GeographyPack } from './geography.ts';
import { bytesOf, COUNTY, geographyOf } from './testing/county.ts';

const refusal = (changes: object) => {
  const read = readGeographyPack(bytesOf({ ...COUNTY, ...changes }));
  return read.ok ? 'read' : `${read.code} ${read.field}`;
};
const [area, ...areas] = COUNTY.areas;
const [ward, ...wards] = COUNTY.wards;
const [north, south, city] = COUNTY.districts;

describe('a geography', () => {
  const geography = geographyOf(COUNTY);

  it.each([
    ['E01000001', ['E01000001', 'E05000001', 'E07000001', 'E22000001', 'E23000001']],
    ['E01000004', ['E01000004', 'unknown', 'E08000001', 'unknown', 'E23000002']],
    ['E07000002', ['unknown', 'unknown', 'E07000002', 'E22000001', 'E23000001']],
    ['E05000002', ['unknown', 'E05000002', 'E07000002', 'E22000001', 'E23000001']],
    ['E22000001', ['unknown', 'unknown', 'unknown', 'E22000001', 'E23000001']],
    ['unknown', ['unknown', 'unknown', 'unknown', 'unknown', 'unknown']],
    ['pdu-12', ['unknown', 'unknown', 'unknown', 'unknown', 'unknown']],
    ['E01099999', ['outside', 'outside', 'outside', 'outside', 'outside']],
    ['E07099999', ['outside', 'outside', 'outside', 'outside', 'outside']],
    ['constructor', ['outside', 'outside', 'outside', 'outside', 'outside']],
  ])('rolls %s up', (code, expected) => {
    const grains = ['lsoa', 'ward', 'district', 'csp', 'force'] as const;
    expect(grains.map((grain) => geography.placeAt(code, grain))).toEqual(expected);
  });

  it('lists its places by code', () => {
    expect(geography.placesAt('lsoa').map(({ name }) => name)).toEqual(['North 1', 'North 2', 'South 1', 'City 1']);
    expect(geography.placesAt('csp')).toEqual([{ code: 'E22000001', name: 'North and South' }]);
    expect(geography.boundaries).toBeUndefined();
  });

  it('keeps boundaries of what it holds', () => {
    const ring = [
      [-1.5, 52],
      [-1.4, 52],
      [-1.4, 52.1],
      [-1.5, 52],
    ];
    const feature = (code: string, geometry: object) => ({ type: 'Feature', properties: { code }, geometry });
    const polygon = { type: 'Polygon', coordinates: [ring] };
    const drawn = (...features: object[]) => ({ boundaries: { type: 'FeatureCollection', features } });
    const multi = { type: 'MultiPolygon', coordinates: [[ring]] };
    const pack = { ...COUNTY, ...drawn(feature('E01000001', polygon), feature('E07000001', multi)) };
    expect(geographyOf(pack as GeographyPack).boundaries?.features).toHaveLength(2);
    expect(refusal(drawn(feature('E01099999', polygon)))).toBe(
      'geography-reference-missing boundaries.features.0.properties.code',
    );
    expect(refusal(drawn(feature('E01000001', polygon), feature('E01000001', polygon)))).toMatch(/reference-missing/);
    expect(refusal(drawn(feature('E01000001', { type: 'Point', coordinates: [-1.5, 52] })))).toMatch(/invalid/);
    expect(
      refusal(
        drawn(
          feature('E01000001', {
            type: 'Polygon',
            coordinates: [
              [
                [400, 52],
                [1, 1],
                [1, 2],
                [1, 3],
              ],
            ],
          }),
        ),
      ),
    ).toMatch(/invalid/);
  });

  it.each<[string, object, string]>([
    ['an unknown member', { notes: '' }, 'geography-invalid document'],
    ['a list as text', { areas: '' }, 'geography-invalid areas'],
    ['a code of another form', { csps: [{ code: 'NW', name: 'x' }] }, 'geography-invalid csps.0.code'],
    ['a code twice', { areas: [area, area, ...areas] }, 'geography-code-repeated areas.1'],
    [
      'a code at two grains',
      { forces: [...COUNTY.forces, { code: 'E22000001', name: 'x' }] },
      'geography-code-repeated forces.2',
    ],
    [
      'an area in no district',
      { areas: [{ ...area, district: 'E07000009' }] },
      'geography-reference-missing areas.0.district',
    ],
    ['an area in no ward', { areas: [{ ...area, ward: 'E05000009' }] }, 'geography-reference-missing areas.0.ward'],
    [
      'a ward of another district',
      { areas: [{ ...area, district: 'E07000002' }] },
      'geography-inconsistent areas.0.ward',
    ],
    [
      'a ward in no district',
      { wards: [{ ...ward, district: 'E07000009' }, ...wards] },
      'geography-reference-missing wards.0.district',
    ],
    ['a district in no partnership', { csps: [] }, 'geography-reference-missing districts.0.csp'],
    ['a district in no force', { forces: [] }, 'geography-reference-missing districts.0.force'],
    [
      'a partnership of two forces',
      { districts: [north, { ...south, force: 'E23000002' }, city] },
      'geography-inconsistent districts.1.csp',
    ],
  ])('is refused for %s', (_, changes, expected) => {
    expect(refusal(changes)).toBe(expected);
  });
});
