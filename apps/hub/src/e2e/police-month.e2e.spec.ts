import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { policeStreetCsv } from '#connectors';
import { openHub, type ResultLine } from '#transport';
import type { AgencyId } from '#kernel';
import {
  adopt,
  agreementBetween,
  bringIntoForce,
  CONSUMER_ROLES,
  enrol,
  expectStatus,
  lawPack,
  PUBLISHER_ROLES,
  streetCodes,
  type Party,
} from '../testing/govern.ts';
import { DATA, hasData, realGeography, streetFile } from '../testing/real-data.ts';
import { HOST, hubUnderTest, type HubUnderTest } from '../testing/running-hub.ts';

const police: Party = { agency: 'warwickshire-police', capacity: 'specified-authority' };
const analysts: Party = { agency: 'county-analysts', capacity: 'analysis-unit' };
const openData: Party = { agency: 'open-data-desk', capacity: 'analysis-unit' };
const council: Party = { agency: 'rugby-council', capacity: 'specified-authority' };
const key = Buffer.alloc(32, 7);

const describeReal = hasData ? describe : describe.skip;
if (!hasData) process.stdout.write(`skipped: no real extracts at ${DATA}; set SVD_DATA_DIR\n`);

interface Table {
  readonly data: {
    readonly rows: readonly { code: string; label: string }[];
    readonly rowTotals: readonly Record<string, unknown>[];
    readonly columns: readonly { code: string; label: string }[];
    readonly cells: readonly (readonly Record<string, unknown>[])[];
    readonly total: Record<string, unknown>;
  };
  readonly sharing: {
    readonly release: string;
    readonly disclosureId: string;
    readonly agreements: readonly { id: string }[];
  };
}
const shown = (cell: Record<string, unknown> | undefined): unknown => cell?.['value'] ?? cell?.['symbol'];

async function push(
  hub: HubUnderTest,
  input: AsyncIterable<Uint8Array>,
): Promise<{ lines: ResultLine[]; totals: Record<string, unknown> }> {
  const { clientId, secret } = hub.as(police.agency, 'publisher');
  const client = openHub({ url: hub.url, clientId, clientSecret: secret });
  async function* events(): AsyncGenerator<Uint8Array> {
    for await (const reading of policeStreetCsv.read(input, { agency: police.agency as AgencyId, key })) {
      if ('rejected' in reading) throw new Error(`row ${reading.row}: ${reading.rejected.code}`);
      yield reading.event.bytes;
    }
  }
  const lines: ResultLine[] = [];
  const pushing = client.pushNdjson(events());
  for (;;) {
    const next = await pushing.next();
    if (next.done === true) return { lines, totals: { ...next.value } };
    lines.push(next.value);
  }
}

async function policeHub(): Promise<HubUnderTest> {
  const hub = await hubUnderTest({
    [police.agency]: PUBLISHER_ROLES,
    [analysts.agency]: CONSUMER_ROLES,
    [openData.agency]: CONSUMER_ROLES,
    [council.agency]: CONSUMER_ROLES,
  });
  for (const { agency, capacity } of [police, analysts, openData, council]) await enrol(hub, agency, capacity);
  await adopt(hub, lawPack());
  await adopt(hub, streetCodes());
  await adopt(hub, realGeography());
  return hub;
}

describeReal('a real month of street crime', () => {
  let hub: HubUnderTest;
  let release = '';
  const ask = (agency: string, query: string, purpose = 'sv-needs-assessment') =>
    hub.as(agency, 'analyst').call('GET', `/v1/releases/${release}/table?${query}&purpose=${purpose}`);
  const byDistrict = async (agency: string): Promise<Record<string, unknown>> => {
    const { data } = expectStatus(await ask(agency, 'rows=place.district'), 200).json<Table>();
    const shownRows = data.rows.map((row, i): [string, unknown] => [row.label, shown(data.rowTotals[i])]);
    return Object.fromEntries<unknown>([...shownRows, ['all', shown(data.total)]]);
  };

  beforeAll(async () => {
    hub = await policeHub();
  }, 60_000);
  afterAll(() => hub.close());

  it('is refused before an agreement is in force, and nothing is stored', async () => {
    const before = await hub.running.ports.log.head();
    const stream = readFileSync(streetFile());
    await expect(push(hub, Readable.from([stream]))).rejects.toMatchObject({
      code: 'hub-refused',
      field: 'agreement-required',
    });
    expect(await hub.running.ports.log.head()).toBe(before);
  });

  it('is accepted whole, and repeated at the same positions', async () => {
    await bringIntoForce(hub, agreementBetween('street-counts', police, analysts));
    const first = await push(hub, createReadStream(streetFile()));
    expect(first.totals).toEqual({ done: true, accepted: 3882, repeated: 0, quarantined: 0, rejected: 0 });
    const again = await push(hub, createReadStream(streetFile()));
    expect(again.totals).toEqual({ done: true, accepted: 0, repeated: 3882, quarantined: 0, rejected: 0 });
    expect(again.lines.map((line) => line.position)).toEqual(first.lines.map((line) => line.position));
    expect(new Set(first.lines.map((line) => line.position)).size).toBe(3882);
  }, 60_000);

  it('is tabulated from a frozen release under a protected grant', async () => {
    const frozen = await hub
      .as(HOST, 'steward')
      .call('POST', '/v1/releases', { definition: 'police-incidents@1', period: '2024-01' });
    release = expectStatus(frozen, 201).json<{ id: string }>().id;
    expect(release).toBe('police-incidents@1.2024-01.v1');
    expect(await byDistrict(analysts.agency)).toEqual({
      'North Warwickshire': 400,
      'Nuneaton and Bedworth': 1140,
      Rugby: 615,
      'Stratford-on-Avon': 725,
      Warwick: 930,
      Coventry: 20,
      Wolverhampton: 'low',
      'Outside the area': 30,
      Unknown: 15,
      all: 3880,
    });
    const { data } = (await ask(analysts.agency, 'rows=category&where=place.district:E07000222')).json<Table>();
    const warwick = Object.fromEntries(data.rows.map((row, i) => [row.code, shown(data.rowTotals[i])]));
    expect(warwick).toMatchObject({
      'violence-and-sexual-offences': 315,
      'possession-of-weapons': 15,
      robbery: 10,
      'theft-from-the-person': 'low',
    });
  });

  it('is exact under an open grant that cites its licence', async () => {
    await bringIntoForce(hub, agreementBetween('street-open', police, openData, { openness: 'open' }));
    expect(await byDistrict(openData.agency)).toEqual({
      'North Warwickshire': 402,
      'Nuneaton and Bedworth': 1139,
      Rugby: 616,
      'Stratford-on-Avon': 726,
      Warwick: 932,
      Coventry: 18,
      Wolverhampton: 0,
      'Outside the area': 32,
      Unknown: 17,
      all: 3882,
    });
    const { data } = (await ask(openData.agency, 'rows=category&where=place.district:E07000222')).json<Table>();
    const warwick = Object.fromEntries(data.rows.map((row, i) => [row.code, shown(data.rowTotals[i])]));
    expect(warwick).toMatchObject({
      'violence-and-sexual-offences': 317,
      'possession-of-weapons': 13,
      robbery: 11,
      'theft-from-the-person': 2,
    });
  });

  it('refuses for another purpose and to an agency that is no party, and each refusal is on record', async () => {
    const auditor = hub.as(HOST, 'auditor');
    const refusals = async (consumer: string): Promise<string[]> => {
      const answer = expectStatus(await auditor.call('GET', `/v1/audit/entries?consumer=${consumer}&limit=1000`), 200);
      const { data } = answer.json<{ data: { entries: { decision: { kind: string; rule?: string } }[] } }>();
      return data.entries.flatMap(({ decision }) => (decision.kind === 'refuse' ? [decision.rule ?? ''] : []));
    };
    const before = [await refusals(analysts.agency), await refusals(council.agency)];
    const otherPurpose = await ask(analysts.agency, 'rows=place.district', 'evaluation');
    expect(otherPurpose.status).toBe(403);
    expect(otherPurpose.json()).toMatchObject({ type: '/problems/refused', rule: 'purpose-not-granted' });
    const stranger = await ask(council.agency, 'rows=place.district');
    expect(stranger.status).toBe(403);
    expect(stranger.json()).toMatchObject({ type: '/problems/refused', rule: 'not-a-party' });
    expect(await refusals(analysts.agency)).toEqual([...(before[0] ?? []), 'purpose-not-granted']);
    expect(await refusals(council.agency)).toEqual([...(before[1] ?? []), 'not-a-party']);
  });

  it('gives the same answer after a restart', async () => {
    const before = await byDistrict(analysts.agency);
    await hub.restart();
    expect(await byDistrict(analysts.agency)).toEqual(before);
  });
});

describeReal('a month pushed in two halves', () => {
  it('is the whole month once, in either order', async () => {
    const hub = await policeHub();
    try {
      await bringIntoForce(hub, agreementBetween('street-counts', police, analysts));
      const [header = '', ...rows] = readFileSync(streetFile(), 'utf8').trimEnd().split('\r\n');
      const part = (from: number, to: number): Readable =>
        Readable.from([Buffer.from([header, ...rows.slice(from, to)].join('\r\n') + '\r\n')]);
      const second = await push(hub, part(1941, 3882));
      const first = await push(hub, part(0, 1941));
      expect(Number(second.totals['accepted']) + Number(first.totals['accepted'])).toBeLessThanOrEqual(3882);
      const whole = await push(hub, createReadStream(streetFile()));
      const accepted = [second, first, whole].reduce((sum, { totals }) => sum + Number(totals['accepted']), 0);
      expect(accepted).toBe(3882);
      expect(whole.totals['repeated']).toBe(3882 - Number(whole.totals['accepted']));
      const again = await push(hub, createReadStream(streetFile()));
      expect(again.totals).toMatchObject({ accepted: 0, repeated: 3882 });
    } finally {
      await hub.close();
    }
  }, 60_000);
});
