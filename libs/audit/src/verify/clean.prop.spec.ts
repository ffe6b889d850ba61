import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchor, grow, openProven, provenFact, someRecord } from '../testing/proven-directory.ts';
import { verifyDirectory } from './verify-directory.ts';

const RUNS = 25;
/** Hubs that live at once: most of a life is waiting for its trees. */
const BESIDE = 4;
const step = fc.record({
  facts: fc.integer({ min: 0, max: 300 }),
  records: fc.integer({ min: 0, max: 8 }),
  anchored: fc.boolean(),
  restarted: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const life = fc.array(step, { minLength: 1, maxLength: 2 });

describe('a hub that does as it should', () => {
  const root = mkdtempSync(join(tmpdir(), 'svd-clean-'));
  afterAll(() => rmSync(root, { recursive: true }));
  let lives = 0;

  async function live(steps: readonly Step[]): Promise<void> {
    const name = String(++lives);
    const place = { directory: join(root, name, 'data'), outside: join(root, name, 'outside') };
    let proven = await openProven(place);
    let [facts, records] = [0, 0];
    for (const { facts: more, records: asked, anchored, restarted } of steps) {
      const fresh = Array.from({ length: more }, () => provenFact(`f-${facts++}`, { type: `t${facts % 4}` }));
      const growing = grow(
        proven,
        fresh,
        Array.from({ length: asked }, () => someRecord(records++)),
      );
      // as it runs, while threads write and before anything is covered
      expect(verifyDirectory(place.directory, { checkpoints: place.outside }).findings).toEqual([]);
      await growing;
      if (anchored && records > 0) await anchor(proven);
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
    rmSync(join(root, name), { recursive: true });
  }

  it(`is accused of nothing, in ${RUNS * BESIDE} lives`, async () => {
    const together = fc.array(life, { minLength: BESIDE, maxLength: BESIDE });
    await fc.assert(
      fc.asyncProperty(together, async (beside) => void (await Promise.all(beside.map(live)))),
      { numRuns: RUNS },
    );
    expect(lives).toBe(RUNS * BESIDE);
  }, 300_000);
});
