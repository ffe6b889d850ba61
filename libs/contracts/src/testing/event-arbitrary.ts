import fc from 'fast-check';
import type { Json } from '#kernel';
import { type ClockForm, clockFormOf, PARTS_OF_DAY, SCHOOL_TERMS } from '../clock-time.ts';
import type { EventDefinition } from '../registry.ts';
import { LIST_VERSION, PLACE_PATTERNS, type ValueType } from '../values.ts';
import { testCodes } from './test-codes.ts';

type Data = Record<string, Json>;
const hex = (length: number) =>
  fc.bigInt({ min: 0n, max: 16n ** BigInt(length) - 1n }).map((n) => n.toString(16).padStart(length, '0'));
const matching = (pattern: string) => fc.stringMatching(new RegExp(`^(?:${pattern})$`));
const eventId = fc.oneof(hex(32), hex(64), fc.uuid());
const listVersion = fc.oneof(fc.constant('v1'), matching(LIST_VERSION));
const placeText = {
  lsoa: matching(PLACE_PATTERNS.lsoa),
  district: matching(PLACE_PATTERNS.district),
  unknown: fc.constant('unknown'),
};
const day = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2026-11-22T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const clockText: Readonly<Record<ClockForm, fc.Arbitrary<string>>> = {
  hour: fc
    .tuple(day, fc.integer({ min: 0, max: 23 }))
    .map(([date, hour]) => `${date}T${String(hour).padStart(2, '0')}`),
  'part-of-day': fc.tuple(day, fc.constantFrom(...PARTS_OF_DAY)).map((parts) => parts.join('/')),
  date: day,
  month: day.map((date) => date.slice(0, 7)),
  quarter: day.map((date) => `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`),
  term: fc
    .tuple(fc.integer({ min: 1990, max: 2025 }), fc.constantFrom(...SCHOOL_TERMS))
    .map(([year, term]) => `${year}-${String((year + 1) % 100).padStart(2, '0')}/${term}`),
};

/** Any value of a type, with codes of the test lists. */
export function anyValue(type: ValueType): fc.Arbitrary<Json> {
  switch (type.kind) {
    case 'enumeration':
      return fc.constantFrom(...type.values);
    case 'code':
      return fc.constantFrom(...testCodes.codes(type.list));
    case 'coded':
      return fc.oneof(
        ...Object.entries(type.lists).map(([set, list]) =>
          fc.record({
            ...(set === 'only' ? {} : { set: fc.constant(set) }),
            code: fc.constantFrom(...testCodes.codes(list)),
            list: listVersion,
          }),
        ),
      );
    case 'number':
      return fc.integer({ min: type.min, max: type.max });
    case 'pattern':
      return matching(type.pattern);
    case 'time':
      return fc.oneof(...type.forms.map((form) => clockText[form]));
    case 'place':
      return fc.oneof(
        ...type.forms.map((form) =>
          form === 'delivery-unit' ? fc.constantFrom(...testCodes.codes(form)) : placeText[form],
        ),
      );
    case 'object':
      return members(Object.entries(type.members).map(([name, member]) => [name, member.type, member.required]));
    case 'list':
      return fc.array(anyValue(type.of), { minLength: type.min, maxLength: type.max });
  }
}
const members = (entries: readonly (readonly [string, ValueType, boolean])[]): fc.Arbitrary<Data> =>
  fc.record(Object.fromEntries(entries.map(([name, type]) => [name, anyValue(type)])), {
    requiredKeys: entries.filter(([, , needed]) => needed).map(([name]) => name),
  });

/** Any valid event of an anonymised type, of which nothing lies ahead of `READ_AT`: any values that the registry admits, brought into line with its rules. */
export function anyEvent(definition: EventDefinition, source: string): fc.Arbitrary<Record<string, Json>> {
  const fields = [...definition.fields].map(([name, { use }]) => [name, use.type, use.need === 'required'] as const);
  const corrects = fc.record({
    id: eventId,
    reason: fc.constantFrom('reclassified', 'wrong', 'duplicate', 'retracted'),
  });
  const data = fc
    .tuple(members(fields), fc.option(corrects, { nil: undefined }))
    .map(([own, corrected]) => obeying(definition, corrected === undefined ? own : { ...own, corrects: corrected }));
  return fc
    .record({
      specversion: fc.constant('1.0'),
      id: eventId,
      source: fc.constant(source),
      type: fc.constant(definition.type),
      datacontenttype: fc.constant('application/json'),
      basis: fc.constant(definition.basis),
      schemaversion: fc.constant('1.0'),
      submission: hex(32),
      data,
    })
    .filter(({ id, data: { corrects: corrected } }) => (corrected as { readonly id: string } | undefined)?.id !== id);
}

const SEXUAL = new Set(['17A', 'rape', 'sexual-offences']);
function obeying({ way, family }: EventDefinition, sent: Data): Data {
  if (family.sector === 'health' && sent.locationType === 'dwelling') return { ...sent, place: 'E07999001' };
  if (family.sector !== 'police') return sent;
  const offence = sent.offenceCode as { code: string; list: string } | undefined;
  const sexual = offence !== undefined && SEXUAL.has(offence.code);
  const offenceCode = offence && {
    ...offence,
    code: sexual ? 'sexual-offences' : way === 'D' ? 'violence-with-injury' : offence.code,
  };
  const data = { ...sent, ...(offenceCode === undefined ? {} : { offenceCode }) };
  return way === 'D'
    ? atOneTime(data, sent.occurredFrom as string)
    : obeyingPlace(data, sexual || sent.locationType === 'dwelling');
}
function obeyingPlace(sent: Data, coarse: boolean): Data {
  const from = sent.occurredFrom as string;
  const data = atOneTime({ flagMethod: { code: 'local-flag', list: 'v1' }, ...sent }, coarse ? from.slice(0, 7) : from);
  return {
    ...data,
    timePrecision: clockFormOf(data.occurredFrom as string) ?? null,
    ...(coarse ? { place: 'unknown' } : {}),
  };
}
const atOneTime = (data: Data, time: string): Data => ({ ...data, occurredFrom: time, occurredTo: time });
