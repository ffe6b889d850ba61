import fc from 'fast-check';
import { instant, streamName } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import { MemoryLog } from '../memory/memory-log.ts';
import type { Expected, FactsReader, FactsWriter, StoredFact } from '../ports.ts';
import { placed, readEverything, SetClock } from '../testing/sample-facts.ts';
import { EventStoreDbReader } from './eventstoredb-reader.ts';
import { EventStoreDbWriter } from './eventstoredb-writer.ts';
import { FactsIndex } from './facts-index.ts';
import { openIndexDatabase } from './index-database.ts';
import { IndexFollower } from './index-follower.ts';
import { sampleRepeatKeyOf } from './testing/sample-repeat-keys.ts';
import { ScriptedEngine, type Scripted } from './testing/scripted-engine.ts';

const STREAMS = ['a', 'b'].map(streamName);
const stream = fc.constantFrom(...STREAMS);
const fact = fc
  .record({
    id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
    form: fc.constantFrom('first', 'first', 'second'),
    stream,
  })
  .map(({ id, form, stream: where }) => placed(id, { form }, where));
const expected = fc.oneof(
  fc.constantFrom<Expected>('any', 'no-stream', 'stream-exists'),
  fc.nat(3).map((revision) => ({ revision })),
);
const scripted = fc.constantFrom<Scripted>(
  { lands: 'at-once', told: 'unknown' },
  { lands: 'late', told: 'unknown' },
  { lands: 'never', told: 'unknown' },
);
const call = fc.record({
  writer: fc.nat(1),
  facts: fc.array(fact, { minLength: 1, maxLength: 4 }),
  /** All or nothing when given. */
  expected: fc.option(fc.dictionary(stream, expected, { maxKeys: 2, noNullPrototype: true })),
  script: fc.array(scripted, { maxLength: 2 }),
  landLate: fc.boolean(),
  time: fc.nat(9),
});

interface Opened {
  readonly writer: FactsWriter;
  readonly reader: FactsReader;
  close(): Promise<void>;
}
async function open(engine: ScriptedEngine, clock: SetClock): Promise<Opened> {
  const index = new FactsIndex(openIndexDatabase(), 'svd-facts');
  const notices = new CommitNotices();
  const follower = new IndexFollower(engine, index, notices, sampleRepeatKeyOf);
  await follower.start();
  const writer = new EventStoreDbWriter(engine, follower, { clock, repeatKeyOf: sampleRepeatKeyOf, patience: 60_000 });
  return {
    writer,
    reader: new EventStoreDbReader(engine, follower, notices),
    close: async () => {
      await writer.close();
      follower.stop();
      index.close();
    },
  };
}
const withoutNonce = (facts: readonly StoredFact[]): unknown[] =>
  facts.map(({ nonce: _, ...rest }) => ({ ...rest, stored: [...rest.stored] }));

describe('two writers of one stream, which loses answers and lands appends late', () => {
  it('answer and keep what one log would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const engine = new ScriptedEngine();
        const clock = new SetClock();
        const reference = new MemoryLog(clock);
        const both = [await open(engine, clock), await open(engine, clock)];
        // what is told of foreign facts comes when it comes: here never, but by a wrong revision
        engine.silent = true;
        try {
          for (const { writer: no, facts, expected: held, script, landLate, time } of calls) {
            clock.time = instant(1_000 * time);
            engine.script.push(...script);
            engine.before = () => landLate && engine.landLate();
            const writer = both[no]?.writer;
            if (held === null) expect(await writer?.appendEach(facts, 'lane')).toEqual(reference.each(facts));
            else {
              const expectations = new Map(
                STREAMS.flatMap((name) => (held[name] === undefined ? [] : [[name, held[name]]])),
              );
              expect(await writer?.append(facts, expectations)).toEqual(reference.all(facts, expectations));
            }
          }
          engine.landLate();
          for (const { reader } of [...both, await open(engine, clock)]) {
            expect(withoutNonce(await readEverything(reader))).toEqual(withoutNonce(reference.facts));
          }
        } finally {
          for (const one of both) await one.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});
