import type { ErrorObject } from 'ajv/dist/2020.js';
import { CLOCK_FORMS, clockFormOf } from './clock-time.ts';
import type { Fault } from './fields.ts';
import type { EventDefinition } from './registry.ts';
import { PLACE_PATTERNS, type ValueType } from './values.ts';

const LSOA = new RegExp(`^${PLACE_PATTERNS.lsoa}$`);

/** A schema's complaint in our words: a stable code and a path by definition names, never a key or value that was sent. */
export function explain(definition: EventDefinition, error: ErrorObject): Fault {
  const path = ['data', ...error.instancePath.split('/').filter((step) => step !== '' && !/^[0-9]+$/.test(step))];
  const field = path.join('.');
  if (error.keyword === 'required')
    return {
      code: 'field-missing',
      field: `${field}.${(error.params as { missingProperty: string }).missingProperty}`,
    };
  if (error.keyword === 'additionalProperties') {
    const key = (error.params as { additionalProperty: string }).additionalProperty;
    // a name of the same table, refused on this way, may be said; a key of the sender's may not
    const inTable = path.length === (definition.way === 'C' ? 2 : 1) && Object.hasOwn(definition.family.fields, key);
    return { code: 'field-not-allowed', field: inTable ? `${field}.${key}` : field };
  }
  if (error.keyword !== 'pattern') return { code: 'field-invalid', field };
  return { code: misfit(typeOf(definition, path.slice(1)), error.data), field };
}

/** Why a text does not match the pattern of its type: finer than the way admits, no time at all, or just wrong. */
function misfit(type: ValueType | undefined, sent: unknown): Fault['code'] {
  const text = String(sent);
  if (type?.kind === 'place') return LSOA.test(text) ? 'too-precise' : 'field-invalid';
  if (type?.kind !== 'time') return 'field-invalid';
  const form = clockFormOf(text);
  if (form === undefined) return 'time-invalid';
  const finest = Math.min(...type.forms.map((known) => CLOCK_FORMS.indexOf(known)));
  return CLOCK_FORMS.indexOf(form) < finest ? 'too-precise' : 'time-invalid';
}

function typeOf(definition: EventDefinition, path: readonly string[]): ValueType | undefined {
  const [name = '', ...rest] = definition.way === 'C' ? path.slice(1) : path;
  let type: ValueType | undefined = definition.fields.get(name)?.use.type;
  for (const step of rest) {
    const inner: ValueType | undefined = type?.kind === 'list' ? type.of : type;
    type = inner?.kind === 'object' ? inner.members[step]?.type : undefined;
  }
  return type;
}
