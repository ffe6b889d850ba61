import { setTimeout as pause } from 'node:timers/promises';
import { analysts, council, countyHub, incident, INCIDENT, police, publishAll } from '../testing/county.ts';
import { expectStatus, told } from '../testing/govern.ts';
import { HOST, type HubUnderTest } from '../testing/running-hub.ts';

interface Told {
  readonly at: string;
  readonly decision: Readonly<Record<string, unknown>>;
  readonly weighed: readonly Readonly<Record<string, unknown>>[];
}
const QUESTION = {
  mode: 'count',
  purpose: 'sv-needs-assessment',
  types: [INCIDENT],
  fields: ['category'],
  place: 'district',
  time: 'month',
};

describe('explaining a decision', () => {
  let hub: HubUnderTest;
  const explain = (body: unknown, agency = analysts.agency, role: 'signatory' | 'analyst' = 'analyst') =>
    hub.as(agency, role).call('POST', '/v1/decisions/explain', body);
  const explained = async (
    body: unknown,
    ...who: Parameters<typeof explain> extends [unknown, ...infer W] ? W : never
  ) => expectStatus(await explain(body, ...who), 200).json<Told>();

  beforeAll(async () => {
    hub = await countyHub();
    await publishAll(
      hub,
      Array.from({ length: 12 }, () => incident()),
    );
    const body = { definition: 'police-incidents@1', period: '2024-01' };
    expectStatus(await hub.as(HOST, 'steward').call('POST', '/v1/releases', body), 201);
  }, 60_000);
  afterAll(() => hub.close());

  it('says what the question itself is then answered, and under which clause', async () => {
    const asked = await hub
      .as(analysts.agency, 'analyst')
      .call('GET', '/v1/releases/police-incidents@1.2024-01.v1/table?rows=category&purpose=sv-needs-assessment');
    const { sharing } = expectStatus(asked, 200).json<{ sharing: { agreements: unknown[]; obligations: unknown[] } }>();
    const { decision, weighed } = await explained(QUESTION);
    expect(sharing.agreements).toMatchObject([{ id: 'county-counts', clauses: ['7.1'] }]);
    expect(decision).toMatchObject({ kind: 'permit', views: [{ id: 'county-counts', clauses: ['7.1'], labels: [] }] });
    expect(decision['obligations']).toEqual(sharing.obligations);
    expect(weighed).toMatchObject([{ clause: '7.1', publisher: police.agency, fits: true }]);
  });

  it('says why not, in words, with what would have to exist and what is left', async () => {
    const { decision, weighed } = await explained({ ...QUESTION, place: 'lsoa' });
    expect(decision).toMatchObject({
      kind: 'refuse',
      rule: 'place-too-fine',
      meaning: 'The grant covers coarser places only.',
      missing: ['place:lsoa'],
      alternatives: ['anonymous', 'confidence-consent'],
    });
    expect(weighed).toMatchObject([{ fits: false, grant: { rule: 'place-too-fine' } }]);
    const evaluation = await explained({ ...QUESTION, purpose: 'evaluation' });
    expect(evaluation.decision).toMatchObject({ rule: 'purpose-not-granted' });
  });

  it('is for one’s own agency: others’ clauses are told to nobody', async () => {
    const { decision, weighed } = await explained(QUESTION, council.agency);
    expect(decision).toMatchObject({ kind: 'refuse', rule: 'not-a-party' });
    expect(weighed).toEqual([]);
  });

  it('decides for whichever role would ask, whoever explains, as the question itself would be', async () => {
    expect((await explained(QUESTION, analysts.agency, 'signatory')).decision).toMatchObject({ kind: 'permit' });
    const asked = await hub
      .as(police.agency, 'publisher')
      .call('GET', '/v1/releases/police-incidents@1.2024-01.v1/table?rows=category&purpose=sv-needs-assessment');
    expect(asked.json()).toMatchObject({ rule: 'role-not-held', missing: ['role:analyst'] });
    for (const role of ['publisher', 'practitioner', 'auditor'])
      expect((await explained({ ...QUESTION, role })).decision).toMatchObject({
        kind: 'refuse',
        rule: 'role-not-held',
        missing: ['role:analyst'],
      });
  });

  it('leaves no access record, since nothing is disclosed', async () => {
    const entries = async () =>
      expectStatus(
        await hub.as(HOST, 'auditor').call('GET', `/v1/audit/entries?consumer=${analysts.agency}`),
        200,
      ).json<{ data: { entries: unknown[] } }>().data.entries.length;
    const before = await entries();
    await explained(QUESTION);
    expect(await entries()).toBe(before);
  });

  it('decides as at a time that is over, under the policy of then', async () => {
    const before = new Date().toISOString();
    await pause(5);
    const suspension = `/v1/agreements/county-counts/suspension`;
    const signatory = hub.as(police.agency, 'signatory');
    expectStatus(await signatory.call('POST', suspension, { reason: 'concern' }), 201);
    expect((await explained(QUESTION)).decision).toMatchObject({ rule: 'no-agreement' });
    expect((await explained({ ...QUESTION, at: before })).decision).toMatchObject({ kind: 'permit' });
    expectStatus(await signatory.call('DELETE', suspension), 200);
    expect((await explained(QUESTION)).decision).toMatchObject({ kind: 'permit' });
    // before there was anybody
    const ancient = await explained({ ...QUESTION, at: '2001-01-01T00:00:00Z' });
    expect(ancient).toMatchObject({ at: '2001-01-01T00:00:00.000Z', decision: { rule: 'agency-not-enrolled' } });
  });

  it.each([
    ['a time that is still to come', { at: '2999-01-01T00:00:00Z' }, 'field-invalid', 'at'],
    ['a time that is none', { at: 'yesterday' }, 'field-invalid', 'at'],
    ['a purpose that is none', { purpose: 'immigration' }, 'field-invalid', 'purpose'],
    ['a type that is none', { types: ['uk.svd.police.rumour.v1'] }, 'field-invalid', 'types'],
    ['no type', { types: [] }, 'field-invalid', 'types'],
    ['a subject', { subject: '4f2a' }, 'field-not-allowed', undefined],
  ])('refuses %s', async (_, changes, code, field) => {
    const answer = await explain({ ...QUESTION, ...changes });
    expect(told(answer)).toEqual([422, code]);
    expect(answer.json()['field']).toBe(field);
  });
});
