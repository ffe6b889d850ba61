import { analysts, council, countyHub, police } from '../testing/county.ts';
import { agreementBetween, bringIntoForce, expectStatus } from '../testing/govern.ts';
import type { HubUnderTest } from '../testing/running-hub.ts';

describe('the register of uses', () => {
  let hub: HubUnderTest;
  beforeAll(async () => {
    hub = await countyHub();
    await bringIntoForce(hub, agreementBetween('council-counts', police, council));
  }, 60_000);
  afterAll(() => hub.close());

  interface Told {
    readonly agreements: readonly { readonly id: string; readonly versions: readonly { readonly status: string }[] }[];
  }
  const statuses = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
    const { agreements } = (await (await fetch(`${hub.url}/v1/register`)).json()) as Told;
    return Object.fromEntries(agreements.map(({ id, versions }) => [id, versions.map(({ status }) => status)]));
  };

  it('follows a suspension, its lifting and an ending at once, and the agreement’s text with it', async () => {
    const other = { 'council-counts': ['in-force'] };
    const guardian = hub.as(police.agency, 'guardian');
    const suspension = '/v1/agreements/county-counts/suspension';
    expectStatus(await guardian.call('POST', suspension, { reason: 'concern' }), 201);
    expect(await statuses()).toEqual({ 'county-counts': ['suspended'], ...other });
    const analyst = hub.as(analysts.agency, 'analyst');
    const { text } = await analyst.call('GET', '/v1/agreements/county-counts/text');
    expect(text).toMatch(/\n11\.5 +Suspensions:\n +- county-police, since .*, for a concern \(concern\)\n/);
    expectStatus(await guardian.call('DELETE', suspension), 200);
    expect(await statuses()).toEqual({ 'county-counts': ['in-force'], ...other });
    const ending = { reason: 'no-longer-needed', scope: 'agreement' };
    const signatory = hub.as(police.agency, 'signatory');
    expectStatus(await signatory.call('POST', '/v1/agreements/county-counts/ending', ending), 201);
    expect(await statuses()).toEqual({ 'county-counts': ['ended'], ...other });
  });
});
