import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { anchor, grow, openProven, provenFact, someRecord, type Place } from '../testing/proven-directory.ts';
import { signCheckpoint } from '../trees/note.ts';
import type { Finding } from './findings.ts';
import { inspectRow } from './inspect-row.ts';
import { readHead } from './signed-note.ts';
import { NotReadable } from './snapshot.ts';
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
    const digest = await proven.store.artefacts.put(Buffer.from('a release table'));
    await grow(proven, facts(0, 150), records(0, 10));
    await anchor(proven);
    await proven.close();
    // of another minute, so that it is kept
    run(built, 'trees.db', 'UPDATE checkpoints SET time = time - 600000');
    cpSync(built.directory, earlier.directory, { recursive: true });
    cpSync(built.outside, earlier.outside, { recursive: true });
    proven = await openProven(built);
    await grow(proven, facts(150, 400), records(10, 30));
    await anchor(proven);
    await proven.close();
    run(built, 'trees.db', 'UPDATE checkpoints SET time = time - 300000 WHERE size > 150 OR size = 30');
    proven = await openProven(built);
    const release = provenFact('release', { source: 'urn:svd:hub', type: 'release', data: { digest } });
    await grow(proven, [release, ...facts(400, FACTS - 3)], records(30, RECORDS));
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

  describe('and flips one bit in a position:', () => {
    // the lowest would make it one that is taken
    it.each([0, 311, FACTS - 1])('the eleventh of %i', (index) => {
      run(place, 'facts.db', `UPDATE facts SET position = ${index + 1_024} WHERE position = ${index}`);
      expect(first('facts')).toMatchObject({ code: 'row-missing', index });
    });

    it.each([
      ['the fiftieth', `${2n ** 49n + 311n}`],
      ['the highest but one', `${2n ** 62n + 311n}`],
      ['the highest', `${-(2n ** 63n) + 311n}`],
    ])('%s of 311, without looking for all that would lie before it', (_, position) => {
      run(place, 'facts.db', `UPDATE facts SET position = ${position} WHERE position = 311`);
      expect(verify().findings).toContainEqual({ of: 'facts', code: 'row-missing', index: 311 });
    });
  });

  it.each(['stream', 'revision', 'type', 'source', 'recorded'])(
    'and flips the highest bit but one in the %s of a fact, which is then no number of JavaScript’s',
    (column) => {
      run(place, 'facts.db', `UPDATE facts SET ${column} = ${column} | (1 << 62) WHERE position = 311`);
      expect(first('facts')).toMatchObject({ code: 'row-malformed', index: 311 });
    },
  );

  it('and dates a fact in a year that no calendar has', () => {
    run(place, 'facts.db', `UPDATE facts SET recorded = 9000000000000000 WHERE position = ${FACTS - 1}`);
    expect(first('facts')).toMatchObject({ code: 'row-malformed', index: FACTS - 1 });
    expect(() => inspectRow(place.directory, 'facts', FACTS - 1)).toThrow(new NotReadable('file-damaged'));
  });

  it.each(['id', 'metadata'])('and adds to the %s of a fact after a zero byte', (column) => {
    const value = `CAST(CAST(${column} AS BLOB) || X'0041' AS TEXT)`;
    run(place, 'facts.db', `UPDATE facts SET ${column} = ${value} WHERE position = 311`);
    expect(first('facts')).toMatchObject({ index: 311 });
  });

  it.each(['NULL', "'text'", '1.5'])('and makes a table in which bytes may be %s', (value) => {
    alter(
      'facts.db',
      `CREATE TABLE loose AS SELECT * FROM facts; UPDATE loose SET stored = ${value} WHERE position = 311;
       DROP TABLE facts; ALTER TABLE loose RENAME TO facts`,
    );
    expect(first('facts')).toMatchObject({ code: 'row-malformed', index: 311 });
  });

  it('and takes a column away', () => {
    alter('access.db', 'DROP INDEX records_by_time; ALTER TABLE records DROP COLUMN time');
    expect(first('access')).toMatchObject({ code: 'file-damaged', index: 0 });
  });

  it.each([
    ['key', 'identity-missing'],
    ['position', 'identity-wrong'],
    ['repeat', 'repeat-wrong'],
  ])('and flips one bit in the %s of an identity', (column, code) => {
    flip('facts.db', 'identities', column, 'position = 200');
    expect(first('facts')).toMatchObject({ code, index: 200 });
  });

  it('and forgets what tells a repeat of an event that is of no subject', () => {
    run(place, 'facts.db', 'UPDATE identities SET repeat = NULL WHERE position = 200');
    expect(first('facts')).toMatchObject({ code: 'repeat-wrong', index: 200 });
  });

  // each is of the first fact, and of others
  describe.each(['feed:a', 'uk.svd.police.a-recorded.v1', 'urn:svd:agency:county-police'])(
    'and flips one bit of %s,',
    (name) => {
      it.each(['kind', 'name', 'no'])('in its %s', (column) => {
        if (column === 'no') run(place, 'facts.db', `UPDATE names SET no = no | 1024 WHERE name = '${name}'`);
        else flip('facts.db', 'names', column, `name = '${name}'`);
        expect(first('facts')).toMatchObject({ index: 0 });
      });
    },
  );

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

  it('and swaps the contents of two access records', () => {
    const read = new DatabaseSync(join(place.directory, 'access.db'), { readOnly: true });
    const rows = [7, 33].map((at) => read.prepare('SELECT nonce, record FROM records WHERE number = ?').get(at));
    read.close();
    for (const [at, row] of [
      [7, rows[1]],
      [33, rows[0]],
    ] as const)
      run(
        place,
        'access.db',
        `UPDATE records SET nonce = ?, record = ? WHERE number = ${at}`,
        row?.['nonce'] as Uint8Array,
        row?.['record'] as Uint8Array,
      );
    expect(first('access')).toMatchObject({ index: 7 });
  });

  it.each([
    ['facts', 'facts.db', 'position', 'facts'],
    ['access', 'access.db', 'number', 'records'],
  ] as const)('and adds a row to the end of %s, and has nothing signed', (log, file, number, table) => {
    const columns =
      log === 'facts'
        ? 'stream, 9999, type, source, id, recorded, nonce, metadata, stored'
        : `'new', time, consumer, nonce, record`;
    run(
      place,
      file,
      `INSERT INTO ${table} SELECT ${number} + 1, ${columns} FROM ${table} ORDER BY ${number} DESC LIMIT 1`,
    );
    const size = log === 'facts' ? FACTS : RECORDS;
    expect(first(log)).toMatchObject({ index: size });
    expect(verify()[log]).toMatchObject({ size: size + 1, covered: size });
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

  it('and changes a fact and takes away all that covers it: nothing vouches for it, and what is outside tells', () => {
    flip('facts.db', 'facts', 'metadata', 'position = 311');
    for (const table of ['tiles', 'checkpoints']) run(place, 'trees.db', `DELETE FROM ${table} WHERE log = 'facts'`);
    const alone = verifyDirectory(place.directory, { keys });
    expect(alone).toMatchObject({ findings: [], facts: { size: FACTS, covered: 0, checkpoints: 0 } });
    expect(first('facts')).toMatchObject({ code: 'log-rewritten', index: 0, until: FACTS - 1 });
  });

  describe.each([0, 21, RECORDS - 1])('and flips one bit in access record %i, in its', (index) => {
    it.each(['id', 'time', 'consumer', 'nonce', 'record'])('%s', (column) => {
      flip('access.db', 'records', column, `number = ${index}`);
      expect(first('access')).toMatchObject({ index });
    });
  });

  it.each([
    ['number', 'row-missing'],
    ['time', 'row-malformed'],
  ])('and flips the highest bit but one in the %s of an access record', (column, code) => {
    run(place, 'access.db', `UPDATE records SET ${column} = ${column} | (1 << 62) WHERE number = 21`);
    expect(verify().findings).toContainEqual(expect.objectContaining({ of: 'access', code, index: 21 }));
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

  describe.each([0, 1, 2])('and flips one bit of tile %i, in its', (no) => {
    it.each(['log', 'level', 'no', 'hashes'])('%s', (column) => {
      const where = `log = 'facts' AND level = 0 AND no = ${no}`;
      // of a number the eleventh: the lowest would make it one that is taken
      if (column === 'level' || column === 'no')
        run(place, 'trees.db', `UPDATE tiles SET ${column} = ${column} | 1024 WHERE ${where}`);
      else flip('trees.db', 'tiles', column, where);
      const { findings } = verify();
      expect(findings.filter(({ of }) => of !== 'trees')).toEqual([]);
      const ranges = findings.map(
        ({ index = Infinity, until = index }) => index <= no * 256 + 255 && until >= no * 256,
      );
      expect(ranges).toContain(true);
    });
  });

  it.each([
    ['the first tile', 'level = 0 AND no = 0', 0],
    ['a tile', 'level = 0 AND no = 1', 256],
    ['the last tile', 'level = 0 AND no = 2', 512],
    ['every tile', 'TRUE', 0],
    ['the tile above', 'level = 1', 0],
  ])('and deletes %s', (_, where, index) => {
    run(place, 'trees.db', `DELETE FROM tiles WHERE log = 'facts' AND ${where}`);
    expect(first('trees')).toMatchObject({ code: 'tile-missing', index });
  });

  it('and adds a tile', () => {
    run(place, 'trees.db', `INSERT INTO tiles SELECT log, 5, no, hashes FROM tiles WHERE log = 'facts' AND level = 1`);
    expect(codes()).toEqual(['trees tile-changed']);
  });

  it('and changes a tile, and later a fact', () => {
    const tile = tileOf('facts', 0, 0);
    tile.writeUInt8(tile.readUInt8(0) ^ 1, 0);
    run(place, 'trees.db', `UPDATE tiles SET hashes = ? WHERE log = 'facts' AND level = 0 AND no = 0`, tile);
    flip('facts.db', 'facts', 'stored', 'position = 500');
    expect(first('facts')).toMatchObject({ code: 'row-changed', index: 500 });
    expect(first('trees')).toMatchObject({ code: 'tile-changed', index: 0 });
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

    it('by itself with another time, which nothing that is signed or shown depends on', () => {
      const [size = 0] = sizes();
      flip('trees.db', 'checkpoints', 'time', `log = 'facts' AND size = ${size}`);
      expect(verify().findings).toEqual([]);
    });

    it('by nothing, and there is none outside either', () => {
      run(place, 'trees.db', 'DELETE FROM checkpoints');
      const { findings } = verifyDirectory(place.directory, { keys });
      expect(findings).toContainEqual({ of: 'facts', code: 'uncovered', index: 0, until: FACTS - 1 });
      // the facts anchor what the access log once was
      expect(findings).toContainEqual({ of: 'access', code: 'uncovered', index: 30, until: RECORDS - 1 });
    });

    it.each([
      ['by nothing, outside', undefined, ['facts checkpoint-missing']],
      ['by what is none, outside', 'no checkpoint', ['facts checkpoint-missing', 'facts checkpoint-unsigned']],
    ])('%s', (_, text, found) => {
      const name = readdirSync(place.outside).find((file) => file.endsWith('-facts.checkpoint')) ?? '';
      if (text === undefined) rmSync(join(place.outside, name));
      else writeFileSync(join(place.outside, name), text);
      expect(codes()).toEqual(found);
    });

    it('by one over another root that the key itself signed, outside', () => {
      const key = createPrivateKey(readFileSync(join(place.directory, 'log.key')));
      const bad = signCheckpoint({ origin: origin(), size: FACTS, root: Buffer.alloc(32, 3) }, key);
      const name = readdirSync(place.outside).find((file) => file.endsWith('-facts.checkpoint')) ?? '';
      writeFileSync(join(place.outside, name), bad);
      expect(first('facts')).toMatchObject({ code: 'checkpoint-differs', index: FACTS, what: name });
    });

    it('by an earlier one, outside', () => {
      const name = readdirSync(place.outside).find((file) => file.endsWith('-facts.checkpoint')) ?? '';
      cpSync(join(earlier.outside, name), join(place.outside, name));
      expect(codes()).toEqual(['facts checkpoint-missing']);
    });

    it('by itself, so that one that is none was given to the auditor', () => {
      expect(verify({ given: ['no checkpoint'] }).findings).toEqual([
        { of: 'facts', code: 'checkpoint-unsigned', what: 'checkpoint that was given' },
      ]);
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

  describe('and holds the key that signs, and writes anew', () => {
    /** Trees and checkpoints over the logs as they are now, as a hub that lost its trees would make them. */
    async function signAnew(): Promise<void> {
      for (const name of readdirSync(place.directory).filter((file) => file.startsWith('trees.db')))
        rmSync(join(place.directory, name));
      for (const name of readdirSync(place.outside)) rmSync(join(place.outside, name));
      await (await openProven(place)).close();
    }

    it('the facts log: a checkpoint that was given tells', async () => {
      const given = [outsideNote('facts')];
      flip('facts.db', 'facts', 'nonce', 'position = 500');
      await signAnew();
      expect(verify().sound).toBe(true);
      expect(verify({ given }).findings).toEqual([
        { of: 'facts', code: 'checkpoint-differs', index: FACTS, what: 'checkpoint that was given' },
      ]);
    });

    it('the access log: the facts tell', async () => {
      flip('access.db', 'records', 'nonce', 'number = 5');
      await signAnew();
      expect(first('access')).toMatchObject({ code: 'anchor-differs', index: 10, what: 'fact 150' });
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

  it('and takes an artefact away that a fact names', () => {
    rmSync(join(place.directory, 'artefacts'), { recursive: true });
    expect(verify().findings).toEqual([
      expect.objectContaining({ of: 'artefacts', code: 'artefact-missing', index: 402 }),
    ]);
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
