import { join } from 'node:path';
import fc from 'fast-check';
import { millis, position, streamName, type Instant, type StreamName } from '#kernel';
import { MemoryLog } from '../memory/memory-log.ts';
import type { Expected, Placed } from '../ports.ts';
import { placed, readEverything, sampleFact, SetClock } from '../testing/sample-facts.ts';
import { CommitNotices } from '../commit-notices.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { FACTS_FILE, openFactsDatabase } from './facts-database.ts';
import { FactsLog, STATUSES } from './facts-log.ts';
import { packFacts, unpackFacts } from './packed-facts.ts';
import { SqliteFactsReader } from './sqlite-reader.ts';

const newDirectory = temporaryDirectories();
const stream = fc.constantFrom('feed:a:x', 'feed:b:x', 'agency:a').map(streamName);
const fact: fc.Arbitrary<Placed> = fc
  .record({
    stream,
    id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
    form: fc.constantFrom('p', 'p', 'p', 'q'),
    source: fc.constantFrom('s', 's1'),
  })
  .map(({ stream: where, ...of }) => placed(of.id, of, where));
const facts = fc.array(fact, { minLength: 1, maxLength: 6 });
const expected: fc.Arbitrary<Expected> = fc.oneof(
  fc.constantFrom<Expected>('any', 'no-stream', 'stream-exists'),
  fc.record({ revision: fc.nat({ max: 4 }) }),
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('each' as const), facts }),
  fc.record({
    kind: fc.constant('all' as const),
    facts,
    expected: fc.array(fc.tuple(stream, expected), { maxLength: 2 }),
  }),
);

describe('facts.db', () => {
  it('answers and keeps what the log in memory does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.nat({ max: 3_000 })), { maxLength: 25 }), async (steps) => {
        const directory = newDirectory();
        const db = openFactsDatabase(join(directory, FACTS_FILE));
        const clock = new SetClock();
        const memory = new MemoryLog(clock);
        const log = new FactsLog(db);
        memory.each([placed('first')]);
        log.appendEach(packFacts([placed('first')]), millis(clock.time));
        // a first commit has shown that it syncs; hundreds more would only be slow
        db.exec('PRAGMA synchronous=OFF');
        for (const [one, ms] of steps) {
          const { facts: sent } = one;
          clock.time = new Date(millis('2026-03-01T09:00:00.000Z' as Instant) + ms).toISOString() as Instant;
          if (one.kind === 'each') {
            const { statuses, positions } = log.appendEach(packFacts(sent), millis(clock.time));
            const answered = Array.from(statuses, (no, index) => [STATUSES[no], position(positions[index] ?? NaN)]);
            expect(answered).toEqual(memory.each(sent).map(({ status, position: at }) => [status, at]));
          } else {
            const expectations = new Map<StreamName, Expected>(one.expected);
            const answered = log.append(packFacts(sent), millis(clock.time), expectations);
            const model = memory.all(sent, expectations);
            if (answered.outcome !== 'committed') expect(answered).toEqual(model);
            else
              expect(model).toMatchObject({
                outcome: 'appended',
                results: Array.from(answered.positions, (at) => ({ position: position(at) })),
              });
          }
        }
        const reader = new SqliteFactsReader(directory, new CommitNotices());
        const plain = (all: Awaited<ReturnType<typeof readEverything>>) =>
          all.map((one) => ({ ...one, nonce: one.nonce.length, stored: Buffer.from(one.stored).toString() }));
        expect(plain(await readEverything(reader))).toEqual(plain(memory.facts));
        reader.close();
        db.close();
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('packs and unpacks facts without a change', () => {
    const any = fc.record({
      id: fc.string(),
      source: fc.constantFrom('s', 't'),
      stored: fc.uint8Array({ maxLength: 40 }),
      repeatKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      metadata: fc.constantFrom({ way: 'P' }, { way: 'D', agency: 'a' }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(stream, any), { maxLength: 20 }), (drawn) => {
        const sent = drawn.map(([where, of]) => ({ stream: where, fact: sampleFact(of.id, of) }));
        const unpacked = Array.from(unpackFacts(packFacts(sent)), ({ metadata, stored, repeatKey, ...rest }) => ({
          ...rest,
          metadata: JSON.parse(metadata) as unknown,
          stored: Array.from(stored),
          repeatKey: Array.from(repeatKey),
        }));
        expect(unpacked).toEqual(
          sent.map(({ stream: where, fact: { stored, repeatKey, ...rest } }) => ({
            stream: where,
            ...rest,
            stored: Array.from(stored),
            repeatKey: Array.from(repeatKey),
          })),
        );
      }),
    );
  });
});
