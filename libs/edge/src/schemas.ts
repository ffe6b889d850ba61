import type { JsonSchema } from '#contracts';

export interface Content {
  /** Of the whole body; of one line where the media type is `application/x-ndjson`. */
  readonly schema: JsonSchema;
  /** Whole bodies by a short name. */
  readonly examples?: Readonly<Record<string, unknown>>;
}
/** A body as the API's document tells it: schemas are JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
export interface Described {
  readonly content: Readonly<Record<string, Content>>;
  /** What each header of an answer says, by its name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body of `application/json`. */
export const json = (schema: JsonSchema, headers?: Readonly<Record<string, string>>): Described => ({
  content: { 'application/json': { schema } },
  ...(headers === undefined ? {} : { headers }),
});

/** An object of these properties and no other; all of them are required but the `optional` ones. */
export const closed = (
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
});
export const wholeNumber = (description: string, minimum = 0): JsonSchema => ({
  type: 'integer',
  minimum,
  description,
});
export const instant = (description: string): JsonSchema => text(description, { format: 'date-time' });
export const sha256Hex = (description: string): JsonSchema => text(description, { pattern: '^[0-9a-f]{64}$' });
export const position = (description: string): JsonSchema => text(description, { pattern: '^(?:0|[1-9][0-9]{0,15})$' });

const NAME = Symbol('name of a component');

/** Stands once in the API's document, under `components.schemas`, and by reference wherever it is used. */
export const named = (name: string, schema: JsonSchema): JsonSchema => Object.assign({ [NAME]: name }, schema);

/**
 * The schema with every {@link named} part in it replaced by a reference; those parts are added to `components`, without
 * `$id` and `$schema`, which would give their references another base. @throws TypeError for two parts of one name.
 */
export function referring(schema: JsonSchema, components: Map<string, JsonSchema>): JsonSchema {
  const name = (schema as { readonly [NAME]?: string })[NAME];
  if (name === undefined) return inside(schema, components);
  const component = inside(schema, components);
  const { $id: _id, $schema: _dialect, ...kept } = component;
  const known = components.get(name);
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(kept)) throw new TypeError(`two schemas ${name}`);
  components.set(name, kept);
  return { $ref: `#/components/schemas/${name}` };
}

const inside = (schema: JsonSchema, components: Map<string, JsonSchema>): JsonSchema =>
  Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, within(value, components)]));

function within(value: unknown, components: Map<string, JsonSchema>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => within(item, components));
  if (typeof value !== 'object' || value === null) return value;
  return referring(value as JsonSchema, components);
}
