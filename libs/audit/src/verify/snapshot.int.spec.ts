import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { grow, openProven, provenFact, someRecord } from '../testing/proven-directory.ts';
import { isDamage, NotReadable, Snapshot } from './snapshot.ts';
import { verifyDirectory } from './verify-directory.ts';

describe('a snapshot of a file', () => {
  let parent: string;
  let file: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'svd-snapshot-'));
    file = join(parent, 'some.db');
  });
  afterEach(() => rmSync(parent, { recursive: true }));
  const writer = (): DatabaseSync => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS t(a); INSERT INTO t VALUES (1)');
    return db;
  };
  const rows = ({ db }: Snapshot): unknown => db.prepare('SELECT count(*) AS count FROM t').get()?.['count'];

  it('shows what was there when it was opened, not when it was first asked', () => {
    const db = writer();
    const snapshot = new Snapshot(file);
    db.exec('INSERT INTO t VALUES (2)');
    expect(rows(snapshot)).toBe(1);
    snapshot.close();
    db.close();
  });

  it('leaves nothing beside a file that nobody has open, and says when somebody opened it meanwhile', () => {
    writer().close();
    const before = readdirSync(parent);
    const snapshot = new Snapshot(file);
    expect(rows(snapshot)).toBe(1);
    expect(readdirSync(parent)).toEqual(before);
    snapshot.close();
    const disturbed = new Snapshot(file);
    const db = writer();
    expect(() => disturbed.close()).toThrow(new NotReadable('changed-meanwhile'));
    db.close();
  });

  it('tells damage from what only keeps it from looking', () => {
    const ofSqlite = (errcode: number): Error => Object.assign(new Error(), { code: 'ERR_SQLITE_ERROR', errcode });
    // SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR_SHORT_READ; no such column
    for (const errcode of [11, 26, 522, 1]) expect(isDamage(ofSqlite(errcode))).toBe(true);
    // SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_BUSY_RECOVERY
    for (const errcode of [5, 14, 261]) expect(() => isDamage(ofSqlite(errcode))).toThrow(NotReadable);
    expect(() => isDamage(new TypeError('ours'))).toThrow('ours');
  });

  it('is all that a verifier takes of a directory: no file comes, none goes, and no lock is needed', async () => {
    const place = { directory: join(parent, 'data'), outside: join(parent, 'outside') };
    const proven = await openProven(place);
    await grow(proven, [provenFact('f-0')], [someRecord(0)]);
    const running = readdirSync(place.directory);
    expect(verifyDirectory(place.directory).findings).toEqual([]);
    expect(readdirSync(place.directory)).toEqual(running);
    await proven.close();
    const stopped = readdirSync(place.directory);
    expect(verifyDirectory(place.directory).findings).toEqual([]);
    expect(readdirSync(place.directory)).toEqual(stopped);
    // a copy of its files alone is a backup
    const copy = join(parent, 'copy');
    cpSync(place.directory, copy, { recursive: true });
    expect(verifyDirectory(copy, { checkpoints: place.outside }).findings).toEqual([]);
  });
});
