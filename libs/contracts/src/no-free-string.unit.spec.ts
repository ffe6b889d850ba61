import type { Json } from '#kernel';
import { eventDefinition, eventTypesOf } from './registry.ts';
import { readSample, sampleOf, type Sample } from './testing/event-samples.ts';
import type { ValueType } from './values.ts';

const NAMES = [
  ...[
    'john-smith',
    'SMITH',
    'Smith',
    'smith',
    'JS',
    'O Brien',
    "O'Brien",
    'John Smith',
    'Śmith',
    'John_Smith',
    'smith85',
    'SMITH1985',
    '1985-smith',
  ],
  ...[
    'CV1 2AB',
    'CV12AB',
    '4857773456',
    '943 476 5919',
    'john@example.org',
    '07700900123',
    'AB12CDE',
    'A123456789012',
    '',
    ' ',
    'unknown Smith',
  ],
  ...[
    '2024-01-13 Smith',
    '2024-01-13/smith',
    'E01009450 Smith',
    'urn:svd:agency:smith',
    '9434765919',
    '19840203',
    '9434765919-19840203',
    '943-476-5919--1984-02-03',
    '000000009434765919000019840203',
    'John-Smith_DoB-1984-02-03_NHS-9434765919-xy',
    '__proto__',
    'toString',
    'constructor',
  ],
];
type Path = readonly (string | number)[];

/** Every place of a value that holds a string, with the way there. */
function strings(value: Json, path: Path = []): readonly Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, index) => [index, item] as const)
    : Object.entries(value);
  return entries.flatMap(([key, item]) => strings(item, [...path, key]));
}
function replaced(sample: Sample, path: Path, text: string): Sample {
  const copy = structuredClone(sample);
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], copy.data);
  (holder as Record<string | number, unknown>)[path.at(-1) ?? ''] = text;
  return copy;
}
function typeAt(type: string, path: Path): ValueType | undefined {
  const [field, ...rest] = path;
  return rest.reduce<ValueType | undefined>(
    (at, key) => {
      if (at?.kind === 'list') return at.of;
      return at?.kind === 'object' ? at.members[String(key)]?.type : at;
    },
    eventDefinition(type)?.fields.get(String(field))?.use.type,
  );
}

describe.each([...eventTypesOf('P'), ...eventTypesOf('D')])('%s', (type) => {
  const sample = sampleOf(type);
  sample.data.corrects = { id: 'f'.repeat(32), reason: 'wrong' };

  it('has every field in its example, so that the walk misses none', () => {
    expect(readSample(sample).outcome).toBe('event');
    expect(Object.keys(sample.data).sort()).toEqual(
      [...(eventDefinition(type)?.fields.keys() ?? []), 'corrects'].sort(),
    );
  });

  it.each(strings(sample.data).map((path) => [path.join('.'), path] as const))('admits no name in %s', (_, path) => {
    for (const name of NAMES) {
      const reading = readSample(replaced(sample, path, name));
      expect(reading.outcome).not.toBe('event');
      // only a code may wait to be mapped: a person has then to adopt it as a code of a list
      if (reading.outcome === 'hold') expect(['code', 'coded']).toContain(typeAt(type, path)?.kind);
      expect(JSON.stringify({ ...reading, event: undefined })).not.toContain('mith');
    }
  });
});
