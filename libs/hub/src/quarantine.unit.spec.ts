import { readFileSync } from 'node:fs';
import { CodeLists, readEvent } from '#contracts';
import { instant, millis, streamName, type AgencyId } from '#kernel';
import { holdEvents } from './hold-events.ts';
import { IngestEvents, IngestEventsHandler } from './ingest-events.ts';
import { DiscardHeld, DiscardHeldHandler, expireHeld, ReleaseHeld, ReleaseHeldHandler } from './quarantine.ts';
import { adopted, COUNCIL, inForce, memoryHub, POLICE, someone, type MemoryHub } from './testing/memory-hub.ts';

const example = JSON.parse(
  readFileSync('libs/contracts/examples/uk.svd.police.incident-recorded.v1.correction.json', 'utf8'),
) as { data: { corrects: unknown } };
const { corrects: _, ...data } = example.data;
const bytesOf = (id: string, agency: AgencyId = POLICE): Uint8Array =>
  Buffer.from(JSON.stringify({ ...example, id, source: `urn:svd:agency:${agency}:incidents`, data }));

const publisher = someone(POLICE, 'publisher');
const ingest = ({ ports, feed }: MemoryHub, ...ids: readonly string[]) =>
  new IngestEventsHandler(ports, feed).execute(
    new IngestEvents(
      publisher,
      ids.map((id) => bytesOf(id)),
    ),
  );
const release = ({ ports, feed }: MemoryHub, id: string, who = publisher) =>
  new ReleaseHeldHandler(ports, feed).execute(new ReleaseHeld(who, id));
const [A, B] = ['a'.repeat(32), 'b'.repeat(32)] as const;

/** Types of the facts about quarantine, in order. */
async function told(hub: MemoryHub): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const batch of hub.ports.log.readStream(streamName(`quarantine:${POLICE}`)))
    types.push(...batch.map(({ type }) => type.split('.').at(-2) ?? ''));
  return types;
}
async function held(hub: MemoryHub, id: string): Promise<string> {
  const [taken] = await ingest(hub, id);
  if (taken?.status !== 'quarantined') throw new Error(`it was ${taken?.status}`);
  return taken.quarantineId;
}
async function mapped(hub: MemoryHub): Promise<void> {
  const list = { title: 't', version: '1', codes: { 'possession-of-weapons': 'Possession of weapons' } };
  const pack = {
    kind: 'codes',
    version: 'c',
    title: 't',
    source: 's',
    licence: 'l',
    lists: { 'street-category': list },
  };
  await adopted(hub.ports, 'codes', 'c', JSON.stringify(pack));
  await hub.feed.caughtUp();
}

describe('what is held', () => {
  const policeHub = async (): Promise<MemoryHub> => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    return hub;
  };

  it('is held once, though it comes several times at once', async () => {
    const hub = await policeHub();
    const results = await Promise.all([ingest(hub, A), ingest(hub, A, B, A), ingest(hub, B, A)]);
    const names = results.flat().map((taken) => (taken.status === 'quarantined' ? taken.quarantineId : taken.status));
    expect(new Set(names).size).toBe(2);
    expect(await hub.ports.held.list(POLICE, 10)).toHaveLength(2);
    expect(await told(hub)).toEqual(['event-quarantined', 'event-quarantined']);
  });

  it('leaves no value of it in the log', async () => {
    const hub = await policeHub();
    await ingest(hub, A);
    for await (const batch of hub.ports.log.readAll('start'))
      for (const { stored } of batch) expect(Buffer.from(stored).toString()).not.toMatch(/possession-of-weapons|aaaa/);
  });

  it('has its place again for others after one hold failed', async () => {
    const hub = await policeHub();
    const hold = hub.ports.held.hold.bind(hub.ports.held);
    hub.ports.held.hold = () => Promise.reject(new Error('the disk'));
    await expect(ingest(hub, A)).rejects.toThrow('the disk');
    hub.ports.held.hold = hold;
    expect(await held(hub, A)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is told to be too much when the quarantine is full, and what fits is kept', async () => {
    const hub = await policeHub();
    const kept = await held(hub, A);
    const hold = hub.ports.held.hold.bind(hub.ports.held);
    hub.ports.held.hold = (records) => hold(records, 1);
    const [repeat, more] = await ingest(hub, A, B);
    expect(repeat).toMatchObject({ status: 'quarantined', quarantineId: kept });
    expect(more).toMatchObject({ status: 'rejected', code: 'quarantine-full' });
    expect(await hub.ports.held.list(POLICE, 10)).toHaveLength(1);
  });

  it('comes in once, though it is released twice at once', async () => {
    const hub = await policeHub();
    const id = await held(hub, A);
    await mapped(hub);
    const both = await Promise.allSettled([release(hub, id), release(hub, id)]);
    const positions = both.flatMap((one) =>
      one.status === 'fulfilled' && 'receipt' in one.value ? [one.value.receipt.position] : [],
    );
    expect(positions.length).toBeGreaterThan(0);
    expect(new Set(positions).size).toBe(1);
    expect(await hub.ports.held.list(POLICE, 10)).toEqual([]);
  });

  it('stays held while its code is not mapped, and is nobody else’s to release', async () => {
    const hub = await policeHub();
    const id = await held(hub, A);
    expect(await release(hub, id)).toMatchObject({ status: 'quarantined', quarantineId: id });
    await mapped(hub);
    await expect(release(hub, id, someone(COUNCIL, 'publisher'))).rejects.toMatchObject({ code: 'not-found' });
    expect(await release(hub, id)).toMatchObject({ status: 'accepted', id: A });
    expect(await told(hub)).toEqual(['event-quarantined', 'quarantine-ended']);
  });

  it('is not released past a missing agreement', async () => {
    const hub = await memoryHub();
    const lists = { agency: POLICE, codes: CodeLists.none, now: hub.ports.clock.now() };
    const reading = readEvent(bytesOf(A), lists);
    if (reading.outcome !== 'hold') throw new Error(reading.outcome);
    const [id] = await holdEvents(hub.ports, POLICE, [reading]);
    await mapped(hub);
    expect(await release(hub, id ?? '')).toMatchObject({ status: 'rejected', code: 'agreement-required' });
    expect(await hub.ports.held.list(POLICE, 10)).toHaveLength(1);
  });

  it('is a repeat when it is stored already, though a newer list lacks its code', async () => {
    const hub = await policeHub();
    const waiting = await held(hub, A);
    await mapped(hub);
    const stored = await release(hub, waiting);
    const lacking = { kind: 'codes', version: 'd', title: 't', source: 's', licence: 'l', lists: {} };
    await adopted(hub.ports, 'codes', 'd', JSON.stringify(lacking));
    await hub.feed.caughtUp();
    const [again, other] = await ingest(hub, A, B);
    expect(again).toEqual({ ...stored, status: 'repeated' });
    expect(other?.status).toBe('quarantined');
  });

  it('has its fact written by a later try, where the first one broke off', async () => {
    const hub = await policeHub();
    const { writer } = hub.ports;
    const broken = { ...writer, append: () => Promise.reject(new Error('the power')) };
    const reading = readEvent(bytesOf(A), { agency: POLICE, codes: CodeLists.none, now: hub.ports.clock.now() });
    if (reading.outcome !== 'hold') throw new Error(reading.outcome);
    await expect(holdEvents({ ...hub.ports, writer: broken }, POLICE, [reading])).rejects.toThrow('the power');
    expect(await told(hub)).toEqual([]);
    await ingest(hub, A);
    await ingest(hub, A);
    expect(await told(hub)).toEqual(['event-quarantined']);
  });

  it('is removed at its time though it was ended before and its removal broke off, and holds up no other', async () => {
    const hub = await policeHub();
    const first = await held(hub, A);
    await held(hub, B);
    const { held: records } = hub.ports;
    const kept = {
      ...hub.ports,
      held: { get: records.get.bind(records), remove: () => Promise.reject(new Error('the power')) },
    } as unknown as MemoryHub['ports'];
    await expect(new DiscardHeldHandler(kept).execute(new DiscardHeld(publisher, first))).rejects.toThrow('the power');
    const due = instant(millis(hub.ports.clock.now()) + 31 * 24 * 3600 * 1000);
    expect(await expireHeld({ ...hub.ports, clock: { now: () => due } })).toBe(2);
    expect(await records.list(POLICE, 10)).toEqual([]);
    expect(await told(hub)).toEqual(['event-quarantined', 'event-quarantined', 'quarantine-ended', 'quarantine-ended']);
  });

  it('is gone after thirty days, or when it is discarded, and the log says so', async () => {
    const hub = await policeHub();
    const id = await held(hub, A);
    await held(hub, B);
    await new DiscardHeldHandler(hub.ports).execute(new DiscardHeld(publisher, id));
    expect(await expireHeld(hub.ports)).toBe(0);
    const later = instant(millis(hub.ports.clock.now()) + 31 * 24 * 3_600_000);
    expect(await expireHeld({ ...hub.ports, clock: { now: () => later } })).toBe(1);
    expect(await hub.ports.held.list(POLICE, 10)).toEqual([]);
    expect(await told(hub)).toEqual(['event-quarantined', 'event-quarantined', 'quarantine-ended', 'quarantine-ended']);
  });
});
