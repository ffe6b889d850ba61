import { eventType, type AgencyId } from '#kernel';
import { admit } from '#sharing';
import { EnrolAgency, enrolAgency } from './enrol-agency.ts';
import { PolicyFeed } from './policy-feed.ts';
import {
  ANALYSTS,
  drafting,
  ending,
  inForce,
  ISSUER,
  memoryHub,
  POLICE,
  resuming,
  signing,
  suspending,
} from './testing/memory-hub.ts';

const INCIDENT = eventType('uk.svd.police.incident-recorded.v1');

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

  it('an edit and a last signature leave one text in force, and the other waiting or gone', async () => {
    for (const editFirst of [true, false]) {
      const hub = await memoryHub();
      const { digest } = await drafting(hub, 'counts');
      await signing(hub, 'counts', digest, POLICE);
      const edit = () => drafting(hub, 'counts', 'Edited', { id: 'counts', ifMatch: digest });
      const sign = () => signing(hub, 'counts', digest, ANALYSTS);
      const acts = await outcomes(editFirst ? [edit(), sign()] : [sign(), edit()]);
      const state = (await hub.feed.confirmed()).agreements.get('counts');
      const standing = state?.versions.filter(({ window }) => window !== undefined).map(({ version }) => version);
      // the signature was first, or it was for a text that is gone; the edit is there either way
      expect([acts.includes('signature-invalid') ? [] : [1], 2]).toEqual([standing, state?.version]);
      expect(state?.signatures).toEqual([]);
    }
  });

  it('nobody signs what another ends', async () => {
    for (const endFirst of [true, false]) {
      const hub = await memoryHub();
      const { digest } = await drafting(hub, 'counts');
      await signing(hub, 'counts', digest, POLICE);
      const end = () => ending(hub, 'counts', POLICE);
      const sign = () => signing(hub, 'counts', digest, ANALYSTS);
      const acts = await outcomes(endFirst ? [end(), sign()] : [sign(), end()]);
      expect(acts).toContain('done');
      expect(['done', 'agreement-over']).toContain(acts[0]);
      const policy = await hub.feed.confirmed();
      expect(policy.agreements.get('counts')?.ended).toMatchObject({ agency: POLICE });
      expect(admit(policy, POLICE, INCIDENT, hub.ports.clock.now()).kind).toBe('refuse');
    }
  });

  it('a suspension holds, whatever is signed at the same time', async () => {
    for (const suspendFirst of [true, false]) {
      const hub = await memoryHub();
      await inForce(hub, 'counts');
      const { digest } = (await hub.feed.confirmed()).agreements.get('counts') ?? raise();
      const edited = await drafting(hub, 'counts', 'Edited', { id: 'counts', ifMatch: digest });
      await signing(hub, 'counts', edited.digest, POLICE);
      const suspend = () => suspending(hub, 'counts', POLICE);
      const sign = () => signing(hub, 'counts', edited.digest, ANALYSTS);
      expect(await outcomes(suspendFirst ? [suspend(), sign()] : [sign(), suspend()])).toEqual(['done', 'done']);
      const policy = await hub.feed.confirmed();
      expect(policy.agreements.get('counts')).toMatchObject({ version: 2, suspensions: [{ agency: POLICE }] });
      expect([...policy.grantsByFeed.values()].flat()).toEqual([]);
    }
  });

  it('one suspends for an agency, and lifting and suspending come one after the other', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const twice = [suspending(hub, 'counts', POLICE), suspending(hub, 'counts', POLICE)];
    expect(await outcomes(twice)).toEqual(['already-suspended', 'done']);
    const acts = [suspending(hub, 'counts', ANALYSTS), resuming(hub, 'counts', POLICE)];
    expect(await outcomes(acts)).toEqual(['done', 'done']);
    const state = (await hub.feed.confirmed()).agreements.get('counts');
    expect(state?.suspensions.map(({ agency }) => agency)).toEqual([ANALYSTS]);
  });

  it('two endings keep the earlier day', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const acts = [
      ending(hub, 'counts', POLICE, { on: '2027-01-01' }),
      ending(hub, 'counts', ANALYSTS, { on: '2026-12-01' }),
    ];
    const told = await outcomes(acts);
    expect(['done', 'ending-fixed']).toContain(told.at(-1));
    expect((await hub.feed.confirmed()).agreements.get('counts')?.ended?.on).toBe('2026-12-01');
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

function raise(): never {
  throw new Error('it is in force');
}
