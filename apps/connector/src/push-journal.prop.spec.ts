import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { PushJournal, type Settled } from './push-journal.ts';

const settled: fc.Arbitrary<Settled> = fc.oneof(
  fc.record({
    status: fc.constantFrom('accepted' as const, 'repeated' as const, 'corrected' as const),
    position: fc.nat({ max: 20 }).map(String),
  }),
  fc.record({ status: fc.constant('quarantined' as const), code: fc.constant('code-unmapped'), field: fc.string() }),
);

describe('the journal of a push', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'svd-journal-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('reads back what was flushed, in whatever order and portions', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), settled, fc.boolean()), { maxLength: 40 }),
        async (rows) => {
          const path = join(folder, `${n++}.ndjson`);
          const journal = await PushJournal.open(path);
          for (const [row, what, flush] of rows) {
            if (journal.get(row) !== undefined) continue;
            journal.add(row, what);
            if (flush) await journal.flush();
          }
          await journal.flush();
          const again = await PushJournal.open(path);
          expect(new Map(again.rows())).toEqual(new Map(journal.rows()));
          expect(again.counts).toEqual(journal.counts);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is one short entry for rows that count up together', async () => {
    const path = join(folder, 'long.ndjson');
    const journal = await PushJournal.open(path);
    for (let row = 1; row <= 1000; row++) journal.add(row, { status: 'accepted', position: String(row + 41) });
    await journal.flush();
    expect(await readFile(path, 'utf8')).toBe('[[1,1000,"accepted",42]]\n');
  });

  it('ignores a line that was cut, or is not one of its own, and goes on after it', async () => {
    const path = join(folder, 'cut.ndjson');
    await writeFile(path, '[[1,2,"accepted",0]]\nnonsense\n[[5,1,"perhaps",1],[6,99999999999,"accepted",1]]\n');
    await appendFile(path, '[[3,1,"acc');
    const journal = await PushJournal.open(path);
    expect([...journal.rows()].map(([row]) => row)).toEqual([1, 2]);
    journal.add(3, { status: 'repeated', position: '7' });
    await journal.flush();
    expect((await PushJournal.open(path)).get(3)).toEqual({ status: 'repeated', position: '7' });
    await journal.clear();
    expect([journal.size, (await PushJournal.open(path)).size]).toEqual([0, 0]);
  });
});
