import type { AgencyId } from '#kernel';
import { EnrolAgency, enrolAgency } from './enrol-agency.ts';
import { PolicyFeed } from './policy-feed.ts';
import { ANALYSTS, drafting, ISSUER, memoryHub, POLICE, signing } from './testing/memory-hub.ts';

/** What each of several acts at once came to: `done`, or its code. */
const outcomes = async (acts: readonly Promise<unknown>[]): Promise<readonly string[]> => {
  const settled = await Promise.allSettled(acts);
  return settled.map((act) => (act.status === 'fulfilled' ? 'done' : (act.reason as { code: string }).code)).sort();
};

describe('of two people who act at once', () => {
  it('one drafts under an id', async () => {
    const hub = await memoryHub();
    const acts = [drafting(hub, 'counts', 'One'), drafting(hub, 'counts', 'Other')];
    expect(await outcomes(acts)).toEqual(['already-exists', 'done']);
    expect((await hub.feed.confirmed()).agreements.get('counts')?.version).toBe(1);
  });

  it('one edits what both have read', async () => {
    const hub = await memoryHub();
    const { digest } = await drafting(hub, 'counts');
    const edit = { id: 'counts', ifMatch: digest };
    const acts = ['One', 'Other', 'Third'].map((title) => drafting(hub, 'counts', title, edit));
    expect(await outcomes(acts)).toEqual(['done', 'precondition-failed', 'precondition-failed']);
    expect((await hub.feed.confirmed()).agreements.get('counts')?.version).toBe(2);
  });

  it('one signs for an agency', async () => {
    const hub = await memoryHub();
    const { digest } = await drafting(hub, 'counts');
    const both = await outcomes([signing(hub, 'counts', digest, POLICE), signing(hub, 'counts', digest, POLICE)]);
    expect(both).toEqual(['already-signed', 'done']);
    const state = (await hub.feed.confirmed()).agreements.get('counts');
    expect(state?.signatures.map(({ agency }) => agency)).toEqual([POLICE]);
  });

  it('neither signature of two parties is lost, and both together bring it into force', async () => {
    const hub = await memoryHub();
    const { digest } = await drafting(hub, 'counts');
    const agencies = [POLICE, ANALYSTS];
    const both = await outcomes(agencies.map((agency) => signing(hub, 'counts', digest, agency)));
    expect(both).toEqual(['done', 'done']);
    expect((await hub.feed.confirmed()).agreements.get('counts')?.window).toBeDefined();
  });

  it('nobody signs what another edits', async () => {
    const hub = await memoryHub();
    const { digest } = await drafting(hub, 'counts');
    const edit = drafting(hub, 'counts', 'Edited', { id: 'counts', ifMatch: digest });
    // the signature comes before the edit, which then voids it, or is for a text that is gone
    const acts = await outcomes([edit, signing(hub, 'counts', digest, POLICE)]);
    expect(acts[0]).toBe('done');
    expect(['done', 'signature-invalid']).toContain(acts[1]);
    const state = (await hub.feed.confirmed()).agreements.get('counts');
    expect([state?.version, state?.signatures]).toEqual([2, []]);
  });

  it('one enrols an agency, in whichever process', async () => {
    const { ports, feed } = await memoryHub();
    const agency = 'county-fire' as AgencyId;
    const by = { issuer: ISSUER, person: 'host', agency };
    const enrolment = { agency, name: 'Fire', issuers: [ISSUER], capacities: [] };
    const acts = [feed, new PolicyFeed(ports)].map((one) => enrolAgency(ports, one, new EnrolAgency(by, enrolment)));
    expect(await outcomes(acts)).toEqual(['already-exists', 'done']);
  });

  it('in two processes, the one whose policy is behind is told so', async () => {
    const hub = await memoryHub();
    const { digest } = await drafting(hub, 'counts');
    const behind = { ports: hub.ports, feed: new PolicyFeed(hub.ports) };
    await behind.feed.confirmed();
    await signing(hub, 'counts', digest, POLICE);
    // confirmed within the last moments, so that it does not look again
    expect(await outcomes([signing(behind, 'counts', digest, POLICE)])).toEqual(['already-signed']);
    expect((await behind.feed.confirmed()).agreements.get('counts')?.signatures).toHaveLength(1);
  });
});
