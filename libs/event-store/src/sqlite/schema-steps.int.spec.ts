import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { position } from '#kernel';
import { AGENCY_SOURCE, manyPlaced, placed, readEverything } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { climb, versionOf } from './schema-steps.ts';
import { openSqliteReader } from './sqlite-reader.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();
/** Files as they were made when the version was the newest: never made anew. */
const kept = (name: string): string => fileURLToPath(new URL(`../testing/versions/${name}`, import.meta.url));
/** A directory with the files of version 1. */
function ofVersion1(): string {
  const directory = newDirectory();
  for (const name of ['facts', 'held']) copyFileSync(kept(`${name}-1.db`), join(directory, `${name}.db`));
  return directory;
}
const later = (): Error => new Error('later');
const factsCount = (db: DatabaseSync): unknown => db.prepare('SELECT count(*) AS n FROM facts').get()?.['n'];

describe('a store of version 1', () => {
  it('is opened by this one, which reads it and goes on', async () => {
    const directory = ofVersion1();
    const store = await openSqliteStore({ directory });
    const facts = await readEverything(store.reader);
    expect(facts.map(({ id }) => id)).toEqual([
      ...manyPlaced(10, 'first').map(({ fact }) => fact.id),
      'enrolled',
      'forgotten',
    ]);
    expect(facts.map(({ position: at }) => Number(at))).toEqual(facts.map((_, index) => index));
    expect(
      await store.writer.appendEach([placed('first-3'), placed('forgotten'), placed('new')], 'lane'),
    ).toMatchObject([
      { status: 'repeated', position: '3' },
      { status: 'erased', position: '11' },
      { status: 'accepted', position: '12' },
    ]);
    expect((await store.reader.find(AGENCY_SOURCE, 'first-9'))?.position).toBe('9');
    expect(await store.held.get('northshire-police', 'h-1')).toMatchObject({ reason: 'code-unknown' });
    await store.close();
  });
});

describe('steps from version to version', () => {
  const steps = [
    "SELECT 'made by version 1'",
    'CREATE TABLE twos(position INTEGER PRIMARY KEY, size INTEGER NOT NULL) STRICT; INSERT INTO twos SELECT position, length(stored) FROM facts',
    'ALTER TABLE twos ADD COLUMN three TEXT; CREATE INDEX twos_by_size ON twos(size)',
  ];
  const open = (directory: string): DatabaseSync => new DatabaseSync(join(directory, 'facts.db'));

  it('bring an older file forward and keep what it holds', async () => {
    const directory = ofVersion1();
    const reader = openSqliteReader(directory);
    const before = await readEverything(reader);
    const db = open(directory);
    climb(db, steps.slice(0, 2), later);
    expect([versionOf(db), db.prepare('SELECT count(*) AS n FROM twos').get()]).toEqual([2, { n: 12 }]);
    climb(db, steps, later);
    climb(db, steps, later);
    expect([versionOf(db), db.prepare('SELECT count(three) AS n FROM twos').get()]).toEqual([3, { n: 0 }]);
    expect(await readEverything(reader)).toEqual(before);
    expect(await reader.head()).toBe(position(11));
    expect(() => climb(db, steps.slice(0, 2), later)).toThrow('later');
    reader.close();
    db.close();
  });

  it('leave the version before when one fails', () => {
    const db = open(ofVersion1());
    const failing = [...steps.slice(0, 2), `${steps[2] ?? ''}; INSERT INTO nowhere VALUES (1)`];
    expect(() => climb(db, failing, later)).toThrow('no such table');
    expect([versionOf(db), db.isTransaction, factsCount(db)]).toEqual([2, false, 12]);
    expect(db.prepare('SELECT * FROM twos LIMIT 1').get()).not.toHaveProperty('three');
    climb(db, steps, later);
    expect(versionOf(db)).toBe(3);
    db.close();
  });

  it('leave the version before to kill -9 in the middle of one', () => {
    const directory = ofVersion1();
    const child = fileURLToPath(new URL('./testing/climb-until-killed.ts', import.meta.url));
    const killed = spawnSync(
      process.execPath,
      ['--conditions=development', '--disable-warning=ExperimentalWarning', child, join(directory, 'facts.db')],
      { input: JSON.stringify([...steps.slice(0, 2), `${steps[2] ?? ''}; SELECT end_here()`]) },
    );
    expect([killed.signal, killed.stderr.toString()]).toEqual(['SIGKILL', '']);
    const db = open(directory);
    expect([versionOf(db), factsCount(db)]).toEqual([2, 12]);
    expect(db.prepare('SELECT * FROM twos LIMIT 1').get()).not.toHaveProperty('three');
    expect(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {})).toEqual(['ok']);
    climb(db, steps, later);
    expect(versionOf(db)).toBe(3);
    db.close();
  });
});
