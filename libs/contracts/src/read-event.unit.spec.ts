import { canonicalJson, parseStrictJson, type AgencyId, type Instant, type Json } from '#kernel';
import { CodeLists } from './code-lists.ts';
import { SOURCE_FEEDS } from './envelope.ts';
import { readEvent, readEventValue } from './read-event.ts';
import { change, READ_AT, readSample, sampleAgency, sampleOf, verdict, type Sample } from './testing/event-samples.ts';
import { testCodes } from './testing/test-codes.ts';

const INCIDENT = 'uk.svd.police.incident-recorded.v1';
const PROFILE = 'uk.svd.police.incident-profiled.v1';
const INVOLVEMENT = 'uk.svd.police.involvement-recorded.v1';
const ATTENDANCE = 'uk.svd.health.ed-attendance-recorded.v1';
const EXCLUSION = 'uk.svd.education.exclusion-profiled.v1';
const RELEASE = 'uk.svd.prison.release-profiled.v1';
const police = 'midshire-police' as AgencyId;
const context = { agency: police, codes: testCodes, now: READ_AT };

describe('the envelope', () => {
  it.each<readonly [string, Record<string, Json | undefined>, string]>([
    ['another version', { specversion: '0.3' }, 'envelope-invalid specversion'],
    ['a missing id', { id: undefined }, 'envelope-invalid id'],
    ['an empty id', { id: '' }, 'envelope-invalid id'],
    ['an id that could be a name', { id: 'john-smith' }, 'envelope-invalid id'],
    ['an id that ends in a line feed', { id: `${'a'.repeat(32)}\n` }, 'envelope-invalid id'],
    ['an id that is a number', { id: 12345678 }, 'envelope-invalid id'],
    ['an id that is an NHS number and a date', { id: '9434765919-19840203' }, 'envelope-invalid id'],
    ['an id that is both with more hyphens', { id: '943-476-5919--1984-02-03' }, 'envelope-invalid id'],
    ['an id that is a name', { id: 'John-Smith_DoB-1984-02-03_NHS-9434765919-xy' }, 'envelope-invalid id'],
    ['an id of sixteen digits', { id: '1234567890123456' }, 'envelope-invalid id'],
    ['an id of 31 digits', { id: 'a'.repeat(31) }, 'envelope-invalid id'],
    ['an id of 33 digits', { id: 'a'.repeat(33) }, 'envelope-invalid id'],
    ['an id of 63 digits', { id: 'a'.repeat(63) }, 'envelope-invalid id'],
    ['an id of 32 digits with hyphens', { id: '943-476-5919-1984-02-03-aaaaaaaa' }, 'envelope-invalid id'],
    ['an upper-case id', { id: 'A'.repeat(32) }, 'envelope-invalid id'],
    ['an upper-case UUID', { id: '0B9BA0F2-3A5B-4A56-9A4E-0D7D8B5F2F10' }, 'envelope-invalid id'],
    ['a UUID of another shape', { id: '0b9ba0f2-3a5b-4a56-9a4e0-d7d8b5f2f10' }, 'envelope-invalid id'],
    ['a missing submission', { submission: undefined }, 'envelope-invalid submission'],
    ['an upper-case submission', { submission: 'A'.repeat(32) }, 'envelope-invalid submission'],
    ['another content type', { datacontenttype: 'text/plain' }, 'envelope-invalid datacontenttype'],
    ['another schema version', { schemaversion: '1.1' }, 'envelope-invalid schemaversion'],
    ['an unknown basis', { basis: 'public' }, 'envelope-invalid basis'],
    ['no data', { data: undefined }, 'envelope-invalid data'],
    ['data that is a list', { data: [] }, 'envelope-invalid data'],
    ['data that is null', { data: null }, 'envelope-invalid data'],
    ['an attribute of CloudEvents that is not ours', { subject: 'x' }, 'attribute-unknown'],
    ['a data schema', { dataschema: 'https://example.org' }, 'attribute-unknown'],
    ['data in base64', { data_base64: '' }, 'attribute-unknown'],
    ['a time on an anonymised event', { time: '2024-01-13T15:00:00Z' }, 'attribute-unknown time'],
    ['a consent on an anonymised event', { consentref: 'consent-0001' }, 'attribute-unknown consentref'],
    ['an unregistered type', { type: 'uk.svd.police.incident-recorded.v2' }, 'type-unregistered type'],
    ['a fact of the hub', { type: 'uk.svd.hub.pack-adopted.v1' }, 'type-unregistered type'],
    ['a name of a prototype', { type: 'toString' }, 'type-unregistered type'],
    ['a type that is a number', { type: 1 }, 'envelope-invalid type'],
    ['another basis', { basis: 'consented' }, 'basis-mismatch basis'],
    ["another agency's source", { source: 'urn:svd:agency:eastbridge-council' }, 'source-not-yours source'],
    ['a source that only begins alike', { source: 'urn:svd:agency:midshire-police-two' }, 'source-not-yours source'],
    ['a source with an empty segment', { source: 'urn:svd:agency:midshire-police:' }, 'envelope-invalid source'],
    ['a source with a space', { source: 'urn:svd:agency:midshire-police:John Smith' }, 'envelope-invalid source'],
    ['a source with a name', { source: 'urn:svd:agency:midshire-police:john-smith' }, 'envelope-invalid source'],
    ['a source of two feeds', { source: 'urn:svd:agency:midshire-police:street:ed' }, 'envelope-invalid source'],
    ['a source with a feed and more', { source: 'urn:svd:agency:midshire-police:streets' }, 'envelope-invalid source'],
    ["another agency's feed", { source: 'urn:svd:agency:eastbridge-council:street' }, 'source-not-yours source'],
    ['the source of the hub', { source: 'urn:svd:hub' }, 'source-not-yours source'],
  ])('refuses %s', (_, attributes, said) => {
    const sample: Record<string, Json | undefined> = { ...sampleOf(INCIDENT), ...attributes };
    const sent = Object.fromEntries(Object.entries(sample).filter(([, value]) => value !== undefined));
    const reading = readEvent(JSON.stringify(sent), context);
    expect(verdict(reading)).toBe(said);
    expect('id' in reading).toBe(!('id' in attributes));
  });

  it.each(['', ...SOURCE_FEEDS.map((feed) => `:${feed}`)])('accepts the source of the agency with "%s"', (feed) => {
    const source = `urn:svd:agency:midshire-police${feed}`;
    expect(readEvent(JSON.stringify({ ...sampleOf(INCIDENT), source }), context).outcome).toBe('event');
  });

  it('accepts an id that is a UUID or a digest', () => {
    for (const id of ['0b9ba0f2-3a5b-4a56-9a4e-0d7d8b5f2f10', 'a'.repeat(64), '0f'.repeat(16)]) {
      expect(readEvent(JSON.stringify({ ...sampleOf(INCIDENT), id }), context)).toMatchObject({
        outcome: 'event',
        event: { id },
      });
    }
  });

  it.each(['null', '[]', '1', '"x"'])('refuses %s', (text) => {
    expect(readEvent(text, context)).toEqual({ outcome: 'reject', code: 'envelope-invalid' });
  });

  it('passes on what strict parsing found', () => {
    const text = JSON.stringify(sampleOf(INCIDENT));
    expect(readEvent(text.replace('"basis"', '"id":"x","basis"'), context)).toEqual({
      outcome: 'reject',
      code: 'json-duplicate-key',
    });
    expect(readEvent(text.replace('{', '{"__proto__":{},'), context)).toEqual({
      outcome: 'reject',
      code: 'json-dangerous-key',
    });
    expect(readEvent(Uint8Array.of(0xff), context)).toEqual({ outcome: 'reject', code: 'json-not-utf8' });
  });
});

describe('the form that is stored', () => {
  it('is the very bytes where they were canonical, else their canonical form', () => {
    const bytes = Buffer.from(canonicalJson(sampleOf(INCIDENT)));
    const direct = readEvent(bytes, context);
    const spaced = readEvent(Buffer.from(JSON.stringify(sampleOf(INCIDENT), null, 1)), context);
    const item = parseStrictJson(JSON.stringify([sampleOf(INCIDENT)]));
    const batched = item.ok ? readEventValue((item.value as readonly Json[])[0] ?? null, context) : undefined;
    if (direct.outcome !== 'event' || spaced.outcome !== 'event' || batched?.outcome !== 'event')
      throw new Error('refused');
    expect(direct.event.canonical).toBe(bytes);
    expect(Buffer.from(spaced.event.canonical).equals(bytes)).toBe(true);
    expect(Buffer.from(batched.event.canonical).equals(bytes)).toBe(true);
    expect(new Set([direct.event.digest, spaced.event.digest, batched.event.digest]).size).toBe(1);
  });
});

describe('times', () => {
  const claim =
    (from: Json, to: Json = from, timePrecision: Json = 'date') =>
    (data: Record<string, Json>) =>
      void Object.assign(data, { occurredFrom: from, occurredTo: to, timePrecision });
  it.each<readonly [string, (data: Record<string, Json>) => void, string]>([
    ['31 February', claim('2024-02-31'), 'time-invalid data.occurredFrom'],
    ['an end that does not exist', claim('2024-04-30', '2024-04-31'), 'time-invalid data.occurredTo'],
    ['minutes', claim('2024-01-13T15:30'), 'time-invalid data.occurredFrom'],
    ['a quarter', claim('2024-Q1'), 'time-invalid data.occurredFrom'],
    ['an end before the start', claim('2024-01-13', '2024-01-12'), 'time-invalid data.occurredTo'],
    [
      'an evening before the morning',
      claim('2024-01-13/evening', '2024-01-13/morning', 'part-of-day'),
      'time-invalid data.occurredTo',
    ],
    ['two forms', claim('2024-01-13', '2024-01'), 'time-invalid data.occurredTo'],
    ['another precision than said', claim('2024-01', '2024-01', 'date'), 'time-invalid data.timePrecision'],
    [
      'an outcome in a thirteenth month',
      (data) => void (data.outcome = { code: 'under-investigation', month: '2024-13' }),
      'time-invalid data.outcome.month',
    ],
    ['a number', claim(2024), 'field-invalid data.occurredFrom'],
    ['a span', claim('2024-01-13', '2024-01-15'), 'event'],
    ['a span of 366 days', claim('2023-01-01', '2024-01-01'), 'event'],
    ['a span of 367 days', claim('2023-01-01', '2024-01-02'), 'time-invalid data.occurredTo'],
    ['a span of twelve months', claim('2024-01', '2024-12', 'month'), 'event'],
    ['a span of thirteen months', claim('2023-12', '2024-12', 'month'), 'time-invalid data.occurredTo'],
    ['a span of decades by the hour', claim('1990-01-01T00', '2024-01-01T00'), 'time-invalid data.occurredTo'],
    ['1990', claim('1990-01-01'), 'event'],
    ['1989', claim('1989-12-31'), 'time-invalid data.occurredFrom'],
    ['a date of birth', claim('1984-02-03'), 'time-invalid data.occurredFrom'],
    ['one month', claim('2024-01', '2024-01', 'month'), 'event'],
  ])('%s', (_, edit, said) => expect(change(INCIDENT, edit)).toBe(said));

  it('refuses a day on a profile as too precise, a year as no time', () => {
    expect(change(PROFILE, (data) => (data.occurredFrom = '2024-01-13'))).toBe('too-precise data.occurredFrom');
    expect(change(PROFILE, (data) => (data.occurredFrom = '2024'))).toBe('time-invalid data.occurredFrom');
    expect(change(RELEASE, (data) => (data.date = '2024-03'))).toBe('too-precise data.date');
    expect(change(EXCLUSION, (data) => (data.start = '2023-11-07'))).toBe('too-precise data.start');
    expect(change(EXCLUSION, (data) => (data.start = '2023-25/autumn'))).toBe('time-invalid data.start');
    expect(change(ATTENDANCE, (data) => (data.assaultAt = '2024-01-13'))).toBe('time-invalid data.assaultAt');
  });
});

describe('what lies ahead', () => {
  // a quarter past nine in the evening in London, an hour behind in UTC
  const summer = '2024-06-30T20:15:00.000Z' as Instant;
  const claim = (from: string, to: string, timePrecision: string) => (data: Record<string, Json>) => {
    delete data.outcome;
    Object.assign(data, { occurredFrom: from, occurredTo: to, timePrecision });
  };
  it.each<readonly [string, string, string, string, string]>([
    ['hour', '2024-06-30T21', '2024-06-30T21', 'event', 'this hour'],
    ['hour', '2024-06-30T22', '2024-06-30T22', 'time-invalid data.occurredFrom', 'the next hour'],
    ['hour', '2024-06-30T21', '2024-06-30T22', 'time-invalid data.occurredTo', 'into the next hour'],
    ['part-of-day', '2024-06-30/evening', '2024-06-30/evening', 'event', 'this part of the day'],
    ['part-of-day', '2024-07-01/night', '2024-07-01/night', 'time-invalid data.occurredFrom', 'the next part'],
    ['date', '2024-06-30', '2024-06-30', 'event', 'today'],
    ['date', '2024-07-01', '2024-07-01', 'time-invalid data.occurredFrom', 'tomorrow'],
    ['date', '2024-06-29', '2024-07-01', 'time-invalid data.occurredTo', 'until tomorrow'],
    ['month', '2024-06', '2024-06', 'event', 'this month'],
    ['month', '2024-07', '2024-07', 'time-invalid data.occurredFrom', 'the next month'],
    ['month', '2024-06', '2024-07', 'time-invalid data.occurredTo', 'until the next month'],
    ['date', '2099-12-31', '2099-12-31', 'time-invalid data.occurredFrom', 'another century'],
  ])('is refused of an incident: %s %s to %s is %s (%s)', (precision, from, to, said) => {
    expect(change(INCIDENT, claim(from, to, precision), summer)).toBe(said);
  });

  it('goes by the clock in London', () => {
    const at = (now: string) => change(INCIDENT, claim('2024-07-01', '2024-07-01', 'date'), now as Instant);
    expect(at('2024-06-30T22:59:59.999Z')).toBe('time-invalid data.occurredFrom');
    expect(at('2024-06-30T23:00:00.000Z')).toBe('event');
  });

  it('is refused in every field that holds a time', () => {
    const outcome = (month: string) => (data: Record<string, Json>) =>
      void (data.outcome = { code: 'under-investigation', month });
    expect(change(INCIDENT, outcome('2024-07'), summer)).toBe('time-invalid data.outcome.month');
    expect(change(INCIDENT, outcome('2024-06'), summer)).toBe('event');
    const profile = (month: string) => (data: Record<string, Json>) =>
      void Object.assign(data, { occurredFrom: month, occurredTo: month });
    expect(change(PROFILE, profile('2024-07'), summer)).toBe('time-invalid data.occurredFrom');
    expect(change(ATTENDANCE, (data) => (data.assaultAt = '2024-07-01/night'), summer)).toBe(
      'time-invalid data.assaultAt',
    );
    const release = (date: string) => change(RELEASE, (data) => (data.date = date), summer);
    expect(['2024-Q2', '2024-Q3'].map(release)).toEqual(['event', 'time-invalid data.date']);
    const exclusion = (start: string) => change(EXCLUSION, (data) => (data.start = start), summer);
    expect(['2023-24/summer', '2024-25/autumn', '2024-25/spring'].map(exclusion)).toEqual([
      'event',
      'time-invalid data.start',
      'time-invalid data.start',
    ]);
  });

  it('is what a planned release is about, and no other consented event', () => {
    const on = (type: string, date: string) =>
      change(type, (_, sample) => (((sample.data.subjects as Record<string, Json>[])[0] ?? {}).date = date), summer);
    expect(on('uk.svd.prison.release-planned.v1', '2024-07-01')).toBe('consent-missing consentref');
    expect(on('uk.svd.prison.release-recorded.v1', '2024-07-01')).toBe('time-invalid data.subjects.date');
    expect(on('uk.svd.prison.release-recorded.v1', '2024-06-30')).toBe('consent-missing consentref');
    const at = (time: string) => change(INVOLVEMENT, (_, sample) => (sample.time = time), summer);
    expect(['2024-06-30T20:15:00Z', '2024-06-30T20:15:01Z', '1984-02-03T00:00:00Z'].map(at)).toEqual([
      'consent-missing consentref',
      'time-invalid time',
      'time-invalid time',
    ]);
  });
});

describe('coarsening', () => {
  const evening = {
    occurredFrom: '2024-01-13/evening',
    occurredTo: '2024-01-13/evening',
    timePrecision: 'part-of-day',
  };
  it.each<readonly [string, Record<string, Json>, string]>([
    ['a dwelling at LSOA', { locationType: 'dwelling', ...evening }, 'too-precise data.place'],
    ['a dwelling at the hour', { locationType: 'dwelling', place: 'E07999001' }, 'too-precise data.occurredFrom'],
    [
      'a dwelling by district and part of the day',
      { locationType: 'dwelling', place: 'E07999001', ...evening },
      'event',
    ],
    ['a dwelling at an unknown place', { locationType: 'dwelling', place: 'unknown', ...evening }, 'event'],
    [
      'a sexual offence at LSOA',
      { offenceCode: { code: 'sexual-offences', list: '2018' }, ...evening },
      'too-precise data.place',
    ],
    [
      'a sexual offence at the hour',
      { offenceCode: { code: 'sexual-offences', list: '2018' }, place: 'W06000001' },
      'too-precise data.occurredFrom',
    ],
    [
      'a sexual offence by its class',
      { offenceCode: { code: '17A', list: '2018' }, place: 'unknown', ...evening },
      'too-precise data.offenceCode.code',
    ],
    [
      'a sexual offence by its subgroup',
      { offenceCode: { code: 'rape', list: '2018' }, place: 'unknown', ...evening },
      'too-precise data.offenceCode.code',
    ],
    [
      'a sexual offence by its group',
      { offenceCode: { code: 'sexual-offences', list: '2018' }, place: 'E08999001', ...evening },
      'event',
    ],
    ['an LSOA in Wales', { place: 'W01999001' }, 'event'],
    ['a county', { place: 'E10000001' }, 'field-invalid data.place'],
    ['a postcode', { place: 'CV1 2AB' }, 'field-invalid data.place'],
    ['a flag without its method', { flagMethod: null, knifeOrSharp: 'possessed' }, 'field-invalid data.flagMethod'],
  ])('%s', (_, changes, said) => expect(change(INCIDENT, (data) => void Object.assign(data, changes))).toBe(said));

  it('wants the method of a flag, and none without a flag', () => {
    const without = (knifeOrSharp: string) =>
      change(INCIDENT, (data) => (delete data.flagMethod, (data.knifeOrSharp = knifeOrSharp)));
    expect(['used', 'threatened', 'possessed'].map(without)).toEqual(Array(3).fill('field-missing data.flagMethod'));
    expect(['no', 'unknown'].map(without)).toEqual(['event', 'event']);
  });

  it('holds on profiles: subgroup or group, district, sharp or other', () => {
    const offence = (code: string) => change(PROFILE, (data) => (data.offenceCode = { code, list: '2018' }));
    expect(['8N', '17A', 'rape', 'other-sexual-offences'].map(offence)).toEqual(
      Array(4).fill('too-precise data.offenceCode.code'),
    );
    expect(['robbery', 'sexual-offences'].map(offence)).toEqual(['event', 'event']);
    expect(change(PROFILE, (data) => (data.place = 'E01999001'))).toBe('too-precise data.place');
    expect(
      change(EXCLUSION, (data) => (data.school = { phase: 'primary', type: 'academy', district: 'E01999001' })),
    ).toBe('too-precise data.school.district');
    expect(change(PROFILE, (data) => (data.weapon = 'firearm'))).toBe('field-invalid data.weapon');
    expect(change(RELEASE, (data) => (data.offenceGroup = 'sexual'))).toBe('field-invalid data.offenceGroup');
    expect(change(RELEASE, (data) => (data.status = 'confirmed'))).toBe('field-invalid data.status');
  });

  it('holds in an emergency department: a dwelling by district', () => {
    expect(change(ATTENDANCE, (data) => (data.locationType = 'dwelling'))).toBe('too-precise data.place');
    expect(
      change(ATTENDANCE, (data) => void Object.assign(data, { locationType: 'dwelling', place: 'E07999001' })),
    ).toBe('event');
  });

  it('holds in the shared part of a consented event, however precise a part may be', () => {
    const at = (changes: Record<string, Json>) =>
      change(INVOLVEMENT, (data) => void (data.shared = { ...(data.shared as object), ...changes }));
    expect(at({})).toBe('consent-missing consentref');
    expect(at({ place: 'E01999001' })).toBe('too-precise data.shared.place');
    expect(at({ locationType: 'street', place: 'E01999001' })).toBe('too-precise data.shared.place');
    expect(at({ offenceCode: { code: 'rape', list: '2018' } })).toBe('too-precise data.shared.offenceCode.code');
    expect(at({ injury: 'minor' })).toBe('field-invalid data.shared.injury');
  });
});

describe('codes', () => {
  it.each<readonly [string, Record<string, Json>, string]>([
    [INCIDENT, { category: 'witchcraft' }, 'data.category'],
    [INCIDENT, { offenceCode: { code: '999Z', list: '2018' } }, 'data.offenceCode.code'],
    [INCIDENT, { outcome: { code: 'forgotten' } }, 'data.outcome.code'],
    [INCIDENT, { flagMethod: { code: 'guess', list: 'v1' } }, 'data.flagMethod.code'],
    [ATTENDANCE, { site: 'RZZ99' }, 'data.site'],
    [EXCLUSION, { reasons: [{ set: 'national', code: 'ZZ', list: '2020' }] }, 'data.reasons.code'],
    [EXCLUSION, { reasons: [{ set: 'national', code: 'BW', list: '2020' }] }, 'data.reasons.code'],
    [RELEASE, { releaseArea: 'pdu-77' }, 'data.releaseArea'],
    [RELEASE, { mentor: { status: 'offered', provider: 'nobody' } }, 'data.mentor.provider'],
  ])('%s waits with %j', (type, changes, field) => {
    const sample: Sample = sampleOf(type);
    Object.assign(sample.data, changes);
    expect(readSample(sample)).toMatchObject({
      outcome: 'hold',
      field,
      reason: 'code-unmapped',
      event: { id: sample.id, type },
    });
  });

  it('waits for everything before a pack is adopted, but never for a fault', () => {
    const sample = sampleOf(INCIDENT);
    const bare = { agency: sampleAgency(sample), codes: CodeLists.none, now: READ_AT };
    expect(readEvent(JSON.stringify(sample), bare)).toMatchObject({ outcome: 'hold', field: 'data.category' });
    sample.data.place = 'nowhere';
    expect(verdict(readEvent(JSON.stringify(sample), bare))).toBe('field-invalid data.place');
  });

  it('refuses a code that is longer than any list may hold, rather than hold it', () => {
    const longest = 'a'.repeat(60);
    expect(change(INCIDENT, (data) => (data.category = longest))).toBe('hold data.category');
    expect(change(INCIDENT, (data) => (data.category = `${longest}a`))).toBe('field-invalid data.category');
    const offence = (code: string) => change(INCIDENT, (data) => (data.offenceCode = { code, list: '2018' }));
    expect([longest, `${longest}a`].map(offence)).toEqual([
      'hold data.offenceCode.code',
      'field-invalid data.offenceCode.code',
    ]);
  });

  it('refuses what is not in the form of a code', () => {
    expect(change(INCIDENT, (data) => (data.category = 'Robbery'))).toBe('field-invalid data.category');
    expect(change(INCIDENT, (data) => (data.offenceCode = { code: '8N' }))).toBe('field-missing data.offenceCode.list');
    expect(change(INCIDENT, (data) => (data.offenceCode = { code: '8N', list: '2018', place: 'x' }))).toBe(
      'field-not-allowed data.offenceCode',
    );
    expect(change(EXCLUSION, (data) => (data.reasons = []))).toBe('field-invalid data.reasons');
  });
});

describe('corrections', () => {
  it('names the corrected event and the reason', () => {
    const corrects = { id: 'b'.repeat(32), reason: 'retracted' };
    const sample = sampleOf(PROFILE);
    sample.data.corrects = corrects;
    expect(readSample(sample)).toMatchObject({ outcome: 'event', event: { corrects } });
    expect(change(PROFILE, (data) => (data.corrects = { ...corrects, reason: 'regretted' }))).toBe(
      'field-invalid data.corrects.reason',
    );
    expect(change(PROFILE, (data) => (data.corrects = { id: corrects.id }))).toBe('field-missing data.corrects.reason');
    expect(change(PROFILE, (data) => (data.corrects = { ...corrects, note: 'x' }))).toBe(
      'field-not-allowed data.corrects',
    );
  });

  it.each(['9434765919-19840203', '943-476-5919--1984-02-03', '1'.repeat(43)])('refuses the id %s', (id) => {
    expect(change(PROFILE, (data) => (data.corrects = { id, reason: 'wrong' }))).toBe('field-invalid data.corrects.id');
  });

  it('refuses an event that corrects itself', () => {
    for (const type of [INCIDENT, PROFILE, INVOLVEMENT])
      expect(change(type, (data, { id = '' }) => (data.corrects = { id, reason: 'wrong' }))).toBe(
        'field-invalid data.corrects.id',
      );
  });
});

describe('consent', () => {
  it('is missing from every consented event, with or without a reference', () => {
    expect(change(INVOLVEMENT, () => undefined)).toBe('consent-missing consentref');
    expect(change(INVOLVEMENT, (_, sample) => delete sample.consentref)).toBe('consent-missing consentref');
    expect(change(INVOLVEMENT, (_, sample) => (sample.time = '2024-01-13T22:10:00Z'))).toBe(
      'consent-missing consentref',
    );
    expect(change(INVOLVEMENT, (_, sample) => (sample.time = '2024-02-31T22:10:00Z'))).toBe('envelope-invalid time');
    expect(change(INVOLVEMENT, (_, sample) => (sample.basis = 'anonymised'))).toBe('basis-mismatch basis');
  });
});
