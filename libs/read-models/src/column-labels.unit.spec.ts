import { eventDefinition, typeLabelsOf, type EventDefinition } from '#contracts';
import { eventType } from '#kernel';
import { columnLabels, labelsOfColumns } from './column-labels.ts';
import { PROJECTIONS } from './projections.ts';
import { band, field, period, place, publisher, rowModel, type } from './row-model.ts';

const INVOLVEMENT = eventType('uk.svd.police.involvement-recorded.v1');
const CONTACT = eventType('uk.svd.health.ed-contact-recorded.v1');
const INCIDENT = eventType('uk.svd.police.incident-recorded.v1');
const definition = (of: string) => eventDefinition(of) as EventDefinition;

/** Nothing in the hub makes rows of consented events: planted. */
const planted = rowModel(
  'profiles',
  1,
  [INVOLVEMENT, CONTACT],
  [
    publisher,
    type,
    period,
    band,
    place,
    field('timePrecision'),
    field('injury'),
    field('domestic'),
    field('ethnicity5'),
    field('outcome', 'outcome', 'code'),
    field('severity'),
  ],
);
const labelsOfPlanted = (...types: readonly string[]) =>
  Object.fromEntries([...labelsOfColumns(planted, types.map(definition))].map(([name, labels]) => [name, [...labels]]));

describe('the labels of a column', () => {
  it('of place and profile events are none of a person', () => {
    for (const { name, reads, columns } of PROJECTIONS) {
      const labels = columnLabels(name, ...reads);
      expect([...labels.keys()]).toEqual(columns.map((column) => column.name));
      for (const of of labels.values()) expect([...of]).toEqual([]);
    }
  });

  it('of consented events are those of all that fills it, and of the type', () => {
    expect(labelsOfPlanted(INVOLVEMENT)).toEqual({
      publisher: ['personal', 'law-enforcement'],
      type: ['personal', 'law-enforcement'],
      period: ['personal', 'law-enforcement'],
      band: ['personal', 'law-enforcement'],
      place: ['personal', 'law-enforcement'],
      timePrecision: ['personal', 'law-enforcement'],
      injury: ['personal', 'patient', 'law-enforcement'],
      domestic: ['personal', 'da', 'law-enforcement'],
      ethnicity5: ['personal', 'special-category', 'law-enforcement'],
      outcome: ['personal', 'law-enforcement'],
      // of another type's field it tells no more than that the event is there
      severity: ['personal', 'law-enforcement'],
    });
    const contact = labelsOfPlanted(CONTACT);
    expect(contact['band']).toEqual(['personal', 'patient', 'hsc-source']);
    expect(contact['place']).toEqual(['personal', 'patient', 'hsc-source']);
    expect(contact['publisher']).toEqual(['personal', 'hsc-source']);
  });

  it('over several types are those of each', () => {
    const both = labelsOfPlanted(INVOLVEMENT, CONTACT);
    expect(both['publisher']).toEqual(['personal', 'hsc-source', 'law-enforcement']);
    expect(both['severity']).toEqual(['personal', 'patient', 'hsc-source', 'law-enforcement']);
  });

  it('are told of no type that the model does not read', () => {
    expect(typeLabelsOf(INVOLVEMENT).size).toBeGreaterThan(0);
    expect(() => columnLabels('profiles', INVOLVEMENT)).toThrow('type-unplaceable');
    expect(() => columnLabels('profiles', INCIDENT)).toThrow('type-unplaceable');
    expect(() => columnLabels('profiles', eventType('uk.svd.police.nobody-knows.v1'))).toThrow('type-unplaceable');
  });
});
