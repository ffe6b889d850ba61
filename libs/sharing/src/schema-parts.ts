/** Parts that the JSON Schemas of agreements and law packs are written with. */
export const kebab = { type: 'string', maxLength: 60, pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' };
export const day = { type: 'string', format: 'date' };
export const oneOf = (values: readonly (string | number)[]) => ({ enum: [...values] });
export const some = (items: object, minItems = 1) => ({ type: 'array', items, minItems, uniqueItems: true });
/** An object of these properties and no other; all of them are required but the `optional` ones. */
export const closed = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
