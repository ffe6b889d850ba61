import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openSqliteStore, type Store } from '#event-store';
import { openReadModels, type CubeQuestion, type ReadModels } from '#read-models';
import { eventType, position, Problem } from '#kernel';
import { exclusion, FactsOfATest, incident, POLICE } from '../testing/sample-facts.ts';
import { county, publish } from '../testing/sample-store.ts';
import { inScratch } from '../testing/scratch.ts';
import { MODELS_FILE, openModelsDatabase } from './models-database.ts';
import { Projector } from './projector.ts';
import { PROJECTIONS } from '../projections.ts';
import { cube, digest } from './questions.ts';

const TOTAL: CubeQuestion = { model: 'incidents', types: [eventType(POLICE)], by: [] };
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'resolved',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );
const digests = async (models: ReadModels): Promise<string[]> => [
  await models.digest('incidents'),
  await models.digest('profiles'),
];

async function withStore(work: (store: Store, directory: string) => Promise<void>): Promise<void> {
  await inScratch(async (directory) => {
    const store = await openSqliteStore({ directory });
    try {
      await work(store, directory);
    } finally {
      await store.close();
    }
  });
}
async function withModels(work: (models: ReadModels, store: Store, directory: string) => Promise<void>): Promise<void> {
  await withStore(async (store, directory) => {
    const models = await openReadModels({ directory });
    try {
      await work(models, store, directory);
    } finally {
      await models.close();
    }
  });
}

/** What the same facts give when folded once, in this thread, without a store. */
async function folded(count: number): Promise<{ digests: string[]; total: number }> {
  return inScratch(async (directory) => {
    const db = openModelsDatabase(directory);
    const projector = new Projector(db, new FactsOfATest(county(0, count)), PROJECTIONS);
    while (await projector.step());
    const answer = {
      digests: [await digest(db, 'incidents'), await digest(db, 'profiles')],
      total: cube(db, TOTAL).cells[0]?.count ?? 0,
    };
    db.close();
    return answer;
  });
}

describe('the read models over a real store', () => {
  it('follow the log and answer as of a position', async () => {
    await withModels(async (models, store) => {
      expect(await models.cube(TOTAL)).toEqual({ asOf: 'empty', cells: [] });
      const last = await publish(store, [
        incident('a'),
        incident('b', { category: 'robbery', occurredFrom: '2024-02', occurredTo: '2024-02' }),
        incident('c', { category: 'robbery', corrects: { id: 'a', reason: 'reclassified' } }),
        exclusion('d'),
      ]);
      await models.caughtUp(last);
      expect(await models.cube({ ...TOTAL, by: ['period', 'category'] })).toEqual({
        asOf: last,
        cells: [
          { values: { period: '2024-01', category: 'robbery' }, count: 1 },
          { values: { period: '2024-02', category: 'robbery' }, count: 1 },
        ],
      });
      const february = { from: '2024-02', to: '2024-03' };
      expect((await models.cube({ ...TOTAL, months: february })).cells).toEqual([{ values: {}, count: 1 }]);
      expect((await models.cube({ ...TOTAL, periods: ['2024-01', '1999-01'] })).cells).toEqual([
        { values: {}, count: 1 },
      ]);
      expect((await models.cube({ ...TOTAL, types: [] })).cells).toEqual([]);
      const terms = {
        model: 'profiles',
        types: [exclusion('d').type].map(eventType),
        periods: ['2023-24/autumn'],
        by: ['reason', 'month'],
      } as const;
      expect((await models.cube(terms)).cells).toEqual([{ values: { reason: 'OW', month: 'not-stated' }, count: 1 }]);
    });
  });

  it('refuse a question they do not understand', async () => {
    await withModels(async (models) => {
      expect(await codeOf(models.cube({ ...TOTAL, by: ['key'] }))).toBe('cube-column-unknown');
      expect(await codeOf(models.cube({ ...TOTAL, by: ['place"; --'] }))).toBe('cube-column-unknown');
      expect(await codeOf(models.cube({ ...TOTAL, by: ['place', 'place'] }))).toBe('cube-too-wide');
      expect(await codeOf(models.cube({ ...TOTAL, months: { from: '2024-1', to: '2024-02' } }))).toBe(
        'cube-month-malformed',
      );
      expect(await codeOf(models.retry('incidents:7'))).toBe('parked-unknown');
    });
  });

  it('park what they cannot place, retry it and set it aside for good', async () => {
    await withModels(async (models, store) => {
      const last = await publish(store, [
        incident('a', { knifeOrSharp: 'thrown' }),
        incident('b'),
        exclusion('c', { kind: 'other' }),
      ]);
      await models.caughtUp(last);
      expect(await models.parked()).toEqual([
        {
          id: 'incidents:0',
          projection: 'incidents',
          position: '0',
          code: 'value-unplaceable',
          tries: 1,
          state: 'parked',
        },
        {
          id: 'profiles:2',
          projection: 'profiles',
          position: '2',
          code: 'value-unplaceable',
          tries: 1,
          state: 'parked',
        },
      ]);
      expect(await models.retry('incidents:0')).toBe('parked');
      await models.skip('profiles:2');
      await models.rebuild();
      expect((await models.parked()).map(({ id, state }) => [id, state])).toEqual([
        ['incidents:0', 'parked'],
        ['profiles:2', 'skipped'],
      ]);
      expect(await models.status()).toEqual([
        {
          name: 'incidents',
          version: 1,
          build: 2,
          position: '2',
          applied: 2,
          parked: 1,
          skipped: 0,
          pending: 0,
          state: 'running',
        },
        {
          name: 'profiles',
          version: 1,
          build: 2,
          position: '2',
          applied: 2,
          parked: 1,
          skipped: 1,
          pending: 0,
          state: 'running',
        },
      ]);
    });
  });

  it('are rebuilt beside the live ones, while facts come and questions are asked', async () => {
    await withModels(async (models, store) => {
      const before = 4_000;
      await models.caughtUp(await publish(store, county(0, before)));
      const start = (await models.cube(TOTAL)).cells[0]?.count ?? 0;
      let rebuilding = true;
      const rebuilt = models.rebuild().finally(() => (rebuilding = false));
      let count = before;
      const seen: number[] = [];
      while (rebuilding || count === before) {
        const last = await publish(store, county(count, 20));
        count += 20;
        models.nudge(last);
        const { asOf, cells } = await models.cube(TOTAL);
        expect(Number(asOf)).toBeGreaterThanOrEqual(before - 1);
        seen.push(cells[0]?.count ?? 0);
      }
      await rebuilt;
      await models.caughtUp(position(count - 1));
      expect(seen.every((total, i) => total >= (seen[i - 1] ?? start))).toBe(true);
      const alone = await folded(count);
      expect(await digests(models)).toEqual(alone.digests);
      expect((await models.cube(TOTAL)).cells[0]?.count).toBe(alone.total);
      expect((await models.status()).map(({ build, rebuilding: growing }) => [build, growing])).toEqual([
        [2, undefined],
        [2, undefined],
      ]);
    });
  });

  it('leave nothing of an old build behind', async () => {
    await withModels(async (models, store, directory) => {
      await models.caughtUp(await publish(store, county(0, 100)));
      await models.rebuild();
      await models.rebuild();
      const db = new DatabaseSync(join(directory, MODELS_FILE), { readOnly: true });
      const names = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .all()
        .map(({ name }) => name);
      db.close();
      expect(names.filter((name) => String(name).includes('_b'))).toEqual([
        'incidents_v1_b3',
        'incidents_v1_b3_aliases',
        'profiles_v1_b3',
        'profiles_v1_b3_aliases',
        'texts_b3',
      ]);
    });
  });

  it('go on where a killed thread stopped, live and growing builds alike', async () => {
    await withStore(async (store, directory) => {
      const count = 6_000;
      await publish(store, county(0, count));
      const alone = await folded(count);
      for (const life of [0, 10, 25, 50, 90]) {
        const worker = new Worker(new URL('./projector-worker.ts', import.meta.url), {
          workerData: { directory, factsDirectory: directory },
          execArgv: ['--conditions=development', '--disable-warning=ExperimentalWarning'],
        });
        worker.postMessage({ kind: 'call', no: 0, name: 'rebuild', argument: undefined });
        await once(worker, 'message');
        await pause(life);
        await worker.terminate();
      }
      const models = await openReadModels({ directory });
      await models.caughtUp(position(count - 1));
      expect(await digests(models)).toEqual(alone.digests);
      await models.rebuild();
      expect(await digests(models)).toEqual(alone.digests);
      await models.close();
    });
  });

  it('say that their thread is down, and come back by themselves', async () => {
    await withModels(async (models, store, directory) => {
      await models.caughtUp(await publish(store, county(0, 10)));
      const saboteur = new DatabaseSync(join(directory, MODELS_FILE), { timeout: 5_000 });
      saboteur.exec("CREATE TRIGGER fault BEFORE UPDATE ON progress BEGIN SELECT raise(ABORT, 'planted'); END");
      const last = await publish(store, county(10, 10));
      expect(await codeOf(models.caughtUp(last))).toBe('projector-down');
      expect((await models.status()).map(({ state }) => state)).toEqual(['down', 'down']);
      expect(await codeOf(models.rebuild())).toBe('projector-down');
      expect((await models.cube(TOTAL)).asOf).toBe('9');
      saboteur.exec('DROP TRIGGER fault');
      saboteur.close();
      while ((await codeOf(models.caughtUp(last))) !== 'resolved') await pause(20);
      expect(await digests(models)).toEqual((await folded(20)).digests);
    });
  });

  it('do not open without a facts log, nor answer once closed', async () => {
    await inScratch(async (directory) => {
      const causes: unknown[] = [];
      const opening = openReadModels({ directory, onDown: (cause) => causes.push(cause) });
      expect(await codeOf(opening)).toBe('projector-down');
      expect(causes.map((cause) => String(cause))).toEqual([expect.stringContaining('store-missing')]);
    });
    await withModels(async (models) => {
      await models.close();
      expect(await codeOf(models.cube(TOTAL))).toBe('projector-down');
      expect(await codeOf(models.caughtUp(position(0)))).toBe('projector-down');
      expect(await codeOf(models.status())).toBe('projector-down');
    });
  });
});
