import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchor, grow, openProven, provenFact, someRecord } from '../testing/proven-directory.ts';
import { verifyDirectory } from './verify-directory.ts';

const RUNS = 100;
const step = fc.record({
  facts: fc.integer({ min: 0, max: 300 }),
  records: fc.integer({ min: 0, max: 8 }),
  anchored: fc.boolean(),
  restarted: fc.boolean(),
});

describe('a hub that does as it should', () => {
  const root = mkdtempSync(join(tmpdir(), 'svd-clean-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it(`is accused of nothing, in ${RUNS} lives`, async () => {
    let life = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 2 }), async (steps) => {
        life++;
        const place = { directory: join(root, `data-${life}`), outside: join(root, `outside-${life}`) };
        let proven = await openProven(place);
        let [facts, records] = [0, 0];
        for (const { facts: more, records: asked, anchored, restarted } of steps) {
          const fresh = Array.from({ length: more }, () => provenFact(`f-${facts++}`, { type: `t${facts % 4}` }));
          await grow(
            proven,
            fresh,
            Array.from({ length: asked }, () => someRecord(records++)),
          );
          if (anchored && records > 0) await anchor(proven);
          // as it runs, before everything is covered, too
          expect(verifyDirectory(place.directory, { checkpoints: place.outside }).findings).toEqual([]);
          if (!restarted) continue;
          await proven.close();
          proven = await openProven(place);
        }
        await proven.close();
        const keys = readFileSync(join(place.directory, 'log.vkey'), 'utf8');
        const verdict = verifyDirectory(place.directory, { keys, checkpoints: place.outside });
        expect(verdict).toMatchObject({ sound: true, findings: [], found: 0, notes: [] });
        expect(verdict.facts.covered).toBe(verdict.facts.size);
        expect(verdict.facts.size).toBeGreaterThanOrEqual(facts);
        expect(verdict.access).toMatchObject({ size: records, covered: records });
      }),
      { numRuns: RUNS },
    );
  }, 300_000);
});
