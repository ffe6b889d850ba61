import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from '#kernel';
import { codeCheck, timeCheck } from './checks.ts';
import type { CodeLists } from './code-lists.ts';
import { explain } from './explain.ts';
import { compareClock, daysSpanned, shapeOf } from './clock-time.ts';
import type { Fault } from './fields.ts';
import { dataSchemaOf } from './json-schema.ts';
import { EVENT_TYPES, eventDefinition, type EventDefinition } from './registry.ts';

type Data = Readonly<Record<string, Json>>;
/** Everything that is checked of `data` of one type, compiled once. */
export interface DataReader {
  readonly definition: EventDefinition;
  /** The first fault, with a path that begins with `data`. `now` is the hour in Europe/London, `YYYY-MM-DDTHH`. */
  check(data: Data, now: string): Fault | undefined;
  /** Path of the first code that no adopted list holds. `data` has passed `check`. */
  unmapped(data: Data, codes: CodeLists): string | undefined;
}

const READERS: ReadonlyMap<string, DataReader> = compileAll();
export const readerOf = (type: string): DataReader | undefined => READERS.get(type);

function compileAll(): ReadonlyMap<string, DataReader> {
  const ajv = new Ajv2020({ strict: true, allErrors: false, verbose: true });
  return new Map(
    EVENT_TYPES.flatMap((type) => {
      const definition = eventDefinition(type);
      return definition === undefined
        ? []
        : [[type, reader(definition, ajv.compile(dataSchemaOf(definition)))] as const];
    }),
  );
}

function reader(definition: EventDefinition, validate: ValidateFunction): DataReader {
  const times = timeCheck(definition);
  const codes = codeCheck(definition);
  const consented = definition.way === 'C';
  const given = { way: definition.way, type: definition.type, domestic: false };
  return {
    definition,
    check(data, now) {
      if (!validate(data)) return explain(definition, validate.errors?.[0] as ErrorObject);
      const untimely = times(data, now);
      if (untimely !== undefined) return { code: 'time-invalid', field: untimely };
      const claim = (consented ? data.shared : data) as Data;
      const fault =
        orderFault(claim) ??
        definition.family.rule(claim, consented ? { ...given, domestic: someDomestic(data) } : given);
      if (fault === undefined) return undefined;
      return { code: fault.code, field: `${consented ? 'data.shared' : 'data'}.${fault.field}` };
    },
    unmapped: codes,
  };
}

/** A year and a day: a longer claim says nothing of when. */
const MAX_DAYS = 366;
/** `occurredTo` is inclusive, in the form of `occurredFrom`, not before it, and within {@link MAX_DAYS} of it. */
function orderFault(claim: Data): Fault | undefined {
  const from = claim.occurredFrom as string | undefined;
  const to = claim.occurredTo as string | undefined;
  if (from === undefined || to === undefined || from === to) return undefined;
  return shapeOf(from) !== shapeOf(to) || compareClock(from, to) > 0 || daysSpanned(from, to) > MAX_DAYS
    ? { code: 'time-invalid', field: 'occurredTo' }
    : undefined;
}

const someDomestic = (data: Data): boolean =>
  (data.subjects as readonly Data[]).some(({ domestic }) => domestic === 'yes');
