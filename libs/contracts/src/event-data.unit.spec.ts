import type { EventData } from './registry.ts';
import { isEventOf } from './read-event.ts';
import { readSample, sampleOf } from './testing/event-samples.ts';

type Profile = EventData['uk.svd.police.incident-profiled.v1'];
type Exclusion = EventData['uk.svd.education.exclusion-recorded.v1'];

/** The types are inferred from the definitions: each marked line is an error, or the type check fails. */
const profile: Profile = {
  occurredFrom: '2024-01',
  occurredTo: '2024-01',
  place: 'unknown',
  ageBand: '18-24',
  sex: 'other',
};
const mistakes = {
  // @ts-expect-error sex is required on D
  missing: { occurredFrom: '2024-01', occurredTo: '2024-01', place: 'unknown', ageBand: '18-24' } satisfies Profile,
  // @ts-expect-error no such band
  value: { ...profile, ageBand: '18-25' } satisfies Profile,
  // @ts-expect-error refused on D
  refused: { ...profile, locationType: 'street' } satisfies Profile,
  // @ts-expect-error half days are a number on C
  part: { tokens: [], role: 'excluded-pupil', sessions: '3-4' } satisfies Partial<Exclusion['subjects'][number]>,
};

describe('the types of data', () => {
  it('are inferred from the definition', () => expect(Object.keys(mistakes)).toHaveLength(4));

  it('narrow an event that was read', () => {
    const reading = readSample(sampleOf('uk.svd.education.exclusion-profiled.v1'));
    if (reading.outcome !== 'event' || !isEventOf(reading.event, 'uk.svd.education.exclusion-profiled.v1'))
      throw new Error('refused');
    const district: string | undefined = reading.event.data.school?.district;
    expect([district, reading.event.data.reasons[0]?.code]).toEqual(['E07999002', 'OW']);
    expect(isEventOf(reading.event, 'uk.svd.prison.release-profiled.v1')).toBe(false);
  });
});
