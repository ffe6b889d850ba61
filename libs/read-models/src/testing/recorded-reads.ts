import type { Projection, PublishedEvent } from '../projection.ts';

type Data = PublishedEvent['data'];

/** The paths below `data` of everything that is looked at; what an item of a list holds stands under the list. */
function recorded(data: Data, seen: Set<string>, path = ''): Data {
  const at = (held: object, key: PropertyKey): string | undefined => {
    if (Array.isArray(held) || typeof key === 'symbol') return undefined;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  };
  const look = (held: object, key: PropertyKey): void => void seen.add(at(held, key) ?? path);
  return new Proxy(data, {
    get: (held, key) => {
      look(held, key);
      const value: unknown = Reflect.get(held, key);
      return typeof value === 'object' && value !== null ? recorded(value as Data, seen, at(held, key) ?? path) : value;
    },
    has: (held, key) => {
      look(held, key);
      return Reflect.has(held, key);
    },
    getOwnPropertyDescriptor: (held, key) => {
      look(held, key);
      return Reflect.getOwnPropertyDescriptor(held, key);
    },
    // whoever lists the keys has looked at all of them
    ownKeys: (held) => {
      for (const key of Reflect.ownKeys(held)) look(held, key);
      return Reflect.ownKeys(held);
    },
  });
}

/** What making a row of the event looks at beyond these paths, of which a way down to one of them is part. */
export function readsBeyond(
  projection: Projection,
  event: PublishedEvent,
  declared: readonly string[],
): readonly string[] {
  const seen = new Set<string>();
  projection.row({ ...event, data: recorded(event.data, seen) });
  const leadsTo = (path: string, end: string): boolean => `${end}.`.startsWith(`${path}.`);
  return [...seen].filter((path) => !declared.some((one) => leadsTo(path, one) || leadsTo(one, path)));
}
