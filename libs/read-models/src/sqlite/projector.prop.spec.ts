import fc from 'fast-check';
import type { DatabaseSync } from 'node:sqlite';
import { eventType, Problem } from '#kernel';
import type { Projection } from '../projection.ts';
import { PROJECTIONS } from '../projections.ts';
import { exclusion, FactsOfATest, incident, POLICE, PROFILE, profile, type Sample } from '../testing/sample-facts.ts';
import { inScratch } from '../testing/scratch.ts';
import { openModelsDatabase } from './models-database.ts';
import { Projector } from './projector.ts';
import { cube, digest } from './questions.ts';
import { parkedFacts, statusOf } from './status.ts';

const AGENCIES = ['county-police', 'town-police'];
const REASONS = ['reclassified', 'wrong', 'duplicate', 'retracted'] as const;
const CATEGORIES = ['robbery', 'drugs', 'burglary'];

/** Originals, then corrections that name an original, an earlier-made correction or nobody; in any order of arrival. */
const log: fc.Arbitrary<Sample[]> = fc
  .record({
    originals: fc.array(
      fc.record({ agency: fc.constantFrom(0, 0, 0, 1), category: fc.nat(2), profile: fc.boolean() }),
      { maxLength: 8 },
    ),
    corrections: fc.array(
      fc.record({
        target: fc.nat(14),
        reason: fc.nat(3),
        category: fc.nat(2),
        agency: fc.constantFrom(0, 0, 0, 1),
        poison: fc.nat(7),
      }),
      { maxLength: 8 },
    ),
    exclusions: fc.nat(2),
  })
  .chain(({ originals, corrections, exclusions }) => {
    const samples: Sample[] = originals.map(({ agency, category, profile: asProfile }, i) => ({
      ...(asProfile
        ? profile(`e${i}`, { category: CATEGORIES[category] })
        : incident(`e${i}`, { category: CATEGORIES[category] })),
      agency: AGENCIES[agency] ?? '',
    }));
    corrections.forEach(({ target, reason, category, agency, poison }, i) => {
      const named = `e${target % (originals.length + i + 1)}`;
      const id = `e${originals.length + i}`;
      const corrects = { id: named === id ? 'nobody' : named, reason: REASONS[reason] };
      const data = { category: CATEGORIES[category], corrects, ...(poison === 0 ? { knifeOrSharp: 'thrown' } : {}) };
      samples.push({ ...(category === 0 ? profile(id, data) : incident(id, data)), agency: AGENCIES[agency] ?? '' });
    });
    for (let i = 0; i < exclusions; i++) samples.push(exclusion(`x${i}`));
    return fc.shuffledSubarray(samples, { minLength: samples.length });
  });

/** The rule of `occurrence.ts`, told another way: over the whole log at once. */
function expected(samples: readonly Sample[], type: string, parked: ReadonlySet<number>): Record<string, number> {
  const told = samples.flatMap((sample, at) => (sample.type === type && !parked.has(at) ? [{ ...sample, at }] : []));
  const byKey = new Map(told.map((event) => [`${event.agency} ${event.id}`, event]));
  const targetOf = (sample: Sample): string | undefined => (sample.data['corrects'] as { id: string } | undefined)?.id;
  const rootOf = (agency: string, id: string): string => {
    const event = byKey.get(`${agency} ${id}`);
    const target = event && targetOf(event);
    return target === undefined ? `${agency} ${id}` : rootOf(agency, target);
  };
  const winners = new Map<string, (typeof told)[number]>();
  for (const event of told) {
    const root = rootOf(event.agency, event.id);
    if (targetOf(event) !== undefined || !winners.has(root)) winners.set(root, event);
  }
  const counts: Record<string, number> = {};
  for (const { data, agency } of winners.values()) {
    const reason = (data['corrects'] as { reason: string } | undefined)?.reason;
    if (reason === 'duplicate' || reason === 'retracted') continue;
    const cell = `${agency} ${String(data['category'])}`;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

function counted(db: DatabaseSync, model: 'incidents' | 'profiles', type: string): Record<string, number> {
  const { cells } = cube(db, { model, types: [eventType(type)], by: ['publisher', 'category'] });
  return Object.fromEntries(cells.map(({ values, count }) => [`${values['publisher']} ${values['category']}`, count]));
}

async function drain(projector: Projector): Promise<void> {
  while (await projector.step());
}
const digests = async (db: DatabaseSync): Promise<string[]> => [
  await digest(db, 'incidents'),
  await digest(db, 'profiles'),
];

/** Folds the log in pieces, each by a projector that starts anew, in batches of `size`. */
async function folded<T>(
  samples: readonly Sample[],
  { pieces = [] as readonly number[], size = 1_000, projections = PROJECTIONS },
  look: (db: DatabaseSync, projector: Projector) => Promise<T>,
): Promise<T> {
  return inScratch(async (directory) => {
    const db = openModelsDatabase(directory);
    try {
      const reader = new FactsOfATest([], size);
      let projector = new Projector(db, reader, projections);
      for (const end of [
        ...pieces.map((piece) => piece % (samples.length + 1)).sort((a, b) => a - b),
        samples.length,
      ]) {
        reader.push(...samples.slice(reader.facts.length, end));
        projector = new Projector(db, reader, projections);
        await drain(projector);
      }
      return await look(db, projector);
    } finally {
      db.close();
    }
  });
}
const live = (samples: readonly Sample[]): Promise<string[]> => folded(samples, {}, digests);

const permutations = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));

describe('the models', () => {
  it('count each occurrence once, as its last correction says', async () => {
    await fc.assert(
      fc.asyncProperty(log, async (samples) => {
        await folded(samples, {}, async (db) => {
          const parked = new Set(parkedFacts(db).map(({ position }) => Number(position)));
          expect(counted(db, 'incidents', POLICE)).toEqual(expected(samples, POLICE, parked));
          expect(counted(db, 'profiles', PROFILE)).toEqual(expected(samples, PROFILE, parked));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('are the same whatever the batches and wherever the process stopped', async () => {
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.array(fc.nat(20), { maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        async (samples, pieces, size) => {
          expect(await folded(samples, { pieces, size }, digests)).toEqual(await live(samples));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are the same when rebuilt, whatever came meanwhile and however often the process stopped', async () => {
    const happenings = fc.array(fc.record({ steps: fc.nat(3), facts: fc.nat(3), stop: fc.boolean() }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(log, fc.nat(20), happenings, async (samples, cut, meanwhile) => {
        await inScratch(async (directory) => {
          const db = openModelsDatabase(directory);
          const reader = new FactsOfATest(samples.slice(0, cut % (samples.length + 1)), 2);
          let projector = new Projector(db, reader, PROJECTIONS);
          await drain(projector);
          void projector.rebuild();
          for (const { steps, facts, stop } of meanwhile) {
            for (let i = 0; i < steps; i++) await projector.step();
            reader.push(...samples.slice(reader.facts.length, reader.facts.length + facts));
            if (stop) projector = new Projector(db, reader, PROJECTIONS);
          }
          reader.push(...samples.slice(reader.facts.length));
          await drain(projector);
          expect(await digests(db)).toEqual(await live(samples));
          expect(statusOf(db, samples.length - 1, 'running').map(({ build }) => build)).toEqual([2, 2]);
          db.close();
        });
      }),
      { numRuns: 30 },
    );
  });

  it('are the same when what was parked is folded later, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.uniqueArray(fc.nat(16)), async (samples, late) => {
        const refused = new Set(late.map((at) => samples[at % Math.max(1, samples.length)]?.id));
        let open = false;
        const hesitant = PROJECTIONS.map((projection): Projection => ({
          ...projection,
          row(event) {
            const row = projection.row(event);
            if (!open && refused.has(String(event.data['mark']))) throw new Problem('not-yet');
            return row;
          },
        }));
        const marked = samples.map((sample) => ({ ...sample, data: { ...sample.data, mark: sample.id } }));
        await folded(marked, { projections: hesitant }, async (db, projector) => {
          open = true;
          const waiting = parkedFacts(db)
            .filter(({ code }) => code === 'not-yet')
            .map(({ id }) => id);
          const places = waiting.map((id, i) => ({ id, at: (late[i] ?? i) * 7 }));
          for (const { id } of places.sort((a, b) => a.at - b.at)) await projector.retry(id);
          expect(await digests(db)).toEqual(await live(marked));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('find the root of every chain, in every order of arrival and with any one of its events late', async () => {
    const chain = [
      ['o', undefined],
      ['e', 'o'],
      ['f', 'e'],
      ['g', 'f'],
      ['h', 'o'],
    ] as const;
    const samples = permutations([0, 1, 2, 3, 4]).flatMap((order, n) =>
      [...order, -1].flatMap((late) =>
        order.map((at): Sample => {
          const [id, target] = chain[at] ?? ['', undefined];
          const corrects = target === undefined ? {} : { corrects: { id: target, reason: 'wrong' } };
          const mark = late === at ? { mark: 'late' } : {};
          return { ...incident(id, { category: id, ...corrects, ...mark }), agency: `force-${n}-${late}` };
        }),
      ),
    );
    let open = false;
    const hesitant = PROJECTIONS.map((projection): Projection => ({
      ...projection,
      row(event) {
        if (!open && event.data['mark'] === 'late') throw new Problem('not-yet');
        return projection.row(event);
      },
    }));
    await folded(samples, { projections: hesitant }, async (db, projector) => {
      open = true;
      for (const { id } of parkedFacts(db)) await projector.retry(id);
      expect(counted(db, 'incidents', POLICE)).toEqual(expected(samples, POLICE, new Set()));
      const late = await digests(db);
      const rebuilt = projector.rebuild();
      await drain(projector);
      await rebuilt;
      expect(await digests(db)).toEqual(late);
    });
  });

  it('account for every fact: applied + parked + pending = total', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.nat(5), async (samples, more) => {
        await folded(samples, {}, async (db) => {
          for (const { applied, parked, pending } of statusOf(db, samples.length - 1 + more, 'running')) {
            expect(applied + parked + pending).toBe(samples.length + more);
            expect(pending).toBe(more);
          }
        });
      }),
      { numRuns: 30 },
    );
  });
});
