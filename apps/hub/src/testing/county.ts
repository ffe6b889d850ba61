import { ROLES } from '#contracts';
import {
  adopt,
  agreementBetween,
  bringIntoForce,
  CONSUMER_ROLES,
  enrol,
  lawPack,
  PUBLISHER_ROLES,
  streetCodes,
  type Party,
} from './govern.ts';
import { hubUnderTest, type HubUnderTest } from './running-hub.ts';

/** The people of an invented county: a force that publishes, another that may, one who asks, one who may not. */
export const police: Party = { agency: 'county-police', capacity: 'specified-authority' };
export const cityPolice: Party = { agency: 'city-police', capacity: 'specified-authority' };
export const analysts: Party = { agency: 'county-analysts', capacity: 'analysis-unit' };
export const council: Party = { agency: 'county-council', capacity: 'specified-authority' };

export const INCIDENT = 'uk.svd.police.incident-recorded.v1';

export function countyGeography(version = 'county-1'): { kind: string; version: string } & Record<string, unknown> {
  return {
    kind: 'geography',
    version,
    title: 'An invented county',
    source: 'made for tests',
    licence: 'CC0',
    areas: [
      { lsoa: 'E01000001', name: 'North 1', ward: 'E05000001', district: 'E07000001' },
      { lsoa: 'E01000002', name: 'South 1', ward: 'E05000002', district: 'E07000002' },
    ],
    wards: [
      { code: 'E05000001', name: 'Old Town', district: 'E07000001' },
      { code: 'E05000002', name: 'Mill', district: 'E07000002' },
    ],
    districts: [
      { code: 'E07000001', name: 'North', csp: 'E22000001', force: 'E23000001' },
      { code: 'E07000002', name: 'South', csp: 'E22000001', force: 'E23000001' },
    ],
    csps: [{ code: 'E22000001', name: 'North and South' }],
    forces: [{ code: 'E23000001', name: 'County' }],
  };
}

export interface Incident {
  readonly id?: string;
  readonly agency?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
let made = 0;
/** A place event that the county's packs can place, of January 2024 unless told. */
export const incident = ({ id, agency = police.agency, data = {} }: Incident = {}): Record<string, unknown> => ({
  specversion: '1.0',
  id: id ?? (++made).toString(16).padStart(32, '0'),
  source: `urn:svd:agency:${agency}:incidents`,
  type: INCIDENT,
  datacontenttype: 'application/json',
  basis: 'anonymised',
  schemaversion: '1.0',
  submission: '87b344045569d99121e86ce225b0bc7c',
  data: {
    category: 'robbery',
    occurredFrom: '2024-01',
    occurredTo: '2024-01',
    timePrecision: 'month',
    place: 'E01000001',
    placeConfidence: 'street',
    lookupVersion: 'lsoa21-2024-01',
    ...data,
  },
});

export const EVENT = { 'content-type': 'application/cloudevents+json' };
export const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
export const NDJSON = { 'content-type': 'application/x-ndjson' };

/** The county's hub: everyone enrolled, packs adopted, and unless told otherwise the agreement `county-counts` in force. */
export async function countyHub({ agreement = true } = {}): Promise<HubUnderTest> {
  const hub = await hubUnderTest({
    [police.agency]: ROLES,
    [cityPolice.agency]: PUBLISHER_ROLES,
    [analysts.agency]: [...CONSUMER_ROLES, 'steward'],
    [council.agency]: CONSUMER_ROLES,
  });
  await enrol(hub, police.agency, police.capacity, ROLES);
  for (const { agency, capacity } of [cityPolice, analysts, council]) await enrol(hub, agency, capacity);
  for (const pack of [lawPack(), streetCodes(), countyGeography()]) await adopt(hub, pack);
  if (agreement) await bringIntoForce(hub, agreementBetween('county-counts', police, analysts));
  return hub;
}

/** Publishes these one by one and says what was answered instead when one is not accepted. */
export async function publishAll(hub: HubUnderTest, events: readonly Record<string, unknown>[]): Promise<void> {
  const publisher = hub.as(police.agency, 'publisher');
  const answer = await publisher.call('POST', '/v1/events', events, BATCH);
  if (answer.status !== 201) throw new Error(`expected 201, was ${answer.status}: ${answer.text}`);
}
