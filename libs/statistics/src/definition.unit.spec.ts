import { eventDefinition, type ValueType } from '#contracts';
import { DEFINITIONS, definitionId, definitionOf, dimensionsOf, type FieldDimension } from './definition.ts';
import { definition, period } from './testing/county.ts';

/** Codes, or names of lists, that the registry gives a field. */
function registered(type: ValueType): readonly string[] {
  switch (type.kind) {
    case 'enumeration':
      return type.values;
    case 'code':
      return [type.list];
    case 'coded':
      return Object.values(type.lists);
    case 'list':
      return registered(type.of);
    case 'object': {
      const code = type.members['code'];
      return code === undefined ? [] : registered(code.type);
    }
    default:
      return [];
  }
}
const named = ({ codes }: FieldDimension) => ('lists' in codes ? codes.lists : codes);
const names = (id: string, text: string) => dimensionsOf(definition(id), period(text)).map((one) => one.name);

describe('release definitions', () => {
  it('are found by name and version', () => {
    expect(DEFINITIONS.map(definitionId)).toEqual([
      'police-incidents@1',
      'ed-attendances@1',
      'police-profiles@1',
      'ed-profiles@1',
      'school-exclusions@1',
      'prison-releases@1',
    ]);
    for (const one of DEFINITIONS) expect(definitionOf(definitionId(one))).toBe(one);
    expect(['police-incidents', 'police-incidents@2', 'constructor', ''].map(definitionOf)).toEqual(
      Array(4).fill(undefined),
    );
  });

  it.each(DEFINITIONS.map((one) => [definitionId(one), one] as const))('%s says what the registry says', (_, one) => {
    for (const type of one.types) {
      const event = eventDefinition(type);
      expect(event?.way).toBe(one.model === 'incidents' ? 'P' : 'D');
      for (const dimension of one.fields) {
        const use = event?.fields.get(dimension.field)?.use;
        expect([dimension.field, use && [...registered(use.type)].sort()]).toEqual([
          dimension.field,
          [...named(dimension)].sort(),
        ]);
        expect([dimension.field, dimension.finest]).toEqual([dimension.field, use?.tabulate]);
      }
    }
  });

  it('offer no dimension finer than they hold', () => {
    expect(names('police-incidents@1', '2024-01').slice(0, 6)).toEqual([
      'place.lsoa',
      'place.ward',
      'place.district',
      'place.csp',
      'place.force',
      'period.month',
    ]);
    expect(names('police-incidents@1', '2024-01')).not.toContain('period.quarter');
    expect(names('police-incidents@1', '2024')).toEqual(
      expect.arrayContaining(['period.month', 'period.quarter', 'period.year']),
    );
    expect(names('prison-releases@1', '2024')).not.toContain('period.month');
    expect(names('prison-releases@1', '2024')).not.toContain('place.lsoa');
    expect(names('prison-releases@1', '2024-01')).toEqual([]);
    expect(names('school-exclusions@1', '2024-Q1')).toEqual([]);
    expect(names('school-exclusions@1', '2024')).toEqual(expect.arrayContaining(['term', 'period.year', 'reason']));
  });

  it('keep the grain after the mark', () => {
    expect(names('police-profiles@1', '2024-01')).not.toContain('domestic');
    expect(names('police-profiles@1', '2024-Q1')).toContain('domestic');
    expect(names('police-profiles@1', '2024-Q1')).not.toContain('ethnicity5');
    expect(names('police-profiles@1', '2024')).toContain('ethnicity5');
  });
});
