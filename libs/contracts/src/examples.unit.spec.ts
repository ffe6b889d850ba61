import { readdirSync } from 'node:fs';
import { canonicalJson, parseStrictJson, sha256 } from '#kernel';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { dataSchemaOf } from './json-schema.ts';
import { eventSchema } from './envelope.ts';
import { EVENT_TYPES, eventDefinition } from './registry.ts';
import { readSample, sampleOf } from './testing/event-samples.ts';

const FILES = readdirSync(new URL('../examples/', import.meta.url)).map((file) => file.replace(/\.json$/, ''));

describe('committed examples', () => {
  it('has one of every type and of a correction', () => {
    expect([...FILES].sort()).toEqual([...EVENT_TYPES, 'uk.svd.police.incident-recorded.v1.correction'].sort());
  });

  it.each(FILES)('%s is read, or lacks only a recorded consent', (file) => {
    const sample = sampleOf(file);
    const reading = readSample(sample);
    if (sample.basis === 'consented') {
      expect(reading).toEqual({ outcome: 'reject', code: 'consent-missing', field: 'consentref', id: sample.id });
      return;
    }
    if (reading.outcome !== 'event') throw new Error(JSON.stringify(reading));
    const written = Buffer.from(reading.event.canonical).toString('utf8');
    expect(written).toBe(canonicalJson(sample));
    expect(reading.event.digest).toBe(sha256(written));
    expect(parseStrictJson(written)).toEqual({ ok: true, value: sample, canonical: true });
    expect(reading.event.corrects).toEqual(sample.data.corrects);
    expect(reading.event.way).toBe(eventDefinition(sample.type)?.way);
  });

  it.each(EVENT_TYPES)('%s fits the schema of the whole event', (type) => {
    const definition = eventDefinition(type);
    if (definition === undefined) throw new Error(type);
    const ajv = new Ajv2020({ strict: true, formats: { 'date-time': true } });
    const validate = ajv.compile(eventSchema(definition, dataSchemaOf(definition)));
    expect(validate(sampleOf(type))).toBe(true);
    expect(validate({ ...sampleOf(type), subject: 'x' })).toBe(false);
  });
});
