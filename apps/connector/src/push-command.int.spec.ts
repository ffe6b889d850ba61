import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgencyId } from '#kernel';
import { Problem } from '#kernel';
import { memoryHub, type MemoryHub, type PostResult } from '#transport';
import { pushCommand, type PushFlags } from './push-command.ts';
import { Progress } from './terminal.ts';

const AGENCY = 'warwickshire-police' as AgencyId;
const FORMAT = 'police-street-csv';
const HEADER =
  'Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context';
const row = (id: string, outcome = '', type = 'Drugs', lsoa = 'E01009450'): string =>
  `${id},2024-01,W,W,-1.76,52.55,On or near Holly Lane,${lsoa},Birmingham 012E,${type},${outcome},`;
const crime = (n: number): string => String(n).padStart(64, '0');

describe('connector push', () => {
  let folder: string;
  let said: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'svd-push-'));
    said = '';
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (name: string, rows: readonly string[]): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, [HEADER, ...rows, ''].join('\r\n'));
    return path;
  };
  const push = (file: string, hub: MemoryHub, flags: PushFlags = {}, signal = new AbortController().signal) =>
    pushCommand(FORMAT, file, flags, {
      environment: {
        HUB_CONNECTOR_KEY_FILE: join(folder, 'local/connector.key'),
        HUB_CONNECTOR_STATE_DIR: join(folder, 'local/pushes'),
      },
      progress: new Progress({ write: (text) => (said += text) }, false, false),
      signal,
      publisher: hub,
      pause: () => 0,
    });
  const journals = () => readdir(join(folder, 'local/pushes'));
  const receipts = async (path: string) =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { row: number; id: string; status: string; position: string });

  it('publishes every row, and repeats them at the same positions', async () => {
    const hub = memoryHub(AGENCY);
    const file = await write('jan.csv', [row(crime(1)), row(''), row(''), row(crime(2))]);
    const first = await push(file, hub, { receipts: join(folder, 'first.ndjson') });
    expect(first.exit).toBe(0);
    expect(first.summary).toEqual({
      format: FORMAT,
      file: 'jan.csv',
      agency: AGENCY,
      rows: 4,
      accepted: 4,
      repeated: 0,
      quarantined: 0,
      rejected: 0,
      corrected: 0,
      resumed: 0,
      incomplete: false,
      firstPosition: '0',
      lastPosition: '3',
      reasons: {},
    });
    const again = await push(file, hub, { receipts: join(folder, 'again.ndjson') });
    expect(again.summary).toMatchObject({ accepted: 0, repeated: 4, firstPosition: '0', lastPosition: '3' });
    const [before, after] = await Promise.all(
      ['first.ndjson', 'again.ndjson'].map((name) => receipts(join(folder, name))),
    );
    expect(before?.map(({ status }) => status)).toEqual(Array(4).fill('accepted'));
    expect(after).toEqual(before?.map((line) => ({ ...line, status: 'repeated' })));
    expect(before?.map(({ row }) => row)).toEqual([1, 2, 3, 4]);
    expect(await journals()).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['again.ndjson', 'first.ndjson', 'jan.csv', 'local']);
  });

  it('writes bad rows with their reasons, for the owner alone, and escapes what a spreadsheet would run', async () => {
    const hub = memoryHub(AGENCY, (event) => {
      const text = Buffer.from(event).toString();
      if (text.includes('moon-theft'))
        return { status: 'quarantined', field: 'data.category', reason: 'code-unmapped' };
      return text.includes('E01000001')
        ? { status: 'rejected', problem: { type: '/problems/too-precise', field: 'data.place' } }
        : undefined;
    });
    const file = await write('bad.csv', [
      row(crime(1), '', 'Drugs', 'nowhere'),
      '=cmd(),2024-01',
      row(crime(2), '', 'Drugs', 'E01000001'),
      row(crime(3), '', 'Moon theft'),
      row(crime(4)),
    ]);
    const { summary, exit } = await push(file, hub);
    expect(exit).toBe(1);
    expect(summary).toMatchObject({ rows: 5, accepted: 1, quarantined: 1, rejected: 3 });
    expect(summary.reasons).toEqual({ 'lsoa-malformed': 1, 'column-count': 1, 'too-precise': 1, 'code-unmapped': 1 });
    const path = `${file}.rejected.csv`;
    expect(summary.rejectedFile).toBe(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toBe(`row,code,field,${HEADER}`);
    expect(lines[1]).toContain(`1,lsoa-malformed,LSOA code,${crime(1)}`);
    expect(lines[2]).toBe("2,column-count,row,'=cmd(),2024-01");
    expect(lines[3]).toContain('3,too-precise,data.place,');
    expect(lines).toHaveLength(4);
  });

  it('sends a correction where the hub holds the event in other words, once', async () => {
    const hub = memoryHub(AGENCY);
    await push(await write('jan.csv', [row(crime(1), 'Under investigation'), row(crime(2))]), hub);
    const later = await write('feb.csv', [row(crime(1), 'Local resolution'), row(crime(2)), row(crime(3))]);
    const corrected = await push(later, hub, { receipts: join(folder, 'r.ndjson') });
    expect(corrected.exit).toBe(0);
    expect(corrected.summary).toMatchObject({ rows: 3, accepted: 1, repeated: 1, corrected: 1, rejected: 0 });
    expect((await receipts(join(folder, 'r.ndjson'))).map(({ row, status }) => [row, status])).toEqual([
      [1, 'corrected'],
      [2, 'repeated'],
      [3, 'accepted'],
    ]);
    expect((await push(later, hub)).summary).toMatchObject({ accepted: 0, repeated: 3, corrected: 0 });
    expect(hub.kept).toHaveLength(4);
  });

  it('opens a cut connection again, as long as it gets further', async () => {
    const hub = memoryHub(AGENCY);
    hub.cutAfter = 3;
    const file = await write(
      'jan.csv',
      Array.from({ length: 10 }, () => row('')),
    );
    const { summary, exit } = await push(file, hub);
    expect(exit).toBe(0);
    expect(summary).toMatchObject({ rows: 10, resumed: 0, incomplete: false });
    expect(summary.accepted + summary.repeated).toBe(10);
    expect(hub.kept).toHaveLength(10);
    expect(said).toContain('push-incomplete: trying again');
  });

  it('says incomplete where it gets no further, and goes on at the next run', async () => {
    const hub = memoryHub(AGENCY);
    const rows = Array.from({ length: 10 }, (_, n) =>
      row(n === 4 ? crime(9) : '', '', 'Drugs', n === 7 ? 'bad' : undefined),
    );
    const file = await write('jan.csv', rows);
    const stop = new AbortController();
    const counting = interruptAfter(hub, 6, () => stop.abort());
    const cut = await push(file, counting, {}, stop.signal);
    expect(cut.exit).toBe(3);
    expect(cut.summary).toMatchObject({ incomplete: true, problem: { code: 'interrupted' }, accepted: 6 });
    expect(await journals()).toHaveLength(1);

    hub.cutAfter = 0;
    const stuck = await push(file, hub);
    expect(stuck.exit).toBe(3);
    expect(stuck.summary).toMatchObject({
      incomplete: true,
      problem: { code: 'push-incomplete' },
      accepted: 6,
      resumed: 6,
    });

    hub.cutAfter = undefined;
    const done = await push(file, hub, { receipts: join(folder, 'r.ndjson') });
    expect(done.exit).toBe(1);
    expect(done.summary).toMatchObject({ rows: 10, resumed: 6, rejected: 1, incomplete: false });
    expect(done.summary.accepted + done.summary.repeated).toBe(9);
    expect((await receipts(join(folder, 'r.ndjson'))).map((line) => [line.row, line.position])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, undefined, 7, 8].map((at, i) => [i + 1, at?.toString()]),
    );
    expect(hub.kept).toHaveLength(9);
    expect(await journals()).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('sends everything again to a hub that does not hold what was acknowledged', async () => {
    const file = await write(
      'jan.csv',
      Array.from({ length: 10 }, () => row('')),
    );
    const stop = new AbortController();
    await push(
      file,
      interruptAfter(memoryHub(AGENCY), 6, () => stop.abort()),
      {},
      stop.signal,
    );
    const other = memoryHub(AGENCY);
    const { summary } = await push(file, other);
    expect(summary).toMatchObject({ rows: 10, resumed: 0 });
    expect(other.kept).toHaveLength(10);
  });

  it('sends and keeps nothing in a dry run', async () => {
    const hub = memoryHub(AGENCY);
    const file = await write('jan.csv', [row(crime(1)), row(''), row('', '', 'Moon theft'), 'short,row']);
    const { summary, exit } = await push(
      file,
      { ...hub, agency: () => Promise.reject(new Error('asked')) },
      { dryRun: true },
    );
    expect(exit).toBe(1);
    expect(summary).toMatchObject({ dryRun: true, rows: 4, wouldSend: 3, rejected: 1, accepted: 0, incomplete: false });
    expect(hub.kept).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['jan.csv', 'jan.csv.rejected.csv']);
  });

  it('finds in a dry run the rows of months to come', async () => {
    const file = await write('odd.csv', [row(crime(1)), row(crime(2)).replace('2024-01', '2099-01')]);
    const { summary } = await push(file, memoryHub(AGENCY), { dryRun: true });
    expect(summary).toMatchObject({ wouldSend: 1, rejected: 1, reasons: { 'time-invalid': 1 } });
  });

  it('says what is wrong with the command before it sends anything', async () => {
    const hub = memoryHub(AGENCY);
    const file = await write('jan.csv', [row('')]);
    const other = join(folder, 'other.csv');
    await writeFile(other, 'Crime ID,Easting\n1,2\n');
    const around = {
      environment: {},
      progress: new Progress({ write: () => true }, true, false),
      signal: new AbortController().signal,
    };
    expect(await pushCommand('word-doc', file, {}, around)).toMatchObject({
      exit: 2,
      summary: { problem: { code: 'format-unknown' } },
    });
    expect(await pushCommand(FORMAT, file, {}, around)).toMatchObject({
      exit: 2,
      summary: { problem: { code: 'setting-missing', field: 'HUB_URL' } },
    });
    expect(await push(join(folder, 'absent.csv'), hub)).toMatchObject({
      exit: 2,
      summary: { problem: { code: 'file-unreadable' } },
    });
    expect(await push(file, hub, { agency: 'another' })).toMatchObject({
      exit: 2,
      summary: { problem: { code: 'agency-mismatch' } },
    });
    expect(await push(other, hub)).toMatchObject({
      exit: 2,
      summary: { problem: { code: 'layout-unknown', field: 'Crime ID, Easting' } },
    });
    expect(hub.kept).toEqual([]);
  });

  it('says refused where the client is not taken, or no agreement covers it', async () => {
    const file = await write('jan.csv', [row(''), row('')]);
    const refusing = {
      ...memoryHub(AGENCY),
      agency: () => Promise.reject(new Problem('hub-refused', { field: 'invalid_client' })),
    };
    expect(await push(file, refusing)).toMatchObject({
      exit: 4,
      summary: { problem: { code: 'hub-refused', field: 'invalid_client' } },
    });
    const refused: PostResult = { status: 'rejected', problem: { type: '/problems/agreement-required' } };
    const { summary, exit } = await push(
      file,
      memoryHub(AGENCY, () => refused),
    );
    expect(exit).toBe(4);
    expect(summary).toMatchObject({ rows: 2, rejected: 2, reasons: { 'agreement-required': 2 } });
  });
});

/** A hub that calls `stop` after it gave `n` results, and then says nothing more. */
function interruptAfter(hub: MemoryHub, n: number, stop: () => void): MemoryHub {
  return {
    ...hub,
    async *pushNdjson(lines) {
      const push = hub.pushNdjson(lines);
      for (let i = 0; i < n; i++) {
        const next = await push.next();
        if (next.done === true) return next.value;
        yield next.value;
      }
      stop();
      return new Promise(() => undefined);
    },
  };
}
