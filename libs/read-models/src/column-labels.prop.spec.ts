import fc from 'fast-check';
import { EVENT_TYPES, eventDefinition, type EventDefinition } from '#contracts';
import { anyEvent } from '../../contracts/src/testing/event-arbitrary.ts';
import type { Projection, PublishedEvent } from './projection.ts';
import { PROJECTIONS } from './projections.ts';
import { band, rowModel, type FilledColumn } from './row-model.ts';
import { readsBeyond } from './testing/recorded-reads.ts';

/** Any event that the registry accepts, of any type that a projection reads. */
const events = ({ reads }: Projection): fc.Arbitrary<PublishedEvent> =>
  fc.oneof(
    ...reads.map((type) =>
      anyEvent(eventDefinition(type) as EventDefinition, 'urn:svd:agency:county-police').map(({ data }) => ({
        type,
        publisher: 'county-police',
        data: data as PublishedEvent['data'],
      })),
    ),
  );
const declaredBy = (projection: Projection, { type }: PublishedEvent): readonly string[] =>
  [...projection.filledFrom(type).values()].flat();

describe.each(PROJECTIONS)('$name', (projection) => {
  it('read nothing of an event but what fills their columns', () => {
    fc.assert(
      fc.property(events(projection), (event) => {
        expect(readsBeyond(projection, event, declaredBy(projection, event))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('fill each column from what it says, and from nothing else but the time, which every row has', () => {
    const alone = projection.columns.map((column) =>
      rowModel(projection.name, 1, projection.reads, [column as FilledColumn]),
    );
    const timed = rowModel(projection.name, 1, projection.reads, [band]);
    fc.assert(
      fc.property(events(projection), (event) => {
        const time = declaredBy(timed, event);
        for (const one of alone) expect(readsBeyond(one, event, [...declaredBy(one, event), ...time])).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a projection that reads more than it says', () => {
  const [incidents] = PROJECTIONS as [Projection];
  const curious: Projection = {
    ...incidents,
    row: (event) => (event.data['injury'] === 'fatal' ? [] : incidents.row(event)),
    filledFrom: (type) => new Map([...incidents.filledFrom(type)].filter(([column]) => column !== 'injury')),
  };

  it('is caught', () => {
    const found = fc
      .sample(events(incidents), { numRuns: 50, seed: 17 })
      .flatMap((event) => readsBeyond(curious, event, declaredBy(curious, event)));
    expect(new Set(found)).toEqual(new Set(['injury']));
  });

  it('is caught however it looks', () => {
    const [event] = fc.sample(events(incidents), { numRuns: 1, seed: 17 }) as [PublishedEvent];
    const looks: readonly ((data: PublishedEvent['data']) => unknown)[] = [
      (data) => 'injury' in data,
      (data) => Object.hasOwn(data, 'injury'),
      (data) => Object.keys({ ...data }),
      (data) => JSON.stringify(data),
    ];
    const told = { ...event, data: { ...event.data, injury: 'other' } };
    for (const look of looks) {
      const looking: Projection = { ...curious, row: ({ data }) => [String(look(data))] };
      expect(readsBeyond(looking, told, declaredBy(curious, told))).toContain('injury');
    }
  });
});

it('every anonymised type is read by a projection', () => {
  const read = PROJECTIONS.flatMap(({ reads }) => reads);
  const anonymised = EVENT_TYPES.filter((type) => eventDefinition(type)?.way !== 'C');
  expect(new Set(read)).toEqual(new Set(anonymised));
});
