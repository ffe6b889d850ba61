import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eventType, HUB_SOURCE, sha256, streamName } from '#kernel';
import type { Store } from '../store.ts';
import { manyPlaced, placed, readEverything } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();
const opened: Store[] = [];
async function openStore(directory: string): Promise<Store> {
  const store = await openSqliteStore({ directory });
  opened.push(store);
  return store;
}
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
const own = placed(
  'own',
  { source: HUB_SOURCE, type: eventType('uk.svd.hub.agency-enrolled.v1') },
  streamName('agency:a'),
);

/** A store of `count` facts and one of the hub's own, closed as it should be. */
async function filled(count: number): Promise<string> {
  const directory = newDirectory();
  const store = await openStore(directory);
  await store.writer.append([own]);
  await store.writer.appendEach(manyPlaced(count, 'early'), 'lane');
  await store.close();
  return directory;
}
/** The same as a `kill -9` leaves it: five more facts, in the WAL alone. */
async function killed(count: number): Promise<string> {
  const directory = await filled(count);
  const store = await openStore(directory);
  await store.writer.append(manyPlaced(5, 'late'));
  const copy = newDirectory();
  cpSync(directory, copy, { recursive: true });
  await store.close();
  return copy;
}
const fileOf = (directory: string): string => join(directory, 'facts.db');
const digests = (directory: string): Record<string, string> =>
  Object.fromEntries(
    ['facts.db', 'facts.db-wal']
      .filter((name) => (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0) > 0)
      .map((name) => [name, sha256(readFileSync(join(directory, name)))]),
  );
/** A hot journal of a database that had no page (https://sqlite.org/fileformat2.html#the_rollback_journal). */
function journalOfNothing(): Buffer {
  const header = Buffer.alloc(512);
  header.set(Buffer.from('d9d505f920a163d7', 'hex'));
  header.writeUInt32BE(512, 20);
  header.writeUInt32BE(4_096, 24);
  return header;
}
const damaged = { code: 'store-damaged', field: 'facts.db' };

/** Refused, and not a byte of what is left is changed by it. */
async function expectRefused(directory: string, problem: object = damaged): Promise<void> {
  const before = digests(directory);
  await expect(openStore(directory)).rejects.toMatchObject(problem);
  expect(digests(directory)).toEqual(before);
}

describe('a facts.db that is torn', () => {
  it('is opened when it is whole, closed or killed', async () => {
    for (const [directory, count] of [
      [await filled(300), 301],
      [await killed(300), 306],
    ] as const) {
      const store = await openStore(directory);
      expect(await readEverything(store.reader)).toHaveLength(count);
    }
  });

  it.each([1, 2, 3, 10])('is refused when its last %i pages are cut off', async (pages) => {
    const directory = await filled(300);
    truncateSync(fileOf(directory), statSync(fileOf(directory)).size - pages * 4_096);
    await expectRefused(directory);
  });

  it.each([1, 3, 10])('is refused when its last %i pages are cut off and a WAL lies beside it', async (pages) => {
    const directory = await killed(2_000);
    const { size } = statSync(fileOf(directory));
    truncateSync(fileOf(directory), size - pages * 4_096 - 100);
    await expectRefused(directory);
  });

  it('is refused when nothing is left of it but its WAL', async () => {
    const emptied = await killed(20);
    truncateSync(fileOf(emptied), 0);
    await expectRefused(emptied);
    const gone = await killed(20);
    rmSync(fileOf(gone));
    await expectRefused(gone);
    expect(existsSync(fileOf(gone))).toBe(false);
  });

  it('is opened when a checkpoint was cut short, since the WAL has what the file lacks', async () => {
    const directory = newDirectory();
    const store = await openStore(directory);
    await store.writer.append([own]);
    await store.writer.appendEach(manyPlaced(500, 'early'), 'lane');
    const copy = newDirectory();
    cpSync(directory, copy, { recursive: true });
    // as if page 1, which tells how many pages there are, had been written and those after it had not
    const wal = readFileSync(`${fileOf(copy)}-wal`);
    let first: Buffer | undefined;
    for (let at = 32; at + 24 + 4_096 <= wal.length; at += 24 + 4_096)
      if (wal.readUInt32BE(at) === 1) first = wal.subarray(at + 24, at + 24 + 4_096);
    expect(first?.readUInt32BE(28)).toBeGreaterThan(20);
    writeFileSync(fileOf(copy), first ?? '');
    expect(await readEverything((await openStore(copy)).reader)).toHaveLength(501);
  });

  it('is made anew when its first opening was killed while it was set to WAL', async () => {
    const directory = newDirectory();
    const file = fileOf(directory);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA journal_mode=WAL');
    db.close();
    writeFileSync(`${file}-journal`, journalOfNothing());
    expect(() => new DatabaseSync(file, { readOnly: true }).prepare('PRAGMA user_version').get()).toThrow();
    const store = await openStore(directory);
    expect(await store.writer.append([own])).toMatchObject({ outcome: 'appended' });
    expect(existsSync(`${file}-journal`)).toBe(false);
  });

  it('is not undone by a journal that lies beside its WAL', async () => {
    const directory = newDirectory();
    const store = await openStore(directory);
    await store.writer.append([own]);
    const copy = newDirectory();
    cpSync(directory, copy, { recursive: true });
    expect(statSync(fileOf(copy)).size).toBe(4_096);
    writeFileSync(`${fileOf(copy)}-journal`, journalOfNothing());
    await expectRefused(copy, { code: 'store-unavailable' });
    rmSync(`${fileOf(copy)}-journal`);
    expect(await readEverything((await openStore(copy)).reader)).toHaveLength(1);
  });

  it('is refused when any page of it holds something else', async () => {
    const directory = await filled(20);
    const whole = readFileSync(fileOf(directory));
    const pages = whole.length / 4_096;
    expect(pages).toBeGreaterThan(5);
    for (let page = 0; page < pages; page++) {
      const torn = Buffer.from(whole);
      randomBytes(4_096).copy(torn, page * 4_096);
      writeFileSync(fileOf(directory), torn);
      await expectRefused(directory);
    }
    writeFileSync(fileOf(directory), whole);
    expect(await readEverything((await openStore(directory)).reader)).toHaveLength(21);
  }, 120_000);

  it.each([
    ['an identity names another fact', 'UPDATE identities SET position = position + 1'],
    ['a fact is missing before the last', 'DELETE FROM facts WHERE position = 18'],
    ['the first fact is missing', 'DELETE FROM facts WHERE position = 0'],
    ['every fact is missing', 'DELETE FROM facts'],
    ['a recorded time falls', 'UPDATE facts SET recorded = recorded + 1 WHERE position = 19'],
    ['a nonce is short', "UPDATE facts SET nonce = x'00' WHERE position = 19"],
    ['a source has no name', "DELETE FROM names WHERE kind = 'source'"],
  ])('is refused when %s', async (_, sql) => {
    const directory = await filled(20);
    const db = new DatabaseSync(fileOf(directory));
    const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
    db.exec(sql);
    db.close();
    await expectRefused(directory);
  });

  it('is refused when it is another database, or none', async () => {
    const directory = await filled(20);
    cpSync(join(directory, 'held.db'), fileOf(directory));
    await expectRefused(directory);
    writeFileSync(fileOf(directory), 'position,stream\n0,feed\n');
    await expectRefused(directory);
  });

  it('is missed beside artefacts, and no new log is begun', async () => {
    const directory = await filled(3);
    const store = await openStore(directory);
    await store.artefacts.put(Buffer.from('pack'));
    await store.close();
    rmSync(fileOf(directory));
    const missing = { code: 'store-missing', field: 'facts.db' };
    await expectRefused(directory, missing);
    writeFileSync(fileOf(directory), '');
    await expectRefused(directory, missing);
    expect(readdirSync(directory)).not.toContain('facts.db-wal');
  });

  it('is not alone: held.db is refused by its name too', async () => {
    const directory = await filled(3);
    writeFileSync(join(directory, 'held.db'), randomBytes(20_000));
    await expectRefused(directory, { code: 'store-damaged', field: 'held.db' });
  });
});
