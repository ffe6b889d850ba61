import { position, type Instant } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import { FEED, manyPlaced, placed, readEverything, SetClock } from '../testing/sample-facts.ts';
import { AppendPlan } from './append-plan.ts';
import { EventStoreDbReader } from './eventstoredb-reader.ts';
import { EventStoreDbWriter } from './eventstoredb-writer.ts';
import { FactsIndex } from './facts-index.ts';
import { IndexFollower } from './index-follower.ts';
import { openIndexDatabase } from './index-database.ts';
import { sampleRepeatKeyOf } from './testing/sample-repeat-keys.ts';
import { ScriptedEngine } from './testing/scripted-engine.ts';

const PATIENCE = 300;
const unavailable = { code: 'store-unavailable' };

describe('writer of a stream', () => {
  let engine: ScriptedEngine;
  const clock = new SetClock();
  const opened: { close(): Promise<void> }[] = [];
  const open = async () => {
    const index = new FactsIndex(openIndexDatabase(), 'svd-facts');
    const notices = new CommitNotices();
    const follower = new IndexFollower(engine, index, notices, sampleRepeatKeyOf);
    await follower.start();
    const options = { clock, repeatKeyOf: sampleRepeatKeyOf, patience: PATIENCE };
    const writer = new EventStoreDbWriter(engine, follower, options);
    const reader = new EventStoreDbReader(engine, follower, notices);
    opened.push({
      close: async () => {
        await writer.close();
        follower.stop();
        index.close();
      },
    });
    return { writer, reader, follower, index };
  };
  beforeEach(() => {
    engine = new ScriptedEngine();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  /** Another process appends one fact of its own. */
  const another = (id: string, time?: string): void => {
    const index = new FactsIndex(openIndexDatabase(), 'svd-facts');
    const follower = new IndexFollower(engine, index, new CommitNotices(), sampleRepeatKeyOf);
    for (const event of engine.events) {
      const fact = follower.decode(event);
      index.advance([{ fact, repeatKey: sampleRepeatKeyOf(fact) }]);
    }
    const plan = new AppendPlan(index, Date.parse(time ?? clock.time));
    plan.add(placed(id));
    for (const { fact, frame } of plan.fresh) engine.put(fact.type, frame);
    index.close();
  };

  it('finds its facts where it planned them when the answer was lost', async () => {
    const { writer, reader } = await open();
    engine.script.push({ lands: 'at-once', told: 'unknown' });
    expect(await writer.append(manyPlaced(3, 'a'))).toMatchObject({
      outcome: 'appended',
      results: [0, 1, 2].map((at) => ({ status: 'accepted', position: String(at) })),
    });
    expect(engine.appends).toHaveLength(1);
    expect((await readEverything(reader)).map(({ id }) => id)).toEqual(['a-0', 'a-1', 'a-2']);
  });

  it('sends the very same request again when nothing is there yet, so that it lands once however late', async () => {
    const { writer } = await open();
    engine.script.push({ lands: 'late', told: 'unknown' }, { lands: 'late', told: 'unknown' });
    engine.before = () => {
      if (engine.appends.length === 2) engine.landLate();
    };
    expect(await writer.appendEach([placed('a')], 'lane')).toMatchObject([{ status: 'accepted', position: '0' }]);
    engine.landLate();
    expect(engine.events).toHaveLength(1);
    expect(new Set(engine.appends.flat()).size).toBe(1);
    expect(await writer.append([placed('a'), placed('b')])).toMatchObject({
      results: [{ status: 'repeated' }, { status: 'accepted', position: '1' }],
    });
  });

  it('decides again when another was there first, and when its own append came to nothing', async () => {
    const { writer, index } = await open();
    engine.script.push({ lands: 'never', told: 'unknown' });
    engine.before = () => {
      if (engine.appends.length === 1) another('a');
      if (engine.appends.length === 2) another('c');
    };
    expect(await writer.appendEach([placed('a'), placed('b')], 'lane')).toMatchObject([
      { status: 'repeated', position: '0' },
      { status: 'accepted', position: '2' },
    ]);
    expect(index.lastRevision(FEED)).toBe(2);
  });

  it('takes a batch that landed after it was given up for what it is', async () => {
    const { writer, reader } = await open();
    engine.script.push(...Array.from({ length: 99 }, () => ({ lands: 'late', told: 'unknown' }) as const));
    const batch = manyPlaced(3, 'a');
    await expect(writer.append(batch)).rejects.toMatchObject(unavailable);
    engine.script.length = 0;
    expect(writer.writable()).toBe(false);
    await expect(writer.append(batch)).rejects.toMatchObject(unavailable);
    engine.before = () => engine.landLate();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const again = await writer.append([...batch, placed('b')]);
    expect(again).toMatchObject({ results: [...batch.map(() => ({ status: 'repeated' })), { position: '3' }] });
    expect((await readEverything(reader)).map(({ id }) => id)).toEqual(['a-0', 'a-1', 'a-2', 'b']);
  });

  it('acknowledges nothing of a batch that landed in part', async () => {
    const { writer, reader } = await open();
    engine.script.push({ lands: 'in-part', told: 'unknown' });
    const batch = manyPlaced(3, 'a');
    await expect(writer.append(batch)).rejects.toMatchObject(unavailable);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await writer.append(batch)).toMatchObject({
      results: [{ status: 'repeated', position: '0' }, { position: '1' }, { position: '2' }],
    });
    expect((await readEverything(reader)).map(({ id }) => id)).toEqual(['a-0', 'a-1', 'a-2']);
  });

  it('rejects what waited behind an append that was given up, and serves what comes when the engine is back', async () => {
    const { writer } = await open();
    engine.down = true;
    const calls = [
      writer.append([placed('a')]),
      writer.append([placed('b')]),
      writer.append([placed('c')], undefined, 'lane'),
      writer.appendEach(manyPlaced(600, 'd'), 'lane'),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
    }
    engine.down = false;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await writer.appendEach(manyPlaced(20_000, 'e'), 'lane')).toHaveLength(20_000);
    expect(writer.writable()).toBe(true);
  });

  it('tells a conflict of the log as it is, not of an index that is behind', async () => {
    const { writer } = await open();
    engine.silent = true;
    await writer.append([placed('a')]);
    another('b');
    const expected = new Map([[FEED, { revision: 1 }]]);
    expect(await writer.append([placed('c')], expected)).toMatchObject({ outcome: 'appended' });
    another('d');
    expect(await writer.append([placed('e')], expected)).toEqual({ outcome: 'conflict', stream: FEED, actual: 3 });
  });

  it('leaves room between its commits where another writes as well, and takes it all where nobody does', async () => {
    const { writer } = await open();
    const inOneGo = async (name: string): Promise<number> => {
      const before = engine.appends.length;
      const calls = Array.from({ length: 40 }, (_, i) => writer.append([placed(`${name}-${i}`)]));
      // the scripted engine answers without a turn of the event loop: one comes only where the writer waits
      await new Promise((resolve) => setImmediate(resolve));
      const landed = engine.appends.length - before;
      await Promise.all(calls);
      return landed;
    };
    expect(await inOneGo('alone')).toBe(40);
    another('foreign');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await inOneGo('together')).toBe(16);
  });

  it('never lets recorded time fall behind what another recorded', async () => {
    const { writer, reader } = await open();
    another('a', '2026-03-01T12:00:00.000Z');
    clock.time = '2026-03-01T09:00:00.000Z' as Instant;
    await writer.append([placed('b')]);
    expect((await reader.at(position(1)))?.recordedTime).toBe('2026-03-01T12:00:00.000Z');
  });

  it('splits what comes each on its own below the bound of a call, and refuses an append past it', async () => {
    const { writer } = await open();
    const metadata = { note: 'x'.repeat(10_000) };
    const wide = Array.from({ length: 256 }, (_, i) => placed(`w-${i}`, { metadata }));
    await writer.appendEach(wide, 'lane');
    expect(engine.appends.length).toBeGreaterThan(2);
    const calls = engine.appends.length;
    await expect(writer.append(wide.map(({ fact }) => placed(`v-${fact.id}`, { metadata })))).rejects.toThrow(
      RangeError,
    );
    await expect(writer.append(manyPlaced(1_001, 'many'))).rejects.toThrow(RangeError);
    await expect(
      writer.append(Array.from({ length: 9 }, (_, i) => placed(`s-${i}`, { stored: new Uint8Array(60_000) }))),
    ).rejects.toThrow(RangeError);
    expect(engine.appends).toHaveLength(calls);
    expect(await writer.append(manyPlaced(1_000, 'fits'))).toMatchObject({ outcome: 'appended' });
  });

  it('refuses a repeat key that its fact does not give', async () => {
    const { writer } = await open();
    const wrong = placed('a', { repeatKey: new Uint8Array(32) });
    await expect(writer.append([wrong])).rejects.toThrow(RangeError);
    await expect(writer.appendEach([wrong], 'lane')).rejects.toThrow(RangeError);
  });

  it('stops for good at an event that is no fact, and says where', async () => {
    const { writer, reader } = await open();
    await writer.append([placed('a')]);
    engine.put('somebody.elses', Buffer.from('secret'));
    const damaged = { code: 'store-damaged', index: 1, message: 'store-damaged' };
    await expect(writer.append([placed('b')])).rejects.toMatchObject(damaged);
    await expect(writer.append([placed('b')])).rejects.toMatchObject(damaged);
    expect(writer.writable()).toBe(false);
    await expect(readEverything(reader)).rejects.toMatchObject(damaged);
    await expect(open()).rejects.toMatchObject(damaged);
    expect((await reader.at(position(0)))?.id).toBe('a');
  });

  it('stops for good when the log is not the one that it knew', async () => {
    const { writer } = await open();
    await writer.append(manyPlaced(3, 'a'));
    engine.events.length = 1;
    await expect(writer.append([placed('b')])).rejects.toMatchObject({ code: 'log-rolled-back' });
    await expect(writer.append([placed('b')])).rejects.toMatchObject({ code: 'log-rolled-back' });
    expect(writer.writable()).toBe(false);
  });
});
