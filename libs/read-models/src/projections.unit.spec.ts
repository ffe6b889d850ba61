import { eventTypesOf } from '#contracts';
import { eventType, Problem } from '#kernel';
import { claimedTime } from './claimed-time.ts';
import type { Projection } from './projection.ts';
import { columnsOf, PROJECTIONS } from './projections.ts';
import { incidents } from './incidents.ts';
import { profiles } from './profiles.ts';
import { EMERGENCY, exclusion, incident, profile, RELEASE, type Sample } from './testing/sample-facts.ts';

const rowOf = (projection: Projection, { type, agency, data }: Sample): Record<string, unknown> => {
  const row = projection.row({ type: eventType(type), publisher: agency, data });
  return Object.fromEntries(projection.columns.map(({ name }, i) => [name, row[i]]));
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return 'placed';
};

describe('the row of an incident', () => {
  it('says a month where the source has no more', () => {
    expect(rowOf(incidents, incident('a'))).toMatchObject({
      publisher: 'county-police',
      type: 'uk.svd.police.incident-recorded.v1',
      period: '2024-01',
      month: 202401,
      date: undefined,
      hour: undefined,
      band: undefined,
      dayKind: undefined,
      place: 'E01031000',
      category: 'violent-crime',
      offenceCode: undefined,
    });
  });

  it('reads an hour, a code without its list and an outcome without its month', () => {
    const row = rowOf(
      incidents,
      incident('a', {
        occurredFrom: '2024-01-13T15',
        occurredTo: '2024-01-13T15',
        timePrecision: 'hour',
        offenceCode: { code: '10D', list: '2018' },
        outcome: { code: 'under-investigation', month: '2024-02' },
      }),
    );
    expect(row).toMatchObject({
      period: '2024-01',
      date: 20240113,
      hour: 15,
      band: 'after-school',
      dayKind: 'weekend',
      offenceCode: '10D',
      outcome: 'under-investigation',
    });
  });

  it('reads an attendance at an emergency department', () => {
    const row = rowOf(incidents, {
      type: EMERGENCY,
      agency: 'county-hospital',
      id: 'a',
      data: {
        site: 'RJC02',
        assaultAt: '2024-02-05/evening',
        method: { code: 'knife', list: 'v1' },
        locationType: 'street',
        place: 'unknown',
        placeConfidence: 'none',
        arrivalDelay: 'under-2h',
      },
    });
    expect(row).toMatchObject({
      period: '2024-02',
      date: 20240205,
      hour: undefined,
      band: 'evening',
      dayKind: 'weekday',
      site: 'RJC02',
      method: 'knife',
      arrivalDelay: 'under-2h',
      category: undefined,
    });
  });

  it('refuses what it cannot place, with a stable code', () => {
    expect(codeOf(() => rowOf(incidents, incident('a', { knifeOrSharp: 'thrown' })))).toBe('value-unplaceable');
    expect(codeOf(() => rowOf(incidents, incident('a', { offenceCode: 'text' })))).toBe('value-unplaceable');
    expect(codeOf(() => rowOf(incidents, incident('a', { category: 7 })))).toBe('value-unplaceable');
    expect(codeOf(() => rowOf(incidents, incident('a', { occurredFrom: '2024-W02' })))).toBe('time-unplaceable');
    expect(codeOf(() => rowOf(incidents, incident('a', { place: undefined })))).toBe('value-unplaceable');
    expect(codeOf(() => rowOf(incidents, profile('a')))).toBe('type-unplaceable');
  });
});

describe('the row of a profile', () => {
  it('says who in broad terms, by month', () => {
    expect(rowOf(profiles, profile('a', { weapon: 'sharp' }))).toMatchObject({
      period: '2024-01',
      month: 202401,
      place: 'E07000222',
      ageBand: '18-24',
      weapon: 'sharp',
    });
  });

  it('takes term, district and first reason of an exclusion', () => {
    expect(rowOf(profiles, exclusion('a'))).toMatchObject({
      period: '2023-24/autumn',
      month: undefined,
      place: 'E07000222',
      reason: 'OW',
      schoolPhase: 'secondary',
      schoolType: 'academy',
    });
    const local = exclusion('b', { reasons: [{ set: 'local', code: 'BW', list: '2024' }] });
    expect(rowOf(profiles, local)).toMatchObject({ reason: 'local:BW' });
  });

  it('takes quarter and area of a prison release', () => {
    const data = {
      status: 'released',
      date: '2024-Q1',
      releaseType: 'licence',
      releaseArea: 'pdu-01',
      ageBand: '25-30',
      sex: 'male',
      mentor: { status: 'accepted' },
    };
    expect(rowOf(profiles, { type: RELEASE, agency: 'prison', id: 'a', data })).toMatchObject({
      period: '2024-Q1',
      month: undefined,
      place: 'pdu-01',
      status: 'released',
      mentor: 'accepted',
    });
  });
});

describe('the projections', () => {
  it('read every anonymised type, P and D apart', () => {
    expect([...incidents.reads].sort()).toEqual([...eventTypesOf('P')].sort());
    expect([...profiles.reads].sort()).toEqual([...eventTypesOf('D')].sort());
  });

  it('have a column for every field that says something countable', () => {
    expect(PROJECTIONS.map(({ name }) => name)).toEqual(['incidents', 'profiles']);
    expect(columnsOf('incidents')).toContain('band');
    expect(columnsOf('profiles')).not.toContain('hour');
  });
});

describe('a claimed time', () => {
  const cases: [string, string, Partial<ReturnType<typeof claimedTime>>][] = [
    ['2024-01-13T22', '2024-01-13T23', { date: 20240113, hour: undefined, band: 'evening', dayKind: 'weekend' }],
    ['2024-01-13T22', '2024-01-14T02', { date: undefined, hour: undefined, band: undefined, dayKind: 'weekend' }],
    ['2024-01-12T22', '2024-01-13T02', { dayKind: undefined }],
    ['2024-01-08', '2024-01-09', { date: undefined, dayKind: 'weekday' }],
    ['2024-01-08', '2024-01-20', { dayKind: undefined }],
    ['2024-02-29', '2024-03-01', { period: '2024-02', month: 202402, dayKind: 'weekday' }],
    ['2024-01-31/night', '2024-01-31/morning', { date: 20240131, band: undefined, dayKind: 'weekday' }],
  ];
  it.each(cases)('from %s to %s', (from, to, expected) => {
    expect(claimedTime(from, to)).toMatchObject(expected);
  });

  it('has no other form', () => {
    for (const text of ['2024', '2024-13', '2024-01-13T24', '2024-01-13/noonish', '2024-01-13T15:00', '', undefined]) {
      expect(codeOf(() => claimedTime(text, undefined))).toBe('time-unplaceable');
    }
  });
});
