import type { Role } from '#contracts';
import { analysts, BATCH, council, countyGeography } from '../testing/county.ts';
import {
  adopt,
  agreementBetween,
  bringIntoForce,
  CONSUMER_ROLES,
  enrol,
  expectStatus,
  lawPack,
  PUBLISHER_ROLES,
  told,
  type Party,
} from '../testing/govern.ts';
import { HOST, hubUnderTest, type HubUnderTest } from '../testing/running-hub.ts';

const hospital: Party = { agency: 'north-hospital', capacity: 'health-provider' };
const other: Party = { agency: 'south-hospital', capacity: 'health-provider' };
const ATTENDANCE = 'uk.svd.health.ed-attendance-recorded.v1';
const AREAS = Array.from({ length: 17 }, (_, i) => `E010000${String(i + 1).padStart(2, '0')}`);

/** Counts of attendances; the anonymisation test covers districts. */
const surveillance = (
  place: string,
  id = 'ed-surveillance',
  consumer = analysts,
  publisher = hospital,
): Record<string, unknown> => {
  const base = agreementBetween(id, publisher, consumer, {
    types: [ATTENDANCE],
    fields: ['method', 'locationType'],
    place,
  });
  const principles = ['justifyPurpose', 'onlyWhenNecessary', 'minimumNecessary', 'needToKnow'];
  const others = ['awareOfResponsibilities', 'complyWithLaw', 'dutyToShare', 'informPatients'];
  const tests = base['anonymisationTests'] as Record<string, unknown>[];
  return {
    ...base,
    lawful: { ...(base['lawful'] as object), article9: '9(2)(h)' },
    anonymisationTests: tests.map((test) => ({ ...test, place: 'district' })),
    caldicott: {
      guardian: 'Medical director',
      date: '2026-10-01',
      principles: Object.fromEntries([...principles, ...others].map((name) => [name, 'Met'])),
    },
  };
};
const attendance = ({ agency }: Party, place: string | undefined, n: number, day = '2024-01-13') => ({
  specversion: '1.0',
  id: n.toString(16).padStart(32, '0'),
  source: `urn:svd:agency:${agency}`,
  type: ATTENDANCE,
  datacontenttype: 'application/json',
  basis: 'anonymised',
  schemaversion: '1.0',
  submission: '8c9b2ffd11104a57f8bbf28137ec0954',
  data: {
    site: 'RXX01',
    assaultAt: `${day}T23`,
    method: { code: 'sharp-object', list: 'v3' },
    locationType: 'street',
    place,
    placeConfidence: 'street',
  },
});
/** Nine in each of eight areas, three in each of nine others. */
const attendances = AREAS.flatMap((place, i) =>
  Array.from({ length: i < 8 ? 9 : 3 }, (_, n) => attendance(hospital, place, i * 100 + n)),
);
const codes = {
  kind: 'codes',
  version: 'ed-1',
  title: 'Codes of emergency departments',
  source: 'made for tests',
  licence: 'CC0',
  lists: {
    'ods-site': { title: 'Sites', version: '1', codes: { RXX01: 'North' } },
    'ed-method': { title: 'Methods', version: 'v3', codes: { 'sharp-object': 'Sharp object' } },
  },
};

interface Change {
  readonly changes: readonly string[];
  readonly fields: readonly string[];
  readonly behind: readonly {
    readonly publishers: readonly string[];
    readonly field?: string;
    readonly counts: unknown;
    readonly areas?: readonly { readonly code: string }[];
  }[];
}
interface Report {
  readonly data: {
    readonly changes: readonly Change[];
    readonly log: { readonly changed: unknown; readonly notTold: readonly string[] };
    readonly unused: { readonly grants: readonly { readonly agreement: string; readonly clause: string }[] };
    readonly signature: { readonly refused: boolean; readonly gaps: readonly Record<string, unknown>[] };
  };
  readonly sharing: { readonly disclosureId: string };
}

interface Asked {
  readonly role?: Role;
  readonly id?: string;
  readonly query?: string;
}

describe('a rehearsal', () => {
  let hub: HubUnderTest;
  const rehearse = (agency: string, { role = 'steward', id = 'ed-surveillance', query = '' }: Asked = {}) =>
    hub.as(agency, role).call('POST', `/v1/agreements/${id}/rehearsal${query}`);
  const reportOf = async (agency: string, id = 'ed-surveillance'): Promise<Report> => {
    const answer = expectStatus(await rehearse(agency, { id }), 200);
    const last = answer.text.trimEnd().split('\n').at(-1) ?? '';
    return (JSON.parse(last) as { report: Report }).report;
  };
  const records = async (query: string) => {
    const answer = await hub.as(HOST, 'auditor').call('GET', `/v1/audit/entries?limit=1000&${query}`);
    return expectStatus(answer, 200).json<{ data: { entries: Record<string, unknown>[] } }>().data.entries;
  };
  const ask = (rows: string) =>
    hub
      .as(analysts.agency, 'analyst')
      .call('GET', `/v1/releases/ed-attendances@1.2024-01.v1/table?rows=${rows}&purpose=sv-needs-assessment`);

  beforeAll(async () => {
    hub = await hubUnderTest({
      [hospital.agency]: PUBLISHER_ROLES,
      [other.agency]: PUBLISHER_ROLES,
      [analysts.agency]: [...CONSUMER_ROLES, 'steward'],
      [council.agency]: [...CONSUMER_ROLES, 'steward'],
    });
    for (const { agency, capacity } of [hospital, other, analysts, council]) await enrol(hub, agency, capacity);
    const areas = AREAS.map((lsoa, i) => ({
      lsoa,
      name: `Area ${i + 1}`,
      ward: 'E05000001',
      district: 'E07000001',
    }));
    for (const pack of [lawPack(), codes, { ...countyGeography(), areas }]) await adopt(hub, pack);
    await bringIntoForce(hub, surveillance('district'));
    const published = await hub.as(hospital.agency, 'publisher').call('POST', '/v1/events', attendances, BATCH);
    expectStatus(published, 201);
    const freezing = { definition: 'ed-attendances@1', period: '2024-01' };
    expectStatus(await hub.as(HOST, 'steward').call('POST', '/v1/releases', freezing), 201);
    expectStatus(await ask('place.district'), 200);
    for (let i = 0; i < 9; i++) expectStatus(await ask('place.lsoa'), 403);
    const steward = hub.as(hospital.agency, 'steward');
    const { digest } = (await steward.call('GET', '/v1/agreements/ed-surveillance')).json<{ digest: string }>();
    const match = { 'if-match': `"${digest}"` };
    expectStatus(await steward.call('PUT', '/v1/agreements/ed-surveillance', surveillance('lsoa'), match), 200);
  }, 60_000);
  afterAll(() => hub.close());

  it('of a draft from district to area names the fields and cells that it would add, and the law against it', async () => {
    const { data } = await reportOf(hospital.agency);
    expect(data.changes).toHaveLength(1);
    const [change] = data.changes;
    expect(change).toMatchObject({
      consumer: analysts.agency,
      publishers: [hospital.agency],
      types: [ATTENDANCE],
      fields: ['method', 'locationType'],
      alone: true,
      changes: ['more-finely'],
      now: [{ clause: '7.1', finest: [{ place: 'district', time: 'month' }] }],
      then: [
        {
          finest: [{ place: 'lsoa', time: 'month' }],
          blockedBy: { rule: 'anonymisation-test-too-coarse', alternatives: ['confidence-consent'] },
        },
      ],
      added: [{ place: 'lsoa', time: 'month' }],
    });
    // 8 cells of 9 and 9 of 3: 17, 8 and 9 of them, of 99 rows
    const counts = { cells: { value: 15 }, asNumber: { value: 10 }, asLow: { value: 10 }, rows: { value: 100 } };
    expect(change?.behind.map((one) => [one.field, one.counts])).toEqual([
      [undefined, counts],
      ['method', counts],
      ['locationType', counts],
    ]);
  });

  it('names areas to whose own they are, and to others counts alone', async () => {
    const own = (await reportOf(hospital.agency)).data.changes[0]?.behind[0];
    expect(own?.areas?.map(({ code }) => code)).toEqual(AREAS);
    const granted = (await reportOf(analysts.agency)).data.changes[0]?.behind[0];
    expect(granted).toMatchObject({ counts: { rows: { value: 100 } } });
    expect(granted).not.toHaveProperty('areas');
  });

  it('says which questions of the log would be answered, were it lawful, and which grants nobody used', async () => {
    const { data } = await reportOf(hospital.agency);
    expect(data.log.changed).toEqual([
      {
        consumer: analysts.agency,
        operation: 'releases.table',
        purpose: 'sv-needs-assessment',
        changes: ['answered'],
        blocked: true,
        questions: { value: 10 },
      },
    ]);
    expect(data.unused.grants).toEqual([]);
    await bringIntoForce(hub, {
      ...surveillance('district'),
      id: 'unused-counts',
      purposes: ['sv-strategy'],
      grants: (surveillance('district')['grants'] as object[]).map((one) => ({ ...one, purposes: ['sv-strategy'] })),
    });
    const { unused } = (await reportOf(hospital.agency)).data;
    expect(unused.grants.map(({ agreement, clause }) => `${agreement} ${clause}`)).toEqual(['unused-counts 7.1']);
  });

  it('ends with what refuses signature, and the signature is refused for it', async () => {
    const { signature } = (await reportOf(hospital.agency)).data;
    expect(signature.refused).toBe(true);
    expect(signature.gaps).toMatchObject([{ rule: 'anonymisation-test-too-coarse', field: 'grants.0.place' }]);
    const { digest } = (await hub.as(hospital.agency, 'steward').call('GET', '/v1/agreements/ed-surveillance')).json();
    const signing = await hub
      .as(hospital.agency, 'signatory')
      .call('POST', '/v1/agreements/ed-surveillance/signatures', { digest });
    expect(told(signing)).toEqual([422, 'agreement-incomplete']);
    expect(signing.json()).toMatchObject({ field: 'grants.0.place' });
  });

  it('says how far it is, then the report; as lines or as a page', async () => {
    const lines = expectStatus(await rehearse(hospital.agency), 200);
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    const read = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const progress = read.slice(0, -1).map((line) => line['progress'] as { part: string; percent: number });
    expect(new Set(progress.map(({ part }) => part))).toEqual(new Set(['grants', 'log', 'releases']));
    for (const { percent } of progress) expect(percent % 5).toBe(0);
    expect(Object.keys(read.at(-1) ?? {})).toEqual(['report']);
    const page = expectStatus(await rehearse(hospital.agency, { query: '?format=text' }), 200);
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(page.text).toMatch(/^… grants 0 %\n/);
    expect(page.text).toContain('now:  by district and month, 0 to 7 as low, under anonymous, clause 7.1');
    expect(page.text).toContain('15 cells with rows, 10 as a number, 10 as low; 100 rows behind them');
    expect(page.text).toContain('10 of county-analysts, releases.table for sv-needs-assessment: would be answered');
    expect(page.text).toContain('grants.0.place: anonymisation-test-too-coarse');
    expect(told(await rehearse(hospital.agency, { query: '?format=xml' }))).toEqual([400, 'parameter-invalid']);
  });

  it('is on record, under the built-in agreement, as what it was asked and never as what it found', async () => {
    const { sharing } = await reportOf(hospital.agency);
    const entries = await records('agreement=rehearsal');
    expect(entries.at(-1)).toMatchObject({
      id: sharing.disclosureId,
      operation: 'agreements.rehearse',
      kind: 'disclosure',
      who: { agency: hospital.agency },
      purpose: 'audit',
      question: { agreement: 'ed-surveillance' },
      decision: { kind: 'permit', agreements: [{ id: 'rehearsal', clauses: ['rehearsal'] }] },
      resultHmac: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is for a party’s steward: refused to others, without a word where they may not know of it', async () => {
    const analyst = await rehearse(analysts.agency, { role: 'analyst' });
    expect([...told(analyst), analyst.json()['rule']]).toEqual([403, 'refused', 'role-not-held']);
    const stranger = await rehearse(council.agency);
    const nothing = await rehearse(council.agency, { id: 'no-such-agreement' });
    expect([told(stranger), told(nothing)]).toEqual([
      [404, 'not-found'],
      [404, 'not-found'],
    ]);
    const entries = await records(`consumer=${council.agency}`);
    expect(entries.map(({ question, decision }) => [question, decision])).toEqual([
      [{ agreement: 'ed-surveillance' }, { kind: 'refuse', rule: 'not-a-party' }],
      [{ agreement: 'unknown' }, { kind: 'refuse', rule: 'not-a-party' }],
    ]);
  });

  it('tells of a month’s release nothing to whom years alone are granted', async () => {
    const yearly = surveillance('force', 'yearly', council);
    const grants = (yearly['grants'] as object[]).map((one) => ({ ...one, time: 'year' }));
    await bringIntoForce(hub, { ...yearly, grants });
    const steward = hub.as(hospital.agency, 'steward');
    const { digest } = (await steward.call('GET', '/v1/agreements/yearly')).json<{ digest: string }>();
    const finer = surveillance('district', 'yearly', council);
    const edited = await steward.call('PUT', '/v1/agreements/yearly', finer, { 'if-match': `"${digest}"` });
    expectStatus(edited, 200);
    const counts = async (agency: string) =>
      (await reportOf(agency, 'yearly')).data.changes.flatMap(({ behind }) => behind.map((one) => one.counts));
    const untold = { symbol: 'x', reason: 'not-yours' };
    expect(await counts(council.agency)).toEqual([untold, untold, untold]);
    expect((await counts(hospital.agency))[0]).toMatchObject({ rows: { value: 100 } });
  });

  it('says how far it is in the same steps whether or not there is a release', async () => {
    const police = 'uk.svd.police.incident-recorded.v1';
    const steps: string[][] = [];
    for (const type of [ATTENDANCE, police]) {
      const id = type === police ? 'steps-police' : 'steps-health';
      const base = agreementBetween(id, other, council, { types: [type], fields: [], place: 'lsoa' });
      expectStatus(await hub.as(council.agency, 'steward').call('POST', '/v1/agreements', base), 201);
      const { text } = expectStatus(await rehearse(council.agency, { id }), 200);
      steps.push(text.split('\n').filter((line) => line.includes('"part":"releases"')));
    }
    const [released, unreleased] = steps;
    expect(released).toEqual(['{"progress":{"part":"releases","percent":0}}']);
    expect(unreleased).toEqual(released);
  });

  it('tells whether there is a release to those alone who may ask for one', async () => {
    const type = 'uk.svd.police.incident-recorded.v1';
    const base = agreementBetween('unreleased', hospital, council, { types: [type], fields: [], place: 'lsoa' });
    const grants = (base['grants'] as object[]).map((one) => ({ ...one, publishers: [hospital.agency, other.agency] }));
    const draft = { ...base, parties: [hospital, other, council], grants };
    expectStatus(await hub.as(hospital.agency, 'steward').call('POST', '/v1/agreements', draft), 201);
    const { changes } = (await reportOf(hospital.agency, 'unreleased')).data;
    expect(changes.flatMap(({ behind }) => behind.map((one) => [one.publishers, one.counts]))).toEqual([
      [[hospital.agency], { symbol: 'x', reason: 'no-release' }],
      [[other.agency], { symbol: 'x', reason: 'not-yours' }],
    ]);
  });

  it('tells the writer of a draft nothing of those whom it names and who have signed nothing', async () => {
    const base = agreementBetween('wishful', council, analysts);
    const [grant] = base['grants'] as Record<string, unknown>[];
    const wishful = {
      ...base,
      parties: [council, analysts, hospital],
      grants: [council, analysts].map(({ agency }) => ({
        ...grant,
        id: `for-${agency}`,
        consumer: agency,
        publishers: [hospital.agency],
        types: [ATTENDANCE],
        fields: ['method', 'site'],
        place: 'lsoa',
      })),
    };
    expectStatus(await hub.as(council.agency, 'steward').call('POST', '/v1/agreements', wishful), 201);
    const { changes, log } = (await reportOf(council.agency, 'wishful')).data;
    expect(changes.length).toBeGreaterThan(0);
    for (const { counts } of changes.flatMap(({ behind }) => behind))
      expect(counts).toEqual({ symbol: 'x', reason: 'not-yours' });
    expect([log.changed, log.notTold]).toEqual([[], [analysts.agency]]);
  });

  it('of what every party has signed finds nothing', async () => {
    const { changes, signature } = (await reportOf(hospital.agency, 'unused-counts')).data;
    expect([changes, signature]).toEqual([[], { refused: false, gaps: [] }]);
    expect(told(await rehearse(hospital.agency, { id: 'Not-an-id' }))).toEqual([404, 'not-found']);
  });

  it('never adds the reader’s own rows to another’s, and names no area where the other’s are few', async () => {
    const granted = surveillance('lsoa', 'between-hospitals', hospital, other);
    const tests = (granted['anonymisationTests'] as object[]).map((test) => ({ ...test, place: 'lsoa' }));
    await bringIntoForce(hub, { ...granted, anonymisationTests: tests });
    for (const [party, count] of [
      [hospital, 16],
      [other, 3],
    ] as const) {
      const rows = Array.from({ length: count }, (_, n) => attendance(party, AREAS[count], 10_000 + n, '2024-02-10'));
      expectStatus(await hub.as(party.agency, 'publisher').call('POST', '/v1/events', rows, BATCH), 201);
    }
    const freezing = { definition: 'ed-attendances@1', period: '2024-02' };
    expectStatus(await hub.as(HOST, 'steward').call('POST', '/v1/releases', freezing), 201);
    const both = surveillance('lsoa', 'both-hospitals');
    const grants = (both['grants'] as object[]).map((one) => ({
      ...one,
      publishers: [hospital.agency, other.agency],
      purposes: ['evaluation'],
      fields: [],
    }));
    const draft = { ...both, parties: [hospital, other, analysts], grants };
    expectStatus(await hub.as(hospital.agency, 'steward').call('POST', '/v1/agreements', draft), 201);
    const { changes } = (await reportOf(hospital.agency, 'both-hospitals')).data;
    const behind = changes.flatMap((change) => change.behind);
    const low = { symbol: 'low', reason: 'small-count' };
    expect(behind.map(({ publishers, counts, areas }) => [publishers, counts, areas?.map(({ code }) => code)])).toEqual(
      [
        [[hospital.agency], { cells: low, asNumber: low, asLow: low, rows: { value: 15 } }, [AREAS[16]]],
        [[other.agency], { cells: low, asNumber: low, asLow: low, rows: low }, []],
      ],
    );
  });
});
