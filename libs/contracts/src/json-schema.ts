import { CODE_LENGTH, CODE_LISTS } from './code-lists.ts';
import { CLOCK_PATTERNS } from './clock-time.ts';
import { corrects } from './fields.ts';
import { consentedUses, type EventDefinition } from './registry.ts';
import {
  LIST_VERSION,
  must,
  oneOf,
  PLACE_PATTERNS,
  pattern,
  several,
  structure,
  type ValueType,
  wholeNumber,
} from './values.ts';

/** JSON Schema 2020-12, as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

const text = (expression: string): JsonSchema => ({ type: 'string', pattern: `^(?:${expression})$` });
const codeText = (form: string): JsonSchema => ({ ...text(form), maxLength: CODE_LENGTH });
const object = (properties: Readonly<Record<string, JsonSchema>>, needed: readonly string[]): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  ...(needed.length === 0 ? {} : { required: needed }),
  properties,
});

/** Schema of one kind of value. */
export function schemaOf(type: ValueType): JsonSchema {
  switch (type.kind) {
    case 'enumeration':
      return { type: 'string', enum: type.values };
    case 'code':
      return codeText(CODE_LISTS[type.list].form);
    case 'coded': {
      const sets = Object.keys(type.lists);
      const form = codeText(
        Object.values(type.lists)
          .map((list) => CODE_LISTS[list].form)
          .join('|'),
      );
      const members = { code: form, list: text(LIST_VERSION) };
      return sets.length === 1
        ? object(members, ['code', 'list'])
        : object({ set: { type: 'string', enum: sets }, ...members }, ['set', 'code', 'list']);
    }
    case 'number':
      return { type: 'integer', minimum: type.min, maximum: type.max };
    case 'pattern':
      return text(type.pattern);
    case 'time':
      return text(type.forms.map((form) => CLOCK_PATTERNS[form]).join('|'));
    case 'place':
      return text(type.forms.map((form) => PLACE_PATTERNS[form]).join('|'));
    case 'object': {
      const members = Object.entries(type.members);
      return object(
        Object.fromEntries(members.map(([name, member]) => [name, schemaOf(member.type)])),
        members.filter(([, member]) => member.required).map(([name]) => name),
      );
    }
    case 'list':
      return { type: 'array', minItems: type.min, maxItems: type.max, items: schemaOf(type.of) };
  }
}

/** A token as the token service makes it: the output of RFC 9497's ristretto255-SHA512 suite, 64 bytes in base64url. */
export const token = structure({
  scheme: must(oneOf('nhs', 'upn', 'pnc', 'noms', 'crn', 'name-birth-postcode')),
  version: must(wholeNumber(1, 9999)),
  value: must(pattern('[A-Za-z0-9_-]{86}', 'token, base64url of 64 bytes')),
});
/** Where the table has no role (prison) the person released has this one. */
const ONLY_ROLE = oneOf('released-person');

type Entry = readonly [string, JsonSchema, boolean];
const fromEntries = (entries: readonly Entry[]): JsonSchema =>
  object(
    Object.fromEntries(entries.map(([name, schema]) => [name, schema])),
    entries.filter(([, , needed]) => needed).map(([name]) => name),
  );

/** With what the field means, in the words of `events.md`. */
function told({ family }: EventDefinition, name: string, schema: JsonSchema): JsonSchema {
  const field = family.fields[name];
  return field === undefined ? schema : { ...schema, description: `${field.label}. ${field.description}` };
}

/** Schema of `data` of a type. */
export function dataSchemaOf(definition: EventDefinition): JsonSchema {
  if (definition.way !== 'C') {
    const own = [...definition.fields].map(([name, { use }]): Entry => [
      name,
      told(definition, name, schemaOf(use.type)),
      use.need === 'required',
    ]);
    return fromEntries([...own, ['corrects', schemaOf(corrects), false]]);
  }
  const uses = consentedUses(definition);
  const shared = uses
    .filter(([, use]) => use.stands !== 'part')
    .map(([name, use]): Entry => [
      name,
      told(definition, name, schemaOf(use.stands === 'both' ? (use.coarse ?? use.type) : use.type)),
      use.need === 'required',
    ]);
  const part = uses
    .filter(([name, use]) => use.stands !== 'shared' && name !== 'subjectRole')
    .map(([name, use]): Entry => [name, told(definition, name, schemaOf(use.type)), use.need === 'required']);
  const role = definition.fields.get('subjectRole')?.use.type ?? ONLY_ROLE;
  return fromEntries([
    ['shared', fromEntries(shared), true],
    [
      'subjects',
      {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: fromEntries([
          ['tokens', schemaOf(several(token, 1, 10)), true],
          ['role', schemaOf(role), true],
          ...part,
        ]),
      },
      true,
    ],
    ['corrects', schemaOf(corrects), false],
  ]);
}
