import fc from 'fast-check';
import type { RowEvent } from '../connector.ts';
import { chunks, CONTEXT, HEADER, realFile, street } from '../testing/street-file.ts';
import { policeStreetCsv } from './index.ts';

async function ids(rows: readonly string[], ending = '\n', size = 65_536): Promise<string[]> {
  const text = [HEADER, ...rows].map((row) => row + ending).join('');
  const all: string[] = [];
  for await (const reading of policeStreetCsv.read(chunks(text, size), CONTEXT))
    all.push((reading as RowEvent).event.id);
  return all;
}

const row = fc
  .record({
    id: fc.option(
      fc.integer({ min: 0, max: 6 }).map((n) => String(n).repeat(64)),
      { nil: '' },
    ),
    type: fc.constantFrom('Drugs', 'Robbery', 'Anti-social behaviour'),
    location: fc.constantFrom('On or near Holly Lane', '"A, B"', '"two\nlines"'),
  })
  .map(street);

/** Milliseconds: whole published files, on a machine that does other things too. */
const PATIENCE = 60_000;

describe('pushing a file in pieces', () => {
  it(
    'over all cuts of any file: never an id that the whole lacks, and the whole has one id a row',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.nat({ max: 20 }), async (rows, at) => {
          const whole = await ids(rows);
          expect(new Set(whole).size).toBe(rows.length);
          const pieces = [...(await ids(rows.slice(at))), ...(await ids(rows.slice(0, at)))];
          expect(pieces.every((id) => whole.includes(id))).toBe(true);
        }),
        { numRuns: 60 },
      );
    },
    PATIENCE,
  );

  it(
    'the size of the chunks read makes no difference',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 6 }), fc.integer({ min: 1, max: 64 }), async (rows, size) => {
          expect(await ids(rows, '\r\n', size)).toEqual(await ids(rows));
        }),
        { numRuns: 60 },
      );
    },
    PATIENCE,
  );
});

const january = realFile('police/2024-01-warwickshire-street.csv');
(january === undefined ? describe.skip : describe)('the published file of January 2024', () => {
  const rows = (january ?? Buffer.of()).toString('utf8').trimEnd().split('\r\n').slice(1);

  it(
    'gives 3,882 events with CRLF as with LF',
    async () => {
      const whole = await ids(rows, '\r\n');
      expect(new Set(whole).size).toBe(3882);
      expect(await ids(rows)).toEqual(whole);
    },
    PATIENCE,
  );

  it(
    'cut after row 1941, the second half first: 3,882 in all',
    async () => {
      expect(new Set([...(await ids(rows.slice(1941))), ...(await ids(rows.slice(0, 1941)))]).size).toBe(3882);
    },
    PATIENCE,
  );

  it(
    'cut anywhere: never an id that the whole lacks',
    async () => {
      const whole = new Set(await ids(rows));
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: rows.length }), async (at) => {
          const pieces = new Set([...(await ids(rows.slice(at))), ...(await ids(rows.slice(0, at)))]);
          expect([...pieces].every((id) => whole.has(id))).toBe(true);
          expect(whole.size).toBe(3882);
        }),
        { numRuns: 5 },
      );
    },
    PATIENCE,
  );
});
