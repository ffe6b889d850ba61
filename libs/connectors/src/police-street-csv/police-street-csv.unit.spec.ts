import { canonicalJson } from '#kernel';
import type { Reading, RowEvent, RowRejected } from '../connector.ts';
import { chunks, CONTEXT, HEADER, street } from '../testing/street-file.ts';
import { policeStreetCsv } from './index.ts';

async function read(text: string, context = CONTEXT): Promise<Reading[]> {
  const all: Reading[] = [];
  for await (const reading of policeStreetCsv.read(chunks(text), context)) all.push(reading);
  return all;
}
const events = async (text: string, context = CONTEXT): Promise<RowEvent[]> =>
  (await read(text, context)).filter((reading): reading is RowEvent => 'event' in reading);
const faults = async (text: string): Promise<RowRejected['rejected'][]> =>
  (await read(text)).flatMap((reading) => ('rejected' in reading ? [reading.rejected] : []));
const file = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n');
const parsed = (bytes: Uint8Array): Record<string, unknown> =>
  JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
const CRIME = 'a'.repeat(64);

describe('a street row as an event', () => {
  it('says what the row says and no more, in canonical form', async () => {
    const [first] = await events(file(street({ id: CRIME, type: 'Robbery', outcome: 'Local resolution' })));
    const event = parsed(first?.event.bytes ?? Buffer.of());
    expect(event).toEqual({
      specversion: '1.0',
      id: first?.event.id,
      source: 'urn:svd:agency:warwickshire-police',
      type: 'uk.svd.police.incident-recorded.v1',
      datacontenttype: 'application/json',
      basis: 'anonymised',
      schemaversion: '1.0',
      submission: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      data: {
        category: 'robbery',
        occurredFrom: '2024-01',
        occurredTo: '2024-01',
        timePrecision: 'month',
        place: 'E01009450',
        placeConfidence: 'street',
        lookupVersion: 'lsoa21',
        outcome: { code: 'local-resolution' },
      },
    });
    expect(Buffer.from(first?.event.bytes ?? []).toString()).toBe(canonicalJson(event));
    expect(canonicalJson(event)).not.toContain(CRIME);
    expect(canonicalJson(event)).not.toContain('Holly');
  });

  it('has no place where the source has none', async () => {
    const [first] = await events(file(street({ lsoa: '' })));
    expect(parsed(first?.event.bytes ?? Buffer.of())['data']).toMatchObject({
      place: 'unknown',
      placeConfidence: 'none',
    });
  });

  it('gives identical rows without an ID ids of their own', async () => {
    const all = await events(file(street({}), street({}), street({ type: 'Drugs' }), street({})));
    expect(new Set(all.map(({ event }) => event.id)).size).toBe(4);
  });

  it('numbers equal Crime IDs', async () => {
    const all = await events(file(street({ id: CRIME }), street({ id: CRIME, type: 'Drugs' })));
    expect(new Set(all.map(({ event }) => event.id)).size).toBe(2);
  });

  it('depends on the agency and the key', async () => {
    const ids = async (context: typeof CONTEXT) => (await events(file(street({ id: CRIME })), context))[0]?.event.id;
    expect(await ids({ ...CONTEXT, key: Buffer.alloc(32, 1) })).not.toBe(await ids(CONTEXT));
  });

  it('has the same bytes with LF, with CRLF, in a quoted field with line breaks, and without a last line ending', async () => {
    const lines = [HEADER, street({ location: '"On or near\nHolly, Lane"' }), street({}), street({ id: CRIME })].join(
      '\n',
    );
    const bytes = async (text: string) => (await events(text)).map(({ event }) => Buffer.from(event.bytes).toString());
    const expected = await bytes(lines);
    expect(expected).toHaveLength(3);
    expect(await bytes(`${lines}\n`)).toEqual(expected);
    expect(await bytes(lines.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await bytes(`\ufeff${lines}`)).toEqual(expected);
  });

  it('keeps its id when a later archive knows more, and the correction names it', async () => {
    const [first] = await events(file(street({ id: CRIME, outcome: 'Under investigation' })));
    const [later] = await events(file(street({ id: CRIME, outcome: 'Local resolution' })));
    expect(later?.event.id).toBe(first?.event.id);
    expect(later?.event.bytes).not.toEqual(first?.event.bytes);
    const correction = later?.correction();
    expect(correction?.id).not.toBe(first?.event.id);
    expect(parsed(correction?.bytes ?? Buffer.of())).toMatchObject({
      id: correction?.id,
      data: { corrects: { id: first?.event.id, reason: 'reclassified' }, outcome: { code: 'local-resolution' } },
    });
    expect(later?.correction()).toEqual(correction);
  });

  it('lets a crime type pass that nobody knows yet', async () => {
    const [first] = await events(file(street({ type: 'Moon  theft (new)' })));
    expect(parsed(first?.event.bytes ?? Buffer.of())['data']).toMatchObject({ category: 'moon-theft-new' });
  });
});

describe('a street file', () => {
  it('is refused by its header, naming the columns found', async () => {
    await expect(read('Crime ID,Month,Easting\n1,2,3\n')).rejects.toMatchObject({
      code: 'layout-unknown',
      field: 'Crime ID, Month, Easting',
    });
    await expect(read('')).rejects.toMatchObject({ code: 'layout-unknown' });
  });

  it('names the column of a bad row and goes on', async () => {
    const bad = [
      street({ month: '2024-13' }),
      street({ lsoa: 'E0100' }),
      street({ type: '' }),
      street({ type: 'x'.repeat(100) }),
      street({ outcome: '??' }),
      'one,two',
      `${street({})},more`,
      street({ location: '12" knife' }),
    ];
    expect(await faults(file(...bad, street({})))).toEqual([
      { code: 'month-malformed', field: 'Month' },
      { code: 'lsoa-malformed', field: 'LSOA code' },
      { code: 'category-missing', field: 'Crime type' },
      { code: 'category-malformed', field: 'Crime type' },
      { code: 'outcome-malformed', field: 'Last outcome category' },
      { code: 'column-count', field: 'row' },
      { code: 'column-count', field: 'row' },
      { code: 'csv-quote-stray', field: 'row' },
    ]);
    expect((await events(file(...bad, street({})))).map(({ row }) => row)).toEqual([9]);
  });

  it('rejects a last row that was cut', async () => {
    const whole = file(street({ id: CRIME }), street({ outcome: 'Local resolution' })).trimEnd();
    const cut = whole.slice(0, -12);
    expect(await faults(cut)).toEqual([{ code: 'column-count', field: 'row' }]);
    expect(await events(cut)).toHaveLength(1);
  });
});
