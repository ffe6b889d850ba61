import fc from 'fast-check';
import { canonicalJson, type AgencyId, type Json } from '#kernel';
import { readEvent } from './read-event.ts';
import { eventDefinition, eventTypesOf } from './registry.ts';
import { anyEvent } from './testing/event-arbitrary.ts';
import { READ_AT, readSample, sampleOf } from './testing/event-samples.ts';
import { testCodes } from './testing/test-codes.ts';

const context = { agency: 'midshire-police' as AgencyId, codes: testCodes, now: READ_AT };
const SOURCE = 'urn:svd:agency:midshire-police:street';
const TYPES = [...eventTypesOf('P'), ...eventTypesOf('D')];
function eventOf(type: string) {
  const definition = eventDefinition(type);
  if (definition === undefined) throw new Error(type);
  return anyEvent(definition, SOURCE);
}

describe.each(TYPES)('any event of %s', (type) => {
  const anEvent = eventOf(type);

  it('is accepted, and its canonical form reads as itself', () => {
    fc.assert(
      fc.property(anEvent, (event) => {
        const reading = readEvent(JSON.stringify(event), context);
        if (reading.outcome !== 'event') throw new Error(JSON.stringify(reading));
        const again = readEvent(reading.event.canonical, context);
        expect(again).toEqual(reading);
        expect(Buffer.from(reading.event.canonical).toString('utf8')).toBe(canonicalJson(event));
        expect(reading.event.data).toEqual(event.data);
      }),
      { numRuns: 150 },
    );
  });

  it('is rejected with one more key anywhere, and the key is not said', () => {
    const key = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `x${text}`);
    fc.assert(
      fc.property(anEvent, key, fc.jsonValue({ maxDepth: 1 }), fc.nat(), (event, name, value, pick) => {
        const copy = structuredClone(event);
        const objects = objectsOf(copy);
        const target = objects[pick % objects.length] ?? copy;
        Object.defineProperty(target, name, { value, enumerable: true });
        const reading = readEvent(JSON.stringify(copy), context);
        expect(reading.outcome).toBe('reject');
        if (reading.outcome === 'reject') expect(reading.field?.split('.') ?? []).not.toContain(name);
      }),
      { numRuns: 100 },
    );
  });
});

describe('hostile input', () => {
  it('never throws and never accepts what was changed into something else', () => {
    const bytes = Buffer.from(canonicalJson(sampleOf('uk.svd.police.incident-recorded.v1')));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        const reading = readEvent(changed, context);
        if (reading.outcome === 'event') expect(Buffer.from(reading.event.canonical).equals(changed)).toBe(true);
        else expect(['reject', 'hold']).toContain(reading.outcome);
      }),
      { numRuns: 2_000 },
    );
  });

  it('accepts no value in the place of any other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.nat(), fc.jsonValue({ maxDepth: 2 }), (type, pick, value) => {
        const sample = sampleOf(type);
        const keys = Object.keys(sample.data);
        const key = keys[pick % keys.length] ?? '';
        fc.pre(JSON.stringify(sample.data[key]) !== JSON.stringify(value));
        sample.data[key] = value as Json;
        // a text that happens to have the form of a code is held
        expect(readSample(sample).outcome).not.toBe('event');
      }),
      { numRuns: 1_000 },
    );
  });
});

function objectsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsOf);
  return Array.isArray(value) ? inner : [value, ...inner];
}
