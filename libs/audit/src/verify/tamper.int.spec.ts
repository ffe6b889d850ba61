import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { anchor, grow, openProven, provenFact, someRecord, type Place } from '../testing/proven-directory.ts';
import { signCheckpoint } from '../trees/note.ts';
import type { Finding } from './findings.ts';
import { readHead } from './signed-note.ts';
import { verifyDirectory } from './verify-directory.ts';

const FACTS = 620;
const RECORDS = 44;
const facts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => provenFact(`f-${from + i}`, { type: (from + i) % 3 === 0 ? 'a' : 'b' }));
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => someRecord(from + i));

describe('whoever can write the files', () => {
  const root = mkdtempSync(join(tmpdir(), 'svd-tamper-'));
  const built: Place = { directory: join(root, 'built'), outside: join(root, 'built-outside') };
  const earlier: Place = { directory: join(root, 'earlier'), outside: join(root, 'earlier-outside') };
  let place: Place;
  let keys: string;
  let count = 0;

  beforeAll(async () => {
    let proven = await openProven(built);
    await proven.store.artefacts.put(Buffer.from('a release table'));
    await grow(proven, facts(0, 150), records(0, 10));
    await anchor(proven);
    await proven.close();
    // of another minute, so that it is kept
    run(built, 'trees.db', 'UPDATE checkpoints SET time = time - 600000');
    cpSync(built.directory, earlier.directory, { recursive: true });
    proven = await openProven(built);
    await grow(proven, facts(150, 400), records(10, 30));
    await anchor(proven);
    await proven.close();
    run(built, 'trees.db', 'UPDATE checkpoints SET time = time - 300000 WHERE size > 150 OR size = 30');
    proven = await openProven(built);
    await grow(proven, facts(400, FACTS - 2), records(30, RECORDS));
    await proven.close();
    keys = readFileSync(join(built.directory, 'log.vkey'), 'utf8');
  }, 60_000);
  beforeEach(() => {
    place = { directory: join(root, `data-${++count}`), outside: join(root, `outside-${count}`) };
    cpSync(built.directory, place.directory, { recursive: true });
    cpSync(built.outside, place.outside, { recursive: true });
  });
  afterEach(() => {
    for (const directory of [place.directory, place.outside]) rmSync(directory, { recursive: true, force: true });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  /** As someone who knows SQL, and takes the triggers away first. */
  function run({ directory }: Pick<Place, 'directory'>, file: string, sql: string, ...values: SQLInputValue[]): void {
    const db = new DatabaseSync(join(directory, file));
    for (const { name } of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
      db.exec(`DROP TRIGGER ${String(name)}`);
    const done = db.prepare(sql).run(...values);
    expect(done.changes).toBeGreaterThan(0);
    db.close();
  }
  function alter(file: string, sql: string): void {
    const db = new DatabaseSync(join(place.directory, file));
    db.exec(sql);
    db.close();
  }
  /** Flips one bit of a column: of a blob or a text its first byte's lowest, of a number its lowest. */
  function flip(file: string, table: string, column: string, where: string): void {
    const db = new DatabaseSync(join(place.directory, file), { readOnly: true });
    const value = db.prepare(`SELECT ${column} AS value FROM ${table} WHERE ${where}`).get()?.['value'];
    db.close();
    const set = `UPDATE ${table} SET ${column} = ? WHERE ${where}`;
    if (typeof value === 'number') return run(place, file, set, value ^ 1);
    const bytes = Buffer.from(value as Uint8Array | string);
    const at = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    run(place, file, set, typeof value === 'string' ? bytes.toString('utf8') : bytes);
  }
  const verify = (options = {}) => verifyDirectory(place.directory, { keys, checkpoints: place.outside, ...options });
  /** The first bad index of a log, by whatever code. */
  function first(of: Finding['of']): Finding | undefined {
    const verdict = verify();
    expect(verdict.sound).toBe(false);
    return verdict.findings.find((finding) => finding.of === of);
  }
  const codes = (): string[] => [...new Set(verify().findings.map(({ of, code }) => `${of} ${code}`))].sort();

  it('and changed nothing is not accused', () => {
    const verdict = verify();
    expect(verdict).toMatchObject({ sound: true, findings: [], notes: [] });
    expect(verdict.facts).toMatchObject({ size: FACTS, covered: FACTS });
    expect(verdict.access).toMatchObject({ size: RECORDS, covered: RECORDS });
    expect(verdict.facts.checkpoints).toBeGreaterThan(2);
    expect(verifyDirectory(place.directory).notes).toEqual(['key-from-directory']);
  });

  describe.each([0, 311, FACTS - 1])('and flips one bit in fact %i, in its', (index) => {
    it.each(['stream', 'revision', 'type', 'source', 'id', 'recorded', 'nonce', 'metadata', 'stored'])(
      '%s',
      (column) => {
        if (column === 'revision') alter('facts.db', 'DROP INDEX facts_by_stream');
        flip('facts.db', 'facts', column, `position = ${index}`);
        expect(first('facts')).toMatchObject({ index });
      },
    );
  });

  it('and flips one bit in a position', () => {
    // 311 would become 310, which is taken: a row is moved past the end instead
    run(place, 'facts.db', 'UPDATE facts SET position = 1335 WHERE position = 311');
    expect(first('facts')).toMatchObject({ code: 'row-missing', index: 311 });
  });

  it.each([
    ['key', 'identity-missing'],
    ['position', 'identity-wrong'],
    ['repeat', 'repeat-wrong'],
  ])('and flips one bit in the %s of an identity', (column, code) => {
    flip('facts.db', 'identities', column, 'position = 200');
    expect(first('facts')).toMatchObject({ code, index: 200 });
  });

  it.each(['kind', 'name', 'no'])('and flips one bit in the %s of a name', (column) => {
    // the stream of every third fact, from the first
    if (column === 'no') run(place, 'facts.db', `UPDATE names SET no = 1000 WHERE name = 'feed:a'`);
    else flip('facts.db', 'names', column, `name = 'feed:a'`);
    expect(first('facts')).toMatchObject({ index: 0 });
  });

  it.each([0, 300, FACTS - 1])('and deletes fact %i', (index) => {
    run(place, 'facts.db', `DELETE FROM facts WHERE position = ${index}`);
    expect(first('facts')).toMatchObject({ index, code: index === FACTS - 1 ? 'cut-off' : 'row-missing' });
  });

  it('and deletes a fact with all that points at it, and closes the gap', () => {
    run(place, 'facts.db', 'DELETE FROM facts WHERE position = 300');
    run(place, 'facts.db', 'DELETE FROM identities WHERE position = 300');
    run(place, 'facts.db', 'UPDATE facts SET position = position - 1 WHERE position > 300');
    run(place, 'facts.db', 'UPDATE identities SET position = position - 1 WHERE position > 300');
    expect(first('facts')).toMatchObject({ index: 300 });
  });

  it('and swaps the contents of two facts', () => {
    const read = new DatabaseSync(join(place.directory, 'facts.db'), { readOnly: true });
    const rows = [240, 480].map((at) => read.prepare('SELECT id, nonce, stored FROM facts WHERE position = ?').get(at));
    read.close();
    for (const [at, row] of [
      [240, rows[1]],
      [480, rows[0]],
    ] as const)
      run(
        place,
        'facts.db',
        `UPDATE facts SET id = ?, nonce = ?, stored = ? WHERE position = ${at}`,
        String(row?.['id']),
        row?.['nonce'] as Uint8Array,
        row?.['stored'] as Uint8Array,
      );
    expect(first('facts')).toMatchObject({ index: 240 });
  });

  it('and changes a fact and its leaf in the tree alike', () => {
    flip('facts.db', 'facts', 'stored', 'position = 300');
    const tile = tileOf('facts', 0, 1);
    tile.fill(7, (300 - 256) * 32, (301 - 256) * 32);
    run(place, 'trees.db', `UPDATE tiles SET hashes = ? WHERE log = 'facts' AND level = 0 AND no = 1`, tile);
    // neither is what was signed: the row is named, and the range in which it lies
    const found = verify().findings.filter(({ of }) => of === 'facts');
    expect(
      found.some(
        ({ code, index, until }) => code === 'log-rewritten' && (index ?? Infinity) <= 300 && (until ?? 0) >= 300,
      ),
    ).toBe(true);
  });

  it('and writes the whole log anew, tree and all, but cannot sign', () => {
    flip('facts.db', 'facts', 'stored', 'position = 300');
    for (const name of readdirSync(place.directory).filter((file) => file.startsWith('trees.db')))
      rmSync(join(place.directory, name));
    expect(verify().findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ of: 'facts', code: 'log-rewritten', index: 0, until: FACTS - 1 }),
      ]),
    );
  });

  describe.each([0, 21, RECORDS - 1])('and flips one bit in access record %i, in its', (index) => {
    it.each(['id', 'time', 'consumer', 'nonce', 'record'])('%s', (column) => {
      flip('access.db', 'records', column, `number = ${index}`);
      expect(first('access')).toMatchObject({ index });
    });
  });

  it.each(['agreement', 'number'])('and flips one bit in the %s of what records rest on', (column) => {
    flip('access.db', 'agreements', column, 'number = 21');
    expect(first('access')?.code).toBe('record-wrong');
    expect(first('access')?.index).toBeLessThanOrEqual(21);
  });

  it.each([0, 20, RECORDS - 1])('and removes access record %i', (index) => {
    run(place, 'access.db', `DELETE FROM records WHERE number = ${index}`);
    run(place, 'access.db', `UPDATE agreements SET number = number WHERE number <> ${index}`);
    expect(first('access')).toMatchObject({ index, code: index === RECORDS - 1 ? 'cut-off' : 'row-missing' });
  });

  it('and cuts the access log back, its tree and its checkpoints with it: the facts tell', () => {
    run(place, 'access.db', 'DELETE FROM records WHERE number >= 12');
    run(place, 'access.db', 'DELETE FROM agreements WHERE number >= 12');
    run(place, 'trees.db', `DELETE FROM checkpoints WHERE log = 'access' AND size > 10`);
    const tile = tileOf('access', 0, 0).subarray(0, 12 * 32);
    run(place, 'trees.db', `UPDATE tiles SET hashes = ? WHERE log = 'access' AND level = 0`, tile);
    for (const name of readdirSync(place.outside).filter((file) => file.endsWith('-access.checkpoint')))
      rmSync(join(place.outside, name));
    expect(first('access')).toMatchObject({
      code: 'cut-off',
      index: 12,
      what: expect.stringMatching(/^fact /) as string,
    });
  });

  it.each([
    ['level 0', 'level = 0 AND no = 1'],
    ['level 1', 'level = 1'],
  ])('and flips one bit in a tile of %s', (_, where) => {
    flip('trees.db', 'tiles', 'hashes', `log = 'facts' AND ${where}`);
    expect(codes().filter((code) => code.startsWith('facts'))).toEqual([]);
    expect(codes()).toContain('trees tile-changed');
  });

  it('and deletes a tile', () => {
    run(place, 'trees.db', `DELETE FROM tiles WHERE log = 'facts' AND level = 0 AND no = 1`);
    expect(first('trees')).toMatchObject({ code: 'tile-missing', index: 256 });
  });

  describe('and replaces a checkpoint', () => {
    const replace = (size: number, note: string): void =>
      run(place, 'trees.db', `UPDATE checkpoints SET note = ? WHERE log = 'facts' AND size = ${size}`, note);
    const sizes = (): number[] => {
      const db = new DatabaseSync(join(place.directory, 'trees.db'), { readOnly: true });
      const rows = db.prepare(`SELECT size FROM checkpoints WHERE log = 'facts' ORDER BY size`).all();
      db.close();
      return rows.map(({ size }) => Number(size));
    };
    const origin = (): string => readHead(outsideNote('facts'))?.origin ?? '';

    it('by one that another key signed', () => {
      const [size = 0] = sizes();
      const { privateKey } = generateKeyPairSync('ed25519');
      replace(size, signCheckpoint({ origin: origin(), size, root: Buffer.alloc(32) }, privateKey));
      expect(first('facts')).toMatchObject({ code: 'checkpoint-unsigned', index: size });
    });

    it('by one of the other log', () => {
      const [size = 0] = sizes();
      replace(size, outsideNote('access'));
      expect(first('facts')).toMatchObject({ code: 'checkpoint-unsigned' });
    });

    it.each(['log', 'size', 'note'])('by itself with one bit flipped in its %s', (column) => {
      const [size = 0] = sizes();
      if (column === 'log') flip('trees.db', 'checkpoints', 'log', `log = 'facts' AND size = ${size}`);
      else flip('trees.db', 'checkpoints', column, `log = 'facts' AND size = ${size}`);
      const found = codes();
      expect(found).toEqual(column === 'log' ? ['trees tile-changed'] : ['facts checkpoint-unsigned']);
    });

    it('by one over another root that the key itself signed', () => {
      const [size = 0] = sizes();
      const key = createPrivateKey(readFileSync(join(place.directory, 'log.key')));
      replace(size, signCheckpoint({ origin: origin(), size, root: Buffer.alloc(32, 3) }, key));
      expect(first('facts')).toMatchObject({ code: 'checkpoint-differs', index: size });
    });

    it('by the newest over another root that the key itself signed', () => {
      const key = createPrivateKey(readFileSync(join(place.directory, 'log.key')));
      replace(FACTS, signCheckpoint({ origin: origin(), size: FACTS, root: Buffer.alloc(32, 3) }, key));
      expect(first('facts')).toMatchObject({ code: 'checkpoint-differs', index: FACTS });
    });
  });

  it('and puts a backup back', () => {
    rmSync(place.directory, { recursive: true });
    cpSync(earlier.directory, place.directory, { recursive: true });
    expect(first('facts')).toMatchObject({ code: 'cut-off', index: 151, until: FACTS - 1 });
    expect(first('access')).toMatchObject({ code: 'cut-off', index: 10 });
    // without what is kept outside, the backup is as sound as it was
    expect(verifyDirectory(place.directory, { keys }).sound).toBe(true);
  });

  it.each(['facts.db', 'access.db'])('and puts a backup of %s back', (file) => {
    for (const name of readdirSync(place.directory).filter((one) => one.startsWith(file)))
      rmSync(join(place.directory, name));
    cpSync(join(earlier.directory, file), join(place.directory, file));
    const log = file === 'facts.db' ? 'facts' : 'access';
    expect(first(log)).toMatchObject({ code: 'cut-off', index: log === 'facts' ? 151 : 10 });
  });

  it('and changes an artefact', () => {
    const artefacts = join(place.directory, 'artefacts');
    const folder = readdirSync(artefacts).find((name) => /^[0-9a-f]{2}$/.test(name)) ?? '';
    const [file = ''] = readdirSync(join(artefacts, folder));
    writeFileSync(join(artefacts, folder, file), 'another table');
    expect(first('artefacts')).toMatchObject({ code: 'artefact-changed', what: folder + file });
  });

  it.each(['facts.db', 'access.db', 'trees.db'])('and breaks or takes away %s', (file) => {
    const whole = readFileSync(join(place.directory, file));
    for (const broken of [
      whole.subarray(0, 5_000),
      Buffer.concat([whole.subarray(0, 8_192), Buffer.alloc(4_096, 0xff), whole.subarray(12_288)]),
      Buffer.from('no database'),
    ]) {
      writeFileSync(join(place.directory, file), broken);
      expect(
        codes().some(
          (code) => code.endsWith('file-damaged') || code.endsWith('row-missing') || code.endsWith('cut-off'),
        ),
      ).toBe(true);
    }
    rmSync(join(place.directory, file));
    expect(codes().some((code) => code.endsWith('file-missing'))).toBe(true);
    expect(existsSync(join(place.directory, file))).toBe(false);
  });

  function tileOf(log: string, level: number, no: number): Buffer {
    const db = new DatabaseSync(join(place.directory, 'trees.db'), { readOnly: true });
    const row = db.prepare('SELECT hashes FROM tiles WHERE log = ? AND level = ? AND no = ?').get(log, level, no);
    db.close();
    return Buffer.from(row?.['hashes'] as Uint8Array);
  }
  function outsideNote(log: string): string {
    const name = readdirSync(place.outside).find((file) => file.endsWith(`-${log}.checkpoint`)) ?? '';
    return readFileSync(join(place.outside, name), 'utf8');
  }
});
