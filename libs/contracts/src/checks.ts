import type { Json } from '#kernel';
import { isReal, shapeOf, startOf } from './clock-time.ts';
import type { CodeLists } from './code-lists.ts';
import { consentedUses, type EventDefinition } from './registry.ts';
import type { ValueType } from './values.ts';

type Data = Readonly<Record<string, Json>>;
/** Path of the first value that fails, `undefined` when none does. */
type Check<C> = (value: Json, context: C) => string | undefined;
/** The check of one kind of value that is not made of others; `undefined` where the kind has nothing to check. */
type Leaf<C> = (type: ValueType, path: string) => Check<C> | undefined;

/**
 * Path of the first time that does not exist (31 February, a school year that skips one), or that begins after `now`, an
 * hour of Europe/London; a planned type may claim what lies ahead.
 */
export const timeCheck = (definition: EventDefinition): ((data: Data, now: string) => string | undefined) => {
  const ahead = definition.planned === true;
  return ofData<string>(definition, (type, path) => {
    if (type.kind !== 'time') return undefined;
    return (value, now) => {
      const text = value as string;
      return isReal(text, shapeOf(text)) && (ahead || startOf(text) <= now) ? undefined : path;
    };
  });
};

/** Path of the first code that the lists do not hold. */
export const codeCheck = (definition: EventDefinition): ((data: Data, codes: CodeLists) => string | undefined) =>
  ofData<CodeLists>(definition, (type, path) => {
    if (type.kind === 'code') return (value, codes) => (codes.has(type.list, value as string) ? undefined : path);
    if (type.kind === 'place' && type.forms.includes('delivery-unit')) {
      return (value, codes) =>
        (value as string).startsWith('pdu-') && !codes.has('delivery-unit', value as string) ? path : undefined;
    }
    if (type.kind !== 'coded') return undefined;
    const lists = new Map(Object.entries(type.lists));
    return (value, codes) => {
      const { set = 'only', code } = value as { readonly set?: string; readonly code: string };
      const list = lists.get(set);
      return list !== undefined && codes.has(list, code) ? undefined : `${path}.code`;
    };
  });

function ofData<C>(definition: EventDefinition, leaf: Leaf<C>): Check<C> {
  if (definition.way !== 'C')
    return all(
      [...definition.fields].map(([name, { use }]) => [name, use] as const),
      'data',
      leaf,
    );
  const uses = consentedUses(definition);
  const shared = all(
    uses.filter(([, use]) => use.stands !== 'part'),
    'data.shared',
    leaf,
  );
  const part = all(
    uses.filter(([, use]) => use.stands !== 'shared'),
    'data.subjects',
    leaf,
  );
  return (value, context) => {
    const data = value as { readonly shared: Json; readonly subjects: readonly Json[] };
    return shared(data.shared, context) ?? first(data.subjects, (subject) => part(subject, context));
  };
}

function all<C>(
  fields: readonly (readonly [string, { readonly type: ValueType }])[],
  path: string,
  leaf: Leaf<C>,
): Check<C> {
  const checks = fields.flatMap(([name, { type }]) => {
    const check = compile(type, `${path}.${name}`, leaf);
    return check === undefined ? [] : [{ name, check }];
  });
  return (value, context) => {
    const object = value as Data;
    for (const { name, check } of checks) {
      const member = object[name];
      if (member === undefined) continue;
      const failed = check(member, context);
      if (failed !== undefined) return failed;
    }
    return undefined;
  };
}

function compile<C>(type: ValueType, path: string, leaf: Leaf<C>): Check<C> | undefined {
  if (type.kind === 'object') return all(Object.entries(type.members), path, leaf);
  if (type.kind !== 'list') return leaf(type, path);
  const item = compile(type.of, path, leaf);
  return item === undefined
    ? undefined
    : (value, context) => first(value as readonly Json[], (one) => item(one, context));
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
