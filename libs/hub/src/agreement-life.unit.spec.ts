import { instant, londonDay, type Clock } from '#kernel';
import type { StoredFact } from '#event-store';
import { DraftAgreement, DraftAgreementHandler } from './draft-agreement.ts';
import { noteOverdueReviews } from './note-overdue-reviews.ts';
import { PolicyFeed } from './policy-feed.ts';
import {
  ListAgreements,
  ListAgreementsHandler,
  ReadAgreement,
  ReadAgreementHandler,
  ReadAgreementVersion,
  ReadAgreementVersionHandler,
} from './read-agreement.ts';
import {
  ANALYSTS,
  COUNCIL,
  countAgreement,
  drafting,
  ending,
  inForce,
  memoryHub,
  POLICE,
  resuming,
  signing,
  someone,
  suspending,
  type MemoryHub,
} from './testing/memory-hub.ts';

const reading = ({ ports, feed }: MemoryHub, who = someone(POLICE, 'analyst')) =>
  new ReadAgreementHandler(ports, feed).execute(new ReadAgreement(who, 'counts'));
const readingVersion = ({ ports, feed }: MemoryHub, version: number, who = someone(POLICE, 'analyst')) =>
  new ReadAgreementVersionHandler(ports, feed).execute(new ReadAgreementVersion(who, 'counts', version));
const listed = async ({ ports, feed }: MemoryHub, agency = POLICE) =>
  (await new ListAgreementsHandler(ports, feed).execute(new ListAgreements(someone(agency, 'analyst')))).map(
    ({ id, status }) => `${id} ${status}`,
  );

/** Facts of the agreement `counts`, by the last word of their type. */
async function kinds({ ports }: MemoryHub): Promise<readonly string[]> {
  const facts: StoredFact[] = [];
  for await (const batch of ports.log.readOwn('start')) facts.push(...batch);
  return facts.filter(({ stream }) => stream === 'agreement:counts').map(({ type }) => type.split('.')[3] ?? '');
}
/** A clock that can be moved ahead. */
function movable(): { readonly clock: Clock; readonly to: (day: string) => void } {
  let now = Date.UTC(2026, 10, 23, 12);
  return { clock: { now: () => instant(now++) }, to: (day) => void (now = Date.parse(`${day}T12:00:00Z`)) };
}

describe('what a party reads of an agreement', () => {
  it('says the days of every version, who suspended, and the end', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    expect(await reading(hub)).toMatchObject({
      status: 'in-force',
      inForce: [{ version: 1, status: 'in-force', from: '2024-01-01', to: '2028-12-31' }],
      suspensions: [],
      left: [],
      reviewOverdue: false,
    });
    const suspended = await suspending(hub, 'counts', ANALYSTS);
    expect(suspended).toMatchObject({ status: 'suspended', suspensions: [{ agency: ANALYSTS, reason: 'concern' }] });
    expect(londonDay(suspended.suspensions[0]?.since ?? ('' as never))).toBe('2026-11-23');
    expect(await listed(hub)).toEqual(['counts suspended']);
    await resuming(hub, 'counts', ANALYSTS);
    const ended = await ending(hub, 'counts', POLICE, { on: '2026-12-01' });
    expect(ended).toMatchObject({
      status: 'in-force',
      inForce: [{ to: '2026-11-30' }],
      ended: { on: '2026-12-01', agency: POLICE, reason: 'no-longer-needed' },
    });
  });

  it('is every version that names it, with its text, also once nothing rests on it', async () => {
    const hub = await memoryHub();
    const { digest } = await drafting(hub, 'counts');
    const edited = await drafting(hub, 'counts', 'Edited', { id: 'counts', ifMatch: digest });
    await signing(hub, 'counts', edited.digest, POLICE);
    await ending(hub, 'counts', ANALYSTS);
    expect(await readingVersion(hub, 1)).toMatchObject({ status: 'superseded', document: { title: 'Counts' } });
    expect(await reading(hub)).toMatchObject({ version: 2, status: 'ended', document: { title: 'Edited' } });
    const auditor = someone(COUNCIL, 'auditor');
    expect(await readingVersion(hub, 2, auditor)).toMatchObject({ status: 'ended', document: { title: 'Edited' } });
    expect(await readingVersion(hub, 2)).not.toHaveProperty('from');
    await expect(readingVersion(hub, 3)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is nothing to a stranger, who cannot tell that it is there', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const stranger = someone(COUNCIL, 'signatory', 'guardian', 'steward');
    const { digest } = (await hub.feed.confirmed()).agreements.get('counts') ?? { digest: '' as never };
    for (const tried of [
      reading(hub, stranger),
      readingVersion(hub, 1, stranger),
      signing(hub, 'counts', digest, COUNCIL),
      suspending(hub, 'counts', COUNCIL),
      resuming(hub, 'counts', COUNCIL),
      ending(hub, 'counts', COUNCIL),
      ending(hub, 'counts', COUNCIL, { scope: 'own' }),
    ])
      await expect(tried).rejects.toMatchObject({ code: 'not-found' });
    expect(await listed(hub, COUNCIL)).toEqual([]);
    expect(await kinds(hub)).not.toContain('agreement-suspended');
  });

  it('is the draft too for a party of what stands that the draft leaves out, whom it takes no power from', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const { digest } = await reading(hub);
    const council = { agency: COUNCIL, capacity: 'specified-authority' };
    const police = { agency: POLICE, capacity: 'specified-authority' };
    const between = { ...(countAgreement('counts') as object), parties: [police, council] } as never;
    const edit = new DraftAgreement(someone(POLICE, 'steward'), between, { id: 'counts', ifMatch: digest });
    await new DraftAgreementHandler(hub.ports, hub.feed).execute(edit);
    for (const agency of [ANALYSTS, COUNCIL])
      expect(await reading(hub, someone(agency, 'analyst'))).toMatchObject({ version: 2, parties: [POLICE, COUNCIL] });
    await expect(suspending(hub, 'counts', COUNCIL)).rejects.toMatchObject({ code: 'not-a-party' });
    await expect(readingVersion(hub, 1, someone(COUNCIL, 'analyst'))).rejects.toMatchObject({ code: 'not-found' });
    expect(await suspending(hub, 'counts', ANALYSTS)).toMatchObject({ inForce: [{ status: 'suspended' }] });
    // what others did is for those alone who were in it with them
    await ending(hub, 'counts', ANALYSTS, { scope: 'own', on: '2026-12-24' });
    const toldOf = { suspensions: [{ agency: ANALYSTS }], left: [{ agency: ANALYSTS }] };
    for (const reader of [someone(POLICE, 'analyst'), someone(ANALYSTS, 'analyst'), someone(COUNCIL, 'auditor')])
      expect(await reading(hub, reader)).toMatchObject(toldOf);
    expect(await reading(hub, someone(COUNCIL, 'analyst'))).toMatchObject({ suspensions: [], left: [] });
  });

  it('is nothing to one that left, but for the versions that name it', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    await ending(hub, 'counts', ANALYSTS, { scope: 'own' });
    await expect(reading(hub, someone(ANALYSTS, 'analyst'))).rejects.toMatchObject({ code: 'not-found' });
    expect(await readingVersion(hub, 1, someone(ANALYSTS, 'analyst'))).toMatchObject({ version: 1 });
    expect(await reading(hub)).toMatchObject({ left: [{ agency: ANALYSTS, on: '2026-11-23', version: 1 }] });
    await expect(suspending(hub, 'counts', ANALYSTS)).rejects.toMatchObject({ code: 'not-found' });
    const again = new DraftAgreement(someone(ANALYSTS, 'steward'), countAgreement('counts'));
    await expect(new DraftAgreementHandler(hub.ports, hub.feed).execute(again)).rejects.toMatchObject({
      code: 'already-exists',
    });
  });

  it('lets an agency that left lift the suspension that only it can lift', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    await suspending(hub, 'counts', ANALYSTS);
    await ending(hub, 'counts', ANALYSTS, { scope: 'own' });
    expect((await resuming(hub, 'counts', ANALYSTS)).suspensions).toEqual([]);
  });
});

describe('a suspension', () => {
  it('holds for the next look of this process, and for another process after it has looked', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const other = new PolicyFeed(hub.ports);
    await other.confirmed();
    await suspending(hub, 'counts', POLICE);
    expect([...hub.feed.latest.grantsByUse.values()]).toEqual([]);
    await other.refresh();
    expect([...(await other.confirmed()).grantsByUse.values()]).toEqual([]);
    expect(other.latest.digest).toBe(hub.feed.latest.digest);
  });
});

describe('the clock', () => {
  it('notes a review that is overdue once for each version, whichever process is first', async () => {
    const { clock, to } = movable();
    const hub = await memoryHub({ clock });
    await inForce(hub, 'counts');
    expect(await noteOverdueReviews(hub.ports, hub.feed)).toBe(0);
    to('2027-06-30');
    expect(await noteOverdueReviews(hub.ports, hub.feed)).toBe(0);
    to('2027-07-01');
    const feeds = [hub.feed, new PolicyFeed(hub.ports), new PolicyFeed(hub.ports)];
    await Promise.all(feeds.map((feed) => noteOverdueReviews(hub.ports, feed)));
    const noted = (await kinds(hub)).filter((kind) => kind === 'agreement-review-overdue');
    expect(noted).toHaveLength(1);
    expect(await reading(hub)).toMatchObject({ reviewOverdue: true, status: 'in-force' });
    expect(await noteOverdueReviews(hub.ports, hub.feed)).toBe(0);
    expect(await noteOverdueReviews(hub.ports, new PolicyFeed(hub.ports))).toBe(0);
  });
});
