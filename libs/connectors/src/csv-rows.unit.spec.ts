import { csvRows, MAX_ROW_BYTES, type CsvRow } from './csv-rows.ts';
import { chunks } from './testing/street-file.ts';

async function rows(text: string | Uint8Array, size?: number): Promise<CsvRow[]> {
  const all: CsvRow[] = [];
  for await (const row of csvRows(chunks(text, size))) all.push(row);
  return all;
}
const fields = async (text: string): Promise<(readonly string[])[]> => (await rows(text)).map((row) => row.fields);

describe('csvRows', () => {
  it('reads LF and CRLF, with and without a last line ending, and skips empty lines', async () => {
    const expected = [
      ['a', 'b'],
      ['1', ''],
    ];
    for (const text of ['a,b\n1,\n', 'a,b\r\n1,\r\n', 'a,b\n1,', 'a,b\r\n1,\r', '\ufeffa,b\n\n\r\n1,\n\n'])
      expect(await fields(text)).toEqual(expected);
    expect((await rows('a,b\r\n1,\r\n')).map((row) => row.raw.toString())).toEqual(['a,b', '1,']);
  });

  it('reads quoted fields with commas, quotes and line breaks', async () => {
    const [row] = await rows('"a,b","say ""no""","two\r\nlines"\r\nnext\r\n');
    expect(row?.fields).toEqual(['a,b', 'say "no"', 'two\r\nlines']);
    expect(row?.raw.toString()).toBe('"a,b","say ""no""","two\r\nlines"');
  });

  it('loses one line to a stray quote, wherever it stands', async () => {
    for (const stray of ['"open,b', 'a,12" knife', '"a"b,c']) {
      const [first, fault, ...rest] = await rows(`h,h\n${stray}\n1,2\n"3\n3",4\n`);
      expect(first?.fields).toEqual(['h', 'h']);
      expect(fault).toMatchObject({ row: 1, fault: 'csv-quote-stray', fields: [stray] });
      expect(rest.map((row) => row.fields)).toEqual([
        ['1', '2'],
        ['3\n3', '4'],
      ]);
    }
  });

  it('gives up a row without an end, and goes on after it', async () => {
    const long = 'x'.repeat(3 * MAX_ROW_BYTES);
    const read = await rows(`${long}\n1,2\n"open\n${'y\n'.repeat(MAX_ROW_BYTES)}end`, 10_000);
    expect(read[0]).toMatchObject({ row: 0, fault: 'csv-row-too-long' });
    expect(read[0]?.raw.length).toBe(MAX_ROW_BYTES);
    expect(read[1]?.fields).toEqual(['1', '2']);
    expect(read[2]).toMatchObject({ fault: 'csv-quote-stray', fields: ['"open'] });
    expect(read).toHaveLength(3 + MAX_ROW_BYTES + 1);
    expect(read.at(-1)?.fields).toEqual(['end']);
  });

  it('reads nothing from nothing, and keeps bytes that are no UTF-8', async () => {
    expect(await rows('')).toEqual([]);
    const [row] = await rows(Buffer.of(0x61, 0xff, 0x2c, 0x62, 0x0a), 1);
    expect(row?.raw).toEqual(Buffer.of(0x61, 0xff, 0x2c, 0x62));
    expect(row?.fields).toEqual(['a\ufffd', 'b']);
  });
});
