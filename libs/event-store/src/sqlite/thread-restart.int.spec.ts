import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { systemClock } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import { manyPlaced, placed, readEverything } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { startFactsThread } from './facts-thread.ts';
import { SqliteFactsWriter } from './facts-writer.ts';
import { SqliteFactsReader } from './sqlite-reader.ts';

const newDirectory = temporaryDirectories();
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a facts writer whose thread dies', () => {
  it('goes on with another; nothing acknowledged is lost, nothing is kept twice, and whoever follows misses nothing', async () => {
    const directory = newDirectory();
    const threads: Worker[] = [];
    const start = async (): Promise<Worker> => {
      const thread = await startFactsThread({ directory, mayBeNew: threads.length === 0 });
      threads.push(thread);
      return thread;
    };
    const notices = new CommitNotices();
    const writer = new SqliteFactsWriter(await start(), start, notices, systemClock);
    const reader = new SqliteFactsReader(directory, notices);
    const followed: string[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const batch of reader.subscribe('start', stop.signal))
        if (batch.kind === 'facts') followed.push(...batch.facts.map(({ position }) => position));
    })();

    const acknowledged = new Map<string, string>();
    let refused = 0;
    for (let crash = 0; crash < 5; crash++) {
      const calls = Array.from({ length: 40 }, (_, call) => manyPlaced(1 + (call % 30), `c-${crash}-${call}`));
      const send = (facts: (typeof calls)[number], call: number) =>
        call % 4 === 0
          ? writer.append(facts).then((appended) => (appended.outcome === 'appended' ? appended.results : []))
          : writer.appendEach(facts, `lane-${call % 3}`);
      const sent = Promise.allSettled(calls.map(send));
      for (let wait = 0; wait < crash * 3; wait++) await turn();
      await threads.at(-1)?.terminate();
      for (const [call, outcome] of (await sent).entries()) {
        if (outcome.status === 'fulfilled')
          calls[call]?.forEach(({ fact }, i) => acknowledged.set(fact.id, outcome.value[i]?.position ?? 'none'));
        else {
          refused++;
          expect(outcome.reason).toMatchObject({ code: 'store-unavailable', retryAfter: 1 });
        }
      }
      while (!writer.writable()) {
        await expect(writer.append([placed('meanwhile')])).rejects.toMatchObject({ code: 'store-unavailable' });
        await turn();
      }
      // the same again is safe, whatever became of it
      for (const [call, facts] of calls.entries()) {
        const results = await send(facts, call);
        facts.forEach(({ fact }, i) => {
          const at = results[i]?.position ?? 'none';
          expect([fact.id, acknowledged.get(fact.id) ?? at]).toEqual([fact.id, at]);
          acknowledged.set(fact.id, at);
        });
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(threads).toHaveLength(6);
    const facts = await readEverything(reader);
    expect(facts.map(({ position }) => position)).toEqual(facts.map((_, index) => String(index)));
    expect(facts.map(({ revision }) => revision)).toEqual(facts.map((_, index) => index));
    expect(new Map(facts.map(({ id, position }) => [id, position]))).toEqual(acknowledged);
    // the follower that missed something is not waited for
    for (let wait = 0; followed.length < facts.length && wait < 5_000; wait++) await pause(2);
    stop.abort();
    await following;
    expect(followed).toEqual(facts.map(({ position }) => position));
    await writer.close();
    reader.close();
  });
});
