import { readFileSync } from 'node:fs';
import type { AgencyId, Instant, Json } from '#kernel';
import { type EventReading, readEvent } from '../read-event.ts';
import { testCodes } from './test-codes.ts';

type Data = Record<string, Json>;
export type Sample = Record<string, Json> & { type: string; source: string; data: Data };

/** When samples are read: after everything that they claim. */
export const READ_AT = '2026-11-23T12:00:00.000Z' as Instant;
const FOLDER = new URL('../../examples/', import.meta.url);
/** The committed example of a type, a copy that a test may change. */
export const sampleOf = (type: string): Sample =>
  JSON.parse(readFileSync(new URL(`${type}.json`, FOLDER), 'utf8')) as Sample;
export const sampleAgency = (sample: Sample): AgencyId => sample.source.split(':')[3] as AgencyId;

export const readSample = (sample: Sample, now = READ_AT): EventReading =>
  readEvent(JSON.stringify(sample), { agency: sampleAgency(sample), codes: testCodes, now });

/** The data that a field stands in, on P and D; on C the shared part or the first subject's. */
export const partOf = (sample: Sample, standing: 'data' | 'shared' | 'part'): Data =>
  standing === 'data'
    ? sample.data
    : standing === 'shared'
      ? (sample.data.shared as Data)
      : ((sample.data.subjects as readonly Data[])[0] ?? {});

/** Outcome in one word: `event`, `hold <field>`, or `<code> <field>`. */
export function verdict(reading: EventReading): string {
  if (reading.outcome === 'event') return 'event';
  if (reading.outcome === 'hold') return `hold ${reading.field}`;
  return reading.field === undefined ? reading.code : `${reading.code} ${reading.field}`;
}
export const change = (type: string, changes: (data: Data, sample: Sample) => void, now = READ_AT): string => {
  const sample = sampleOf(type);
  changes(sample.data, sample);
  return verdict(readSample(sample, now));
};
