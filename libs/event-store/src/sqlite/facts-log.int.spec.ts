import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { manyPlaced, placed, AGENCY_SOURCE } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { FACTS_FILE, openFactsDatabase } from './facts-database.ts';
import { FactsLog, STATUSES } from './facts-log.ts';
import { identityKey } from '../identity.ts';
import { assertDurable } from './log-database.ts';
import { packFacts } from './packed-facts.ts';

const newDirectory = temporaryDirectories();

describe('facts.db', () => {
  let file: string;
  let db: DatabaseSync;
  let log: FactsLog;
  beforeEach(() => {
    file = join(newDirectory(), FACTS_FILE);
    db = openFactsDatabase(file);
    log = new FactsLog(db);
    log.appendEach(packFacts([placed('a'), placed('b')]), 1_000);
  });
  afterEach(() => db.close());
  const count = (table: string): unknown => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'];
  const statuses = (...facts: Parameters<typeof packFacts>[0]) =>
    Array.from(log.appendEach(packFacts(facts), 2_000).statuses, (no) => STATUSES[no]);

  it('syncs each commit, and says so when it would not', () => {
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(() => assertDurable(db, 'store')).not.toThrow();
    db.exec('PRAGMA synchronous=NORMAL');
    expect(() => assertDurable(db, 'store')).toThrow('store-not-durable');
    const facts = packFacts([placed('c')]);
    expect(() => new FactsLog(db).appendEach(facts, 1_000)).toThrow('store-not-durable');
    expect(() => new FactsLog(db).append(facts, 1_000, new Map())).toThrow('store-not-durable');
    expect([count('facts'), count('identities')]).toEqual([2, 2]);
  });

  it.each([
    ["UPDATE facts SET stored = x'00'", 'facts are never changed'],
    ['DELETE FROM facts WHERE position = 1', 'facts are never deleted'],
    [
      "REPLACE INTO facts SELECT position, stream, revision, type, source, id, recorded, nonce, metadata, x'00' FROM facts",
      'facts are never deleted',
    ],
    ['UPDATE facts SET position = 7 WHERE position = 1', 'facts are never changed'],
    ["UPDATE names SET name = 'other'", 'names are never changed'],
    ['DELETE FROM names', 'names are never deleted'],
    ["REPLACE INTO names(no, kind, name) VALUES (1, 'source', 'other')", 'names are never deleted'],
    ["UPDATE identities SET repeat = x'00'", 'an identity only forgets its repeat key'],
    ['UPDATE identities SET position = 0, repeat = NULL WHERE position = 1', 'an identity only forgets its repeat key'],
    ['DELETE FROM identities', 'identities are never deleted'],
  ])('refuses %s', (sql, message) => {
    expect(() => db.exec(sql)).toThrow(message);
    expect([count('facts'), count('identities')]).toEqual([2, 2]);
  });

  it('answers erased once a repeat key is forgotten', () => {
    db.prepare('UPDATE identities SET repeat = NULL WHERE key = ?').run(identityKey(AGENCY_SOURCE, 'a'));
    expect(statuses(placed('a'), placed('a', { form: 'second' }), placed('b'))).toEqual([
      'erased',
      'erased',
      'repeated',
    ]);
    expect(log.append(packFacts([placed('c'), placed('a')]), 2_000, new Map())).toEqual({
      outcome: 'refused',
      index: 1,
      reason: 'erased',
    });
    expect(statuses(placed('c'))).toEqual(['accepted']);
  });

  it('stores nothing of a commit that fails, and goes on without a gap', () => {
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
    db.exec(`PRAGMA max_page_count=${pages + 4}`);
    const wide = manyPlaced(40, 'wide').map(({ stream, fact }) => ({
      stream,
      fact: { ...fact, stored: new Uint8Array(50_000) },
    }));
    expect(() => log.appendEach(packFacts([placed('c'), ...wide]), 1_000)).toThrow('full');
    expect(() => log.append(packFacts([placed('c'), ...wide]), 1_000, new Map())).toThrow('full');
    expect([count('facts'), count('identities')]).toEqual([2, 2]);
    db.exec('PRAGMA max_page_count=1000000');
    const { positions } = log.appendEach(packFacts([placed('c'), ...wide]), 1_000);
    expect(Array.from(positions)).toEqual(Array.from({ length: 41 }, (_, i) => i + 2));
    expect(db.prepare('SELECT max(revision) AS r FROM facts').get()).toEqual({ r: 42 });
  });

  /** The database, but for one statement, which does or doesn't happen before it fails. */
  const failing = (statement: string, happens: boolean): { db: DatabaseSync; times: number } => {
    const broken = { db, times: 1 };
    broken.db = new Proxy(db, {
      get(target, name) {
        if (name === 'exec')
          return (sql: string) => {
            const fails = sql === statement && broken.times-- > 0;
            if (!fails || happens) target.exec(sql);
            if (fails) throw new Error('disk I/O error');
          };
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    return broken;
  };

  it.each([
    [false, 'accepted', [2, 2], [3, 3]],
    [true, 'repeated', [3, 3], [3, 3]],
  ])('goes on after a commit that failed and happened: %j', (happens, again, after, last) => {
    const other = new FactsLog(failing('COMMIT', happens).db);
    expect(() => other.appendEach(packFacts([placed('c')]), 1_000)).toThrow('disk I/O error');
    expect([count('facts'), count('identities')]).toEqual(after);
    const { statuses, positions } = other.appendEach(packFacts([placed('c')]), 1_000);
    expect([STATUSES[statuses[0] ?? 9], positions[0]]).toEqual([again, 2]);
    expect([count('facts'), count('identities')]).toEqual(last);
    expect(other.append(packFacts([placed('d')]), 1_000, new Map())).toMatchObject({ outcome: 'committed' });
    expect(db.prepare('SELECT max(position) AS p, max(revision) AS r FROM facts').get()).toEqual({ p: 3, r: 3 });
  });

  it('goes on after a rollback that failed, with nothing of what was not committed', () => {
    const broken = failing('ROLLBACK', false);
    // the second try of the same call too
    broken.times = 2;
    const other = new FactsLog(broken.db);
    const clash = packFacts([placed('c'), placed('a', { form: 'second' })]);
    expect(() => other.append(clash, 1_000, new Map())).toThrow('disk I/O error');
    expect([broken.times, db.isTransaction]).toEqual([0, true]);
    expect(Array.from(other.appendEach(packFacts([placed('d')]), 1_000).positions)).toEqual([2]);
    expect(db.isTransaction).toBe(false);
    expect(db.prepare('SELECT id FROM facts ORDER BY position').all()).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'd' }]);
  });

  it('commits when the checkpoint after it cannot be done, and folds the WAL later', () => {
    db.exec('PRAGMA wal_autocheckpoint=1');
    const reader = openFactsDatabase(file);
    reader.exec('BEGIN; SELECT count(*) FROM facts');
    for (let i = 0; i < 5; i++) expect(statuses(placed(`late-${i}`))).toEqual(['accepted']);
    /** Frames of the WAL, and how many of them are in the file. */
    const folded = () =>
      Object.values(db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() ?? {})
        .slice(1)
        .map(Number);
    const [frames, inFile] = folded();
    expect(inFile).toBeLessThan(frames ?? 0);
    reader.exec('COMMIT');
    reader.close();
    expect(statuses(placed('last'))).toEqual(['accepted']);
    const [later, all] = folded();
    expect(all).toBe(later);
    expect(count('facts')).toBe(8);
  });

  it('refuses a file of a later version', () => {
    db.exec('PRAGMA user_version=2');
    expect(() => openFactsDatabase(file)).toThrow('store-version');
  });

  it('reads the hub’s own facts by their index', () => {
    const plan = db
      .prepare(
        'EXPLAIN QUERY PLAN SELECT id FROM facts INDEXED BY facts_own WHERE source = 1 AND position > 5 AND position <= 9 ORDER BY position LIMIT 10',
      )
      .all();
    expect(plan.map(({ detail }) => detail)).toEqual([
      'SEARCH facts USING INDEX facts_own (position>? AND position<?)',
    ]);
  });
});
