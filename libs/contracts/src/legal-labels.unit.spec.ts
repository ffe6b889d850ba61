import { declassify, DECLASSIFIERS, type Declassifier, type DeclassifierName } from './declassify.ts';
import { joined, LEGAL_LABELS, type LegalLabel } from './legal-labels.ts';
import { EVENT_FAMILIES, EVENT_TYPES, eventDefinition, eventTypesOf, labelsOf, typeLabelsOf } from './registry.ts';

const INVOLVEMENT = 'uk.svd.police.involvement-recorded.v1';
const CONTACT = 'uk.svd.health.ed-contact-recorded.v1';
const BOTH = Object.keys(DECLASSIFIERS) as DeclassifierName[];

describe('labels joined', () => {
  it('are every label of every input, once, in the order of the list', () => {
    expect([...joined(['patient', 'da'], new Set<LegalLabel>(['personal', 'da']), [])]).toEqual([
      'personal',
      'patient',
      'da',
    ]);
    expect(joined().size).toBe(0);
    expect([...joined(LEGAL_LABELS)]).toEqual(LEGAL_LABELS);
  });

  it('refuse one that nobody defined', () => {
    const unknown = 'harmless' as LegalLabel;
    expect(() => joined(['personal'], [unknown])).toThrow('label-unknown');
    for (const name of BOTH) expect(() => declassify(name, [unknown])).toThrow('label-unknown');
  });
});

describe('a declassifier', () => {
  it('lowers what it names and leaves the rest', () => {
    expect([...declassify('anonymised-at-source', LEGAL_LABELS)]).toEqual([
      's17-only',
      'exploitation-victim',
      'protected-identity',
      'limited-access',
    ]);
    expect([...declassify('aggregated-under-disclosure-control', LEGAL_LABELS)]).toEqual(['s17-only']);
  });

  it('is one of two', () => {
    expect(BOTH).toEqual(['anonymised-at-source', 'aggregated-under-disclosure-control']);
    for (const name of ['rounded', 'constructor', '']) {
      expect(() => declassify(name as DeclassifierName, ['personal'])).toThrow('declassifier-unknown');
    }
  });

  it.each(BOTH)('%s says its rule, why for each label, and who has confirmed it', (name) => {
    const { rule, lowers, asAt, verified, reviewer }: Declassifier = DECLASSIFIERS[name];
    expect(rule.length).toBeGreaterThan(60);
    expect(LEGAL_LABELS).toEqual(expect.arrayContaining(Object.keys(lowers)));
    for (const why of Object.values(lowers)) expect(why.length).toBeGreaterThan(20);
    expect(asAt).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(verified).toBe(reviewer !== null);
  });

  it.each(BOTH)('%s adds nothing, lowers nothing twice, and never lowers what limits a use', (name) => {
    const once = declassify(name, LEGAL_LABELS);
    expect(declassify(name, once)).toEqual(once);
    expect(declassify(name, ['s17-only'])).toEqual(new Set(['s17-only']));
    expect(declassify(name, []).size).toBe(0);
  });
});

describe('the labels of a field', () => {
  it('on a consented event are its own and those of the type', () => {
    expect([...labelsOf(INVOLVEMENT, 'injury')]).toEqual(['personal', 'patient', 'law-enforcement']);
    expect([...labelsOf(INVOLVEMENT, 'timePrecision')]).toEqual(['personal', 'law-enforcement']);
    expect([...labelsOf(CONTACT, 'site')]).toEqual(['personal', 'patient', 'hsc-source']);
    expect([...labelsOf('uk.svd.prison.release-recorded.v1', 'offenceGroup')]).toEqual([
      'personal',
      'criminal-offence',
      'law-enforcement',
    ]);
    for (const type of eventTypesOf('C')) expect(typeLabelsOf(type)).toContain('personal');
  });

  it('stand on each of its parts', () => {
    expect(labelsOf(INVOLVEMENT, 'offenceCode.code')).toEqual(labelsOf(INVOLVEMENT, 'offenceCode'));
    expect(labelsOf(INVOLVEMENT, 'injury.degree')).toEqual(labelsOf(INVOLVEMENT, 'injury'));
  });

  it('on an anonymised event are what anonymisation at the source leaves', () => {
    for (const type of [...eventTypesOf('P'), ...eventTypesOf('D')]) {
      const labels = eventDefinition(type)?.labels ?? [];
      expect(typeLabelsOf(type)).toEqual(declassify('anonymised-at-source', labels));
      for (const [name, field] of eventDefinition(type)?.fields ?? []) {
        expect(labelsOf(type, name)).toEqual(declassify('anonymised-at-source', joined(labels, field.labels)));
        expect(labelsOf(type, name)).not.toContain('personal');
      }
    }
  });

  it('that the type does not have are those of the type, and of what nobody registered there are none to tell', () => {
    expect(labelsOf(INVOLVEMENT, 'site')).toEqual(typeLabelsOf(INVOLVEMENT));
    for (const field of ['', 'injry', 'constructor', '.injury']) {
      expect(() => labelsOf(INVOLVEMENT, field)).toThrow('labels-unknown');
    }
    for (const type of ['uk.svd.police.nobody-knows.v1', 'constructor']) {
      expect(() => labelsOf(type, 'injury')).toThrow('labels-unknown');
      expect(() => typeLabelsOf(type)).toThrow('labels-unknown');
    }
  });
});

describe('the registry', () => {
  /** `–` in the agreed tables: how a thing was known, of no person by itself. Anything else on C has a label of its own. */
  const BARE: Readonly<Record<string, readonly string[]>> = {
    police: ['timePrecision', 'placeConfidence', 'lookupVersion', 'flagMethod'],
    education: [],
    health: [],
    prison: [],
  };

  it.each(EVENT_FAMILIES)('labels every field of $sector that a consented event has', ({ sector, fields }) => {
    const bare = Object.entries(fields).filter(([, { C, labels }]) => C !== undefined && labels.length === 0);
    expect(bare.map(([name]) => name)).toEqual(BARE[sector]);
  });

  it.each(EVENT_TYPES)('labels %s, and knows every label of it', (type) => {
    const definition = eventDefinition(type);
    expect(definition?.labels).toContain('personal');
    const carried = joined(definition?.labels ?? [], ...[...(definition?.fields.values() ?? [])].map((f) => f.labels));
    expect(LEGAL_LABELS).toEqual(expect.arrayContaining([...carried]));
  });
});
