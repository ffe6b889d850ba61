import { DatabaseSync } from 'node:sqlite';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredFact } from '#event-store/reader';
import { eventType, Problem } from '#kernel';
import { PROJECTIONS } from '../projections.ts';
import type { CubeQuestion } from '../read-models.ts';
import { FactsOfATest, incident, POLICE } from '../testing/sample-facts.ts';
import { county } from '../testing/sample-store.ts';
import { inScratch } from '../testing/scratch.ts';
import { MODELS_FILE, openForQuestions, openModelsDatabase } from './models-database.ts';
import { Projector } from './projector.ts';
import { cube, digest } from './questions.ts';
import { statusOf } from './status.ts';

const TOTAL: CubeQuestion = { model: 'incidents', types: [eventType(POLICE)], by: [] };
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
  return 'answered';
};
/** Asks the scan to stop once its second chunk has begun. */
class StoppingFacts extends FactsOfATest {
  readonly stop = new AbortController();
  given = 0;

  override async *readAll(...range: Parameters<FactsOfATest['readAll']>): AsyncGenerator<readonly StoredFact[]> {
    for await (const facts of super.readAll(...range)) {
      this.given += facts.length;
      if (this.given > 8_000) this.stop.abort();
      yield facts;
    }
  }
}
async function drain(projector: Projector): Promise<void> {
  while (await projector.step());
}

describe('the projector', () => {
  it('builds another version beside the live one, which it can no longer grow', async () => {
    await inScratch(async (directory) => {
      const db = openModelsDatabase(directory);
      const reader = new FactsOfATest(county(0, 40));
      const older = PROJECTIONS.map((projection) => ({ ...projection, version: 0 }));
      await drain(new Projector(db, reader, older));
      reader.push(...county(40, 10));

      const projector = new Projector(db, reader, PROJECTIONS);
      expect(codeOf(() => cube(db, TOTAL))).toBe('projection-rebuilding');
      expect(statusOf(db, 49, 'running')[0]).toMatchObject({
        version: 0,
        build: 1,
        position: '39',
        pending: 10,
        rebuilding: { build: 2, position: 'empty' },
      });
      await drain(projector);
      expect(statusOf(db, 49, 'running')[0]).toMatchObject({ version: 1, build: 2, position: '49', pending: 0 });

      const afresh = await inScratch(async (other) => {
        const fresh = openModelsDatabase(other);
        await drain(new Projector(fresh, reader, PROJECTIONS));
        const digested = await digest(fresh, 'incidents');
        fresh.close();
        return digested;
      });
      expect(await digest(db, 'incidents')).toBe(afresh);
      db.close();
    });
  });

  it('shows a question one state while it switches', async () => {
    await inScratch(async (directory) => {
      const db = openModelsDatabase(directory);
      const reader = new FactsOfATest(county(0, 40));
      const projector = new Projector(db, reader, PROJECTIONS);
      await drain(projector);
      const asking = openForQuestions(directory);
      const before = cube(asking, TOTAL);
      asking.exec('BEGIN');
      asking.prepare('SELECT count(*) FROM live').get();
      const rebuilt = projector.rebuild();
      reader.push(incident('new'));
      await drain(projector);
      await rebuilt;
      const still = asking.prepare('SELECT count(*) AS n FROM incidents_v1_b1 WHERE removed = 0').get();
      expect(still?.['n']).toBe(before.cells[0]?.count);
      asking.exec('COMMIT');
      expect(cube(asking, TOTAL).cells[0]?.count).toBe((before.cells[0]?.count ?? 0) + 1);
      asking.close();
      db.close();
    });
  });

  it('parks a correction of itself, and corrections that go round', async () => {
    await inScratch(async (directory) => {
      const db = openModelsDatabase(directory);
      const reader = new FactsOfATest([
        incident('a', { corrects: { id: 'a', reason: 'wrong' } }),
        incident('b', { corrects: { id: 'c', reason: 'wrong' } }),
        incident('c', { corrects: { id: 'b', reason: 'wrong' } }),
        incident('d', { corrects: { id: 'e', reason: 'misread' } }),
      ]);
      const projector = new Projector(db, reader, PROJECTIONS);
      await drain(projector);
      const parked = (): unknown[] =>
        db
          .prepare('SELECT position, code FROM parked ORDER BY position')
          .all()
          .map(({ position, code }) => [position, code]);
      const expected = [
        [0, 'correction-cycle'],
        [2, 'correction-cycle'],
        [3, 'correction-unplaceable'],
      ];
      expect(parked()).toEqual(expected);
      const live = await digest(db, 'incidents');
      const rebuilt = projector.rebuild();
      await drain(projector);
      await rebuilt;
      expect(parked()).toEqual(expected);
      expect(await digest(db, 'incidents')).toBe(live);
      db.close();
    });
  });

  it('starts anew with a file of another layout', async () => {
    await inScratch(async (directory) => {
      const old = new DatabaseSync(join(directory, MODELS_FILE));
      old.exec('CREATE TABLE live(other TEXT); PRAGMA user_version=99');
      old.close();
      const db = openModelsDatabase(directory);
      await drain(new Projector(db, new FactsOfATest(county(0, 10)), PROJECTIONS));
      expect(cube(db, TOTAL).asOf).toBe('9');
      db.close();
    });
  });

  it.each([
    ['no database', (file: Buffer) => Buffer.alloc(file.length, 'x')],
    ['a torn first page', (file: Buffer) => Buffer.concat([file.subarray(0, 100), Buffer.alloc(4_096, 0xff)])],
  ])('starts anew with a file that is damaged: %s', async (_, spoil) => {
    await inScratch(async (directory) => {
      openModelsDatabase(directory).close();
      const file = join(directory, MODELS_FILE);
      writeFileSync(file, spoil(readFileSync(file)));
      const db = openModelsDatabase(directory);
      await drain(new Projector(db, new FactsOfATest(county(0, 10)), PROJECTIONS));
      expect(cube(db, TOTAL).asOf).toBe('9');
      db.close();
    });
  });

  it('stops between two commits of a long scan, and goes on from there', async () => {
    await inScratch(async (directory) => {
      const db = openModelsDatabase(directory);
      const reader = new StoppingFacts(county(0, 20_000));
      const projector = new Projector(db, reader, PROJECTIONS);
      await projector.step(reader.stop.signal);
      const { asOf } = cube(db, TOTAL);
      expect(Number(asOf)).toBe(projector.progress.live);
      expect(projector.progress).toEqual({ live: 7_999, head: 19_999 });
      expect(reader.given).toBeLessThan(20_000);
      expect(await projector.step(reader.stop.signal)).toBe(false);
      expect(cube(db, TOTAL).asOf).toBe('7999');

      await drain(new Projector(db, reader, PROJECTIONS));
      await inScratch(async (other) => {
        const fresh = openModelsDatabase(other);
        await drain(new Projector(fresh, reader, PROJECTIONS));
        expect(await digest(db, 'incidents')).toBe(await digest(fresh, 'incidents'));
        expect(await digest(db, 'profiles')).toBe(await digest(fresh, 'profiles'));
        fresh.close();
      });
      db.close();
    });
  });

  it('keeps rows and checkpoint in one transaction', async () => {
    await inScratch(async (directory) => {
      const db = openModelsDatabase(directory);
      const reader = new FactsOfATest(county(0, 10));
      const projector = new Projector(db, reader, PROJECTIONS);
      await drain(projector);
      db.exec("CREATE TRIGGER fault BEFORE UPDATE ON progress BEGIN SELECT raise(ABORT, 'planted'); END");
      reader.push(...county(10, 10));
      await expect(projector.step()).rejects.toThrow('planted');
      const before = cube(db, TOTAL);
      expect(before.asOf).toBe('9');
      expect(before.cells[0]?.count).toBe(3);
      db.exec('DROP TRIGGER fault');
      await drain(projector);
      expect(cube(db, TOTAL).asOf).toBe('19');
      db.close();
    });
  });
});
