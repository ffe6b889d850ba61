import { eventDefinition, type ValueType } from '#contracts';
import { Problem, type EventType } from '#kernel';

type Data = Readonly<Record<string, unknown>>;
type Read = (value: unknown) => string | undefined;
/** Reads one value of an event's data; `undefined` where the event says nothing. */
export interface Reader {
  /** The path below `data` (`outcome.code`), beyond which it reads nothing; none where the type does not admit it. */
  readonly reads: readonly string[];
  readonly read: (data: Data) => string | undefined;
}
/**
 * Something made of an event's data. Whoever makes it is given what the readers have read and nothing else, so that
 * `reads` is all that it can depend on: legal labels are told from it (`column-labels.ts`).
 */
export interface Input<T> {
  readonly reads: readonly string[];
  readonly of: (data: Data) => T;
}
const NOTHING: Reader = { reads: [], read: () => undefined };
export const inputOf = <T>(
  make: (one: string | undefined, other: string | undefined) => T,
  one: Reader,
  other = NOTHING,
): Input<T> => ({
  reads: [...one.reads, ...other.reads],
  of: (data) => make(one.read(data), other.read(data)),
});
const LONGEST_CODE = 120;

/**
 * A reader of what the registry says stands at `path` below `data` of that type. Of a list it reads the first item; of
 * a code with its list's version, the code; where a field takes codes of several sets, one that is not of the first
 * set is written `<set>:<code>`. A type that does not admit the path says nothing.
 * The reader throws Problem `value-unplaceable` on what the registry does not know, and never reads an object's
 * inherited keys.
 */
export function fieldReader(type: EventType, path: readonly string[]): Reader {
  const [first, ...rest] = path;
  const use = first === undefined ? undefined : eventDefinition(type)?.fields.get(first)?.use;
  if (first === undefined || use === undefined) return NOTHING;
  const read = reading(use.type, rest, `data.${path.join('.')}`);
  return {
    reads: [path.join('.')],
    read: (data) => (Object.hasOwn(data, first) ? read(data[first]) : undefined),
  };
}

/** @throws Problem `value-unplaceable` in the reader, naming `field`. */
function reading(type: ValueType, path: readonly string[], field: string): Read {
  const unplaceable = (): Problem => new Problem('value-unplaceable', { field });
  switch (type.kind) {
    case 'enumeration': {
      const values: ReadonlySet<string> = new Set(type.values);
      return (value) => {
        if (typeof value !== 'string' || !values.has(value)) throw unplaceable();
        return value;
      };
    }
    case 'object': {
      const [member = '', ...rest] = path;
      const inner = type.members[member];
      if (inner === undefined) return () => undefined;
      const read = reading(inner.type, rest, field);
      return (value) => {
        if (!isObject(value)) throw unplaceable();
        return Object.hasOwn(value, member) ? read(value[member]) : undefined;
      };
    }
    case 'list': {
      const read = reading(type.of, path, field);
      return (value) => {
        if (!Array.isArray(value) || value.length === 0) throw unplaceable();
        return read(value[0]);
      };
    }
    case 'coded': {
      const [firstSet] = Object.keys(type.lists);
      return (value) => {
        const code = isObject(value) ? value['code'] : undefined;
        if (!isObject(value) || !isCode(code)) throw unplaceable();
        const set = value['set'];
        if (set === undefined || set === firstSet) return code;
        if (typeof set !== 'string' || !Object.hasOwn(type.lists, set)) throw unplaceable();
        return `${set}:${code}`;
      };
    }
    case 'number':
      return (value) => {
        if (typeof value !== 'number') throw unplaceable();
        return String(value);
      };
    case 'code':
    case 'pattern':
    case 'place':
    case 'time':
      return (value) => {
        if (!isCode(value)) throw unplaceable();
        return value;
      };
  }
}

const isCode = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_CODE;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
