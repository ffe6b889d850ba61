import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HUB_SOURCE, streamName } from '#kernel';
import type { KeyedFact } from '../ports.ts';
import { collect, manyPlaced, placed, readEverything, sampleFact } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { openSqliteMigration, type SqliteMigration } from './sqlite-migration.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();
const opened: SqliteMigration[] = [];
const open = (directory: string): SqliteMigration => {
  const migration = openSqliteMigration(directory);
  opened.push(migration);
  return migration;
};
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});
const OTHER = streamName('agency:northshire-police');

/** 2,501 facts over two streams and two sources, one key forgotten. */
async function filled(): Promise<string> {
  const directory = newDirectory();
  const store = await openSqliteStore({ directory });
  for (let i = 0; i < 5; i++) {
    await store.writer.appendEach(
      [...manyPlaced(499, `a-${i}`), placed(`h-${i}`, { source: HUB_SOURCE }, OTHER)],
      'lane',
    );
  }
  await store.writer.append([placed('last')]);
  await store.close();
  const db = new DatabaseSync(join(directory, 'facts.db'));
  db.exec('UPDATE identities SET repeat = NULL WHERE position = 17');
  db.close();
  return directory;
}
async function dumped(migration: SqliteMigration): Promise<KeyedFact[]> {
  const facts: KeyedFact[] = [];
  for await (const batch of migration.dump()) facts.push(...batch);
  return facts;
}
async function* upTo(migration: SqliteMigration, count: number): AsyncGenerator<readonly KeyedFact[]> {
  let left = count;
  for await (const batch of migration.dump()) {
    yield batch.slice(0, left);
    left -= batch.length;
    if (left <= 0) throw new Error('cut');
  }
}

describe('a log of SQLite that moves', () => {
  it('is the same log in another directory, to its writer too', async () => {
    const from = await filled();
    const source = open(from);
    const to = newDirectory();
    const target = open(to);
    expect(await target.load(source.dump())).toBe('2500');
    const facts = await dumped(source);
    expect(facts).toHaveLength(2_501);
    expect(facts[17]?.repeatKey).toBe('forgotten');
    expect(await dumped(target)).toEqual(facts);
    target.close();

    const store = await openSqliteStore({ directory: to });
    expect(await readEverything(store.reader)).toEqual(facts.map(({ repeatKey: _, ...fact }) => fact));
    expect(await store.writer.appendEach([placed('a-1-7'), placed('a-0-17'), placed('new')], 'lane')).toMatchObject([
      { status: 'repeated' },
      { status: 'erased', position: '17' },
      { status: 'accepted', position: '2501' },
    ]);
    expect(await collect(store.reader.readOwn('start'))).toHaveLength(5);
    expect((await store.reader.find(sampleFact('new').source, 'new'))?.revision).toBe(2_496);
    await store.close();
  });

  it('takes a load that was cut up again', async () => {
    const source = open(await filled());
    const target = open(newDirectory());
    for (const count of [1_000, 1_700, 2_500]) await expect(target.load(upTo(source, count))).rejects.toThrow('cut');
    expect(await target.load(source.dump())).toBe('2500');
    expect(await target.load(source.dump())).toBe('2500');
    expect(await dumped(target)).toEqual(await dumped(source));
  });

  it('is refused where another log is, and where an identity comes twice', async () => {
    const source = open(await filled());
    const other = newDirectory();
    const store = await openSqliteStore({ directory: other });
    await store.writer.append([placed('another')]);
    await store.close();
    const target = open(other);
    await expect(target.load(source.dump())).rejects.toMatchObject({ code: 'log-not-empty', index: 0 });
    expect(await dumped(target)).toHaveLength(1);

    const [first, second] = await dumped(source);
    const twice = [first, { ...second, id: first?.id } as KeyedFact].filter((fact) => fact !== undefined);
    async function* doubled(): AsyncGenerator<readonly KeyedFact[]> {
      yield twice;
    }
    const fresh = open(newDirectory());
    await expect(fresh.load(doubled())).rejects.toMatchObject({ code: 'facts-not-contiguous', index: 1 });
    expect(await dumped(fresh)).toEqual([]);
  });

  it('is held: neither a hub nor a second move has it meanwhile', async () => {
    const directory = await filled();
    const source = open(directory);
    await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: 'store-in-use' });
    expect(() => openSqliteMigration(directory)).toThrow(expect.objectContaining({ code: 'store-in-use' }));
    source.close();
    const store = await openSqliteStore({ directory });
    expect(() => openSqliteMigration(directory)).toThrow(expect.objectContaining({ code: 'store-in-use' }));
    await store.close();
  });

  it('says so when there is no log, or when it lost an identity', async () => {
    await expect(dumped(open(newDirectory()))).rejects.toMatchObject({ code: 'store-missing' });
    const directory = newDirectory();
    copyFileSync(join(await filled(), 'facts.db'), join(directory, 'facts.db'));
    const db = new DatabaseSync(join(directory, 'facts.db'));
    db.exec('DROP TRIGGER identities_never_leave; DELETE FROM identities WHERE position = 3');
    db.close();
    await expect(dumped(open(directory))).rejects.toMatchObject({ code: 'store-damaged', index: 3 });
  });

  it('says so when a later version made the log, or a page of it is torn', async () => {
    const directory = await filled();
    const db = new DatabaseSync(join(directory, 'facts.db'));
    db.exec('PRAGMA user_version=9');
    db.close();
    await expect(dumped(open(directory))).rejects.toMatchObject({ code: 'store-version', field: 'facts.db' });

    const torn = newDirectory();
    const bytes = readFileSync(join(await filled(), 'facts.db'));
    writeFileSync(join(torn, 'facts.db'), bytes.fill(7, bytes.length / 2));
    await expect(dumped(open(torn))).rejects.toMatchObject({ code: 'store-damaged', field: 'facts.db' });
  });
});
