import { Problem, streamName, type AgencyId, type Json } from '#kernel';
import { AdoptPack, AdoptPackHandler, OfferPack, OfferPackHandler } from './adopt-pack.ts';
import { EnrolAgency, enrolAgency } from './enrol-agency.ts';
import { PolicyFeed } from './policy-feed.ts';
import { ISSUER, memoryHub, POLICE, someone, type MemoryHub } from './testing/memory-hub.ts';

const HOST = 'county-host' as AgencyId;
const codes = (version: string, title = 'Codes'): Json => ({
  kind: 'codes',
  version,
  title,
  source: 's',
  licence: 'l',
  lists: {},
});
const offer = ({ ports, feed }: MemoryHub, version: string, title?: string, agency = HOST) =>
  new OfferPackHandler(ports, feed).execute(
    new OfferPack(someone(agency, 'steward'), 'codes', version, codes(version, title)),
  );
const adopt = ({ ports, feed }: MemoryHub, version: string, digest?: string, agency = HOST) =>
  new AdoptPackHandler(ports, feed).execute(new AdoptPack(someone(agency, 'steward'), 'codes', version, digest));

/** With the host enrolled: in that capacity until the day, or for good. */
async function hostedHub(to?: string): Promise<MemoryHub> {
  const hub = await memoryHub();
  const capacities = [{ capacity: 'host' as const, from: '2023-01-31', ...(to === undefined ? {} : { to }) }];
  const by = { issuer: 'host', person: 'command-line', agency: HOST };
  const enrolment = { agency: HOST, name: 'Host', issuers: [ISSUER], capacities };
  await enrolAgency(hub.ports, hub.feed, new EnrolAgency(by, enrolment));
  return hub;
}
/** Another process on the same files, which has seen them as they are now. */
async function another({ ports }: MemoryHub): Promise<MemoryHub> {
  const feed = new PolicyFeed(ports);
  await feed.confirmed();
  return { ports, feed };
}
const codeOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : error),
  );

describe('a pack', () => {
  it('is the host’s to offer and to adopt, on the days on which it is the host', async () => {
    const hub = await hostedHub();
    expect(await codeOf(offer(hub, 'c', 'Codes', POLICE))).toBe('host-required');
    expect(await codeOf(offer(hub, 'c'))).toBe('done');
    expect(await codeOf(adopt(hub, 'c', undefined, POLICE))).toBe('host-required');
    expect(await codeOf(adopt(hub, 'c'))).toBe('done');
    expect((await hub.feed.confirmed()).packs.codes?.version).toBe('c');
    expect(await codeOf(offer(await hostedHub('2026-11-22'), 'c'))).toBe('host-required');
    expect(await codeOf(offer(await hostedHub('2026-11-23'), 'c'))).toBe('done');
  });

  it('has one content under a version, in whichever process it is offered', async () => {
    const hub = await hostedHub();
    const other = await another(hub);
    const [first, second] = await Promise.all([codeOf(offer(hub, 'c', 'One')), codeOf(offer(other, 'c', 'Other'))]);
    expect([first, second].sort()).toEqual(['already-exists', 'done']);
    const again = [await codeOf(offer(hub, 'c', 'One')), await codeOf(offer(other, 'c', 'Other'))];
    expect(again).toEqual([first, second]);
  });

  it('stays offered when the process ends, and says nothing of who holds which role', async () => {
    const hub = await hostedHub();
    const { digest } = await offer(hub, 'c');
    const restarted = { ports: hub.ports, feed: new PolicyFeed(hub.ports) };
    expect(await codeOf(adopt(restarted, 'c', '0'.repeat(64)))).toBe('already-exists');
    expect(await adopt(restarted, 'c', digest)).toEqual({ kind: 'codes', version: 'c', digest });
    for await (const batch of hub.ports.log.readStream(streamName('pack:codes')))
      for (const { stored } of batch) expect(Buffer.from(stored).toString()).not.toContain('roles');
  });

  it('is not adopted over one that its steward has not seen', async () => {
    const hub = await hostedHub();
    for (const version of ['a', 'b']) await offer(hub, version);
    const other = await another(hub);
    await adopt(hub, 'a');
    // confirmed within the last moments, so that it does not look again
    expect(await codeOf(adopt(other, 'b'))).toBe('conflict');
    expect((await other.feed.confirmed()).packs.codes?.version).toBe('a');
    expect(await codeOf(adopt(other, 'b'))).toBe('done');
    expect(await codeOf(adopt(other, 'unheard-of'))).toBe('not-found');
  });

  it('is adopted though another is offered meanwhile', async () => {
    const hub = await hostedHub();
    await offer(hub, 'a');
    const other = await another(hub);
    await offer(hub, 'b');
    expect(await codeOf(adopt(other, 'a'))).toBe('done');
  });
});
