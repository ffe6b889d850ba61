import { eventDefinition, type ValueType } from '#contracts';
import { Problem, type EventType } from '#kernel';

type Data = Readonly<Record<string, unknown>>;
type Read = (value: unknown) => string | undefined;
/** Something that is made of an event's data, and of nothing else of it than what stands at `reads`. */
export interface Input<T> {
  /** Paths below `data` (`outcome.code`). Legal labels are told from them (`column-labels.ts`). */
  readonly reads: readonly string[];
  readonly of: (data: Data) => T;
}
/** Reads one value; `undefined` where the event says nothing. Of a path that its type does not admit it reads nothing. */
export type Reader = Input<string | undefined>;
const NOTHING: Reader = { reads: [], of: () => undefined };

/** `make` is given what the readers have read and nothing else, so that it cannot read more than they say. */
export const inputOf = <T>(
  make: (one: string | undefined, other: string | undefined) => T,
  { reads, of }: Reader,
  other = NOTHING,
): Input<T> => ({
  reads: [...reads, ...other.reads],
  of: other === NOTHING ? (data) => make(of(data), undefined) : (data) => make(of(data), other.of(data)),
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
    of: (data) => (Object.hasOwn(data, first) ? read(data[first]) : undefined),
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
