import type { Json } from '#kernel';
import { type Field, WAYS, type Way } from './fields.ts';
import { EVENT_FAMILIES, EVENT_TYPES, eventDefinition, eventTypesOf, fieldLabel, tabulationGrain } from './registry.ts';
import { change, partOf, sampleOf } from './testing/event-samples.ts';

/** The agreed tables, restated: for each field its mark on P, D and C (● allowed, r required, – refused). */
const INTENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  police: {
    category: '●●●',
    offenceCode: '●●●',
    occurredFrom: 'rrr',
    occurredTo: 'rrr',
    timePrecision: 'r–r',
    place: 'rr●',
    placeConfidence: 'r–●',
    lookupVersion: 'r–●',
    locationType: '●–●',
    knifeOrSharp: '●●●',
    flagMethod: '●●●',
    weapon: '●●●',
    domestic: '–●●',
    injury: '●●●',
    subjectRole: '–●r',
    ageBand: '–r●',
    sex: '–r●',
    ethnicity5: '–●●',
    outcome: '●●●',
  },
  education: {
    kind: '–rr',
    start: '–rr',
    sessions: '–●●',
    reasons: '–rr',
    weaponKind: '–rr',
    weaponAct: '–rr',
    setting: '––●',
    school: '–●●',
    ageBand: '–r●',
    sex: '–r●',
    senProvision: '–●●',
    senNeed: '––●',
    careStatus: '–●●',
    subjectRole: '––r',
  },
  health: {
    site: 'rr●',
    assaultAt: 'rr●',
    arrivalDelay: '●–●',
    method: 'rrr',
    locationType: 'r–●',
    place: 'rr●',
    placeConfidence: 'rr●',
    ageBand: '–●●',
    sex: '–●●',
    residence: '–●–',
    policeNotified: '–●–',
    alcoholOrDrug: '–●●',
    disposal: '–●●',
    severity: '–●●',
    navigator: '–●●',
    subjectRole: '––r',
  },
  prison: {
    status: '–rr',
    date: '–rr',
    releaseType: '–r●',
    establishment: '––●',
    releaseArea: '–rr',
    offenceGroup: '–●●',
    timeServed: '–●●',
    ageBand: '–r●',
    sex: '–r●',
    mentor: '–●●',
    healthHandover: '––●',
  },
};
const marks = { required: 'r', allowed: '●' } as const;

describe('the registry', () => {
  it.each(EVENT_FAMILIES)('says of $sector what was agreed', ({ sector, fields }) => {
    const said = Object.entries(fields).map(([name, field]) => [
      name,
      WAYS.map((way) => (field[way] === undefined ? '–' : marks[field[way].need])).join(''),
    ]);
    expect(Object.fromEntries(said)).toEqual(INTENT[sector]);
  });

  it('has eleven types, by way', () => {
    expect(EVENT_TYPES).toHaveLength(11);
    expect(WAYS.map((way) => eventTypesOf(way).length)).toEqual([2, 4, 5]);
    for (const type of EVENT_TYPES) expect(type).toMatch(/^uk\.svd\.[a-z]+\.[a-z]+(-[a-z]+)*\.v1$/);
    expect(eventDefinition('uk.svd.police.nobody-knows.v1')).toBeUndefined();
    expect(eventDefinition('constructor')).toBeUndefined();
  });

  it('labels fields for people', () => {
    expect(fieldLabel('uk.svd.police.incident-recorded.v1', 'knifeOrSharp')).toBe('Knife or sharp object');
    expect(fieldLabel('uk.svd.police.incident-recorded.v1', 'domestic')).toBeUndefined();
  });

  it('carries the grain after which a field may be tabulated', () => {
    expect(tabulationGrain('uk.svd.police.incident-profiled.v1', 'domestic')).toEqual({
      place: 'district',
      time: 'quarter',
    });
    expect(tabulationGrain('uk.svd.police.incident-profiled.v1', 'ethnicity5')).toEqual({
      place: 'district',
      time: 'year',
    });
    expect(tabulationGrain('uk.svd.education.exclusion-profiled.v1', 'senProvision')).toEqual({
      place: 'district',
      time: 'year',
    });
    expect(tabulationGrain('uk.svd.police.incident-profiled.v1', 'sex')).toBeUndefined();
  });
});

type Standing = 'data' | 'shared' | 'part';
type Case = {
  readonly type: string;
  readonly way: Way;
  readonly field: string;
  readonly standing: 'data' | 'shared' | 'part';
};
const each = (pick: (uses: Field, way: Way, field: string) => readonly Standing[]): readonly Case[] =>
  EVENT_FAMILIES.flatMap(({ events, fields }) =>
    events.flatMap(({ type, way }) =>
      Object.entries(fields).flatMap(([field, uses]) =>
        pick(uses, way, field).map((standing) => ({ type, way, field, standing })),
      ),
    ),
  );
const standings = (uses: Field, way: Way): readonly Standing[] => {
  if (way !== 'C') return uses[way] === undefined ? [] : ['data'];
  if (uses.C === undefined) return [];
  return uses.C.stands === 'both' ? ['shared', 'part'] : [uses.C.stands];
};
const refused = each((uses, way) =>
  (way === 'C' ? (['shared', 'part'] as const) : (['data'] as const)).filter(
    (one) => !standings(uses, way).includes(one),
  ),
);
// a role is called `role` in a part, and tested on its own
const needed = each((uses, way, field) =>
  uses[way]?.need === 'required' && field !== 'subjectRole' ? standings(uses, way) : [],
);
const pathOf = ({ standing, field }: Case): string =>
  `${{ data: 'data', shared: 'data.shared', part: 'data.subjects' }[standing]}.${field}`;

describe('every field on every way', () => {
  it.each(refused)('$type refuses $field in $standing', (one) => {
    for (const value of ['unknown', '2024-01', 1, null, {}] as readonly Json[]) {
      const said = change(one.type, (_, sample) => (partOf(sample, one.standing)[one.field] = value));
      expect(said).toBe(`field-not-allowed ${pathOf(one)}`);
    }
  });

  it.each(needed)('$type names a missing $field', (one) => {
    const said = change(one.type, (_, sample) => delete partOf(sample, one.standing)[one.field]);
    expect(said).toBe(`field-missing ${pathOf(one)}`);
  });

  it.each(eventTypesOf('C'))('%s needs a role, a token and a subject', (type) => {
    expect(change(type, (_, sample) => delete partOf(sample, 'part').role)).toBe('field-missing data.subjects.role');
    expect(change(type, (_, sample) => (partOf(sample, 'part').tokens = []))).toBe(
      'field-invalid data.subjects.tokens',
    );
    expect(change(type, (data) => (data.subjects = []))).toBe('field-invalid data.subjects');
    expect(change(type, (data) => delete data.shared)).toBe('field-missing data.shared');
  });
});

const FORBIDDEN = [
  ...[
    'name',
    'surname',
    'dob',
    'dateOfBirth',
    'postcode',
    'address',
    'phone',
    'email',
    'plate',
    'nhs',
    'nhsNumber',
    'upn',
    'pnc',
    'noms',
    'crn',
  ],
  ...[
    'crimeNumber',
    'attendanceNumber',
    'photograph',
    'notes',
    'description',
    'officer',
    'intelligenceGrading',
    'mappa',
    'marac',
    'subjectName',
  ],
];
describe('what is forbidden on every way', () => {
  it.each(EVENT_TYPES)('%s refuses it anywhere, without an echo', (type) => {
    for (const key of FORBIDDEN) {
      expect(change(type, (data) => (data[key] = 'John Smith'))).toBe('field-not-allowed data');
      expect(change(type, (_, sample) => (sample[key] = 'John Smith'))).toBe('attribute-unknown');
      if (sampleOf(type).basis === 'consented') {
        expect(change(type, (_, sample) => (partOf(sample, 'shared')[key] = 'x'))).toBe(
          'field-not-allowed data.shared',
        );
        expect(change(type, (_, sample) => (partOf(sample, 'part')[key] = 'x'))).toBe(
          'field-not-allowed data.subjects',
        );
      }
    }
  });
});
