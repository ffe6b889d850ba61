const code = { type: 'string', pattern: '^[A-Z][0-9]{8}$' };
const name = { type: 'string', minLength: 1, maxLength: 200, pattern: '^[^\\p{Cc}]*$' };
const text = { type: 'string', minLength: 1, maxLength: 500, pattern: '^[^\\p{Cc}]*$' };
const closed = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false,
});
const list = (items: object) => ({ type: 'array', items });
const point = {
  type: 'array',
  prefixItems: [
    { type: 'number', minimum: -180, maximum: 180 },
    { type: 'number', minimum: -90, maximum: 90 },
  ],
  minItems: 2,
  maxItems: 2,
  items: false,
};
const polygon = { type: 'array', items: { type: 'array', items: point, minItems: 4 }, minItems: 1 };
const boundary = closed({
  type: { const: 'Feature' },
  properties: closed({ code }),
  geometry: {
    type: 'object',
    required: ['type'],
    oneOf: [
      closed({ type: { const: 'Polygon' }, coordinates: polygon }),
      closed({ type: { const: 'MultiPolygon' }, coordinates: { type: 'array', items: polygon, minItems: 1 } }),
    ],
  },
});

/** JSON Schema 2020-12 of a geography pack. Codes are ONS codes: a letter and eight digits. */
export const GEOGRAPHY_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:svd:schema:geography:1',
  ...closed(
    {
      kind: { const: 'geography' },
      version: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,59}$' },
      title: text,
      source: text,
      licence: text,
      areas: list(closed({ lsoa: code, name, ward: code, district: code }, ['ward'])),
      wards: list(closed({ code, name, district: code })),
      districts: list(closed({ code, name, csp: code, force: code }, ['csp', 'force'])),
      csps: list(closed({ code, name })),
      forces: list(closed({ code, name })),
      boundaries: closed({ type: { const: 'FeatureCollection' }, features: list(boundary) }),
    },
    ['boundaries'],
  ),
};
