import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instant, sha256, type Instant } from '#kernel';
import type { Store } from '../store.ts';
import { manyPlaced, placed, readEverything, SetClock } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { openSqliteReader } from './sqlite-reader.ts';
import { openSqliteStore } from './sqlite-store.ts';

const newDirectory = temporaryDirectories();
const opened: Store[] = [];
/** Closed after its test, so that one that fails leaves no thread behind. */
async function openStore(directory: string): Promise<Store> {
  const store = await openSqliteStore({ directory });
  opened.push(store);
  return store;
}
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
const appender = fileURLToPath(new URL('../testing/append-until-killed.ts', import.meta.url));
const spawnAppender = (directory: string, seed: number) =>
  spawn(
    process.execPath,
    ['--conditions=development', '--disable-warning=ExperimentalWarning', appender, directory, String(seed)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );

/** What a child acknowledged before it was killed, after at least `enough` facts. */
async function appendAndKill(
  directory: string,
  seed: number,
  enough: number,
): Promise<[position: string, id: string][]> {
  const child = spawnAppender(directory, seed);
  let text = '';
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    lines += chunk.split('\n').length - 1;
    if (lines >= enough) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  const whole = text.slice(0, text.lastIndexOf('\n'));
  return whole.split('\n').map((line) => line.split(' ') as [string, string]);
}

describe('a store and its processes', () => {
  it('loses no acknowledged fact to kill -9, and leaves no gap', async () => {
    const directory = newDirectory();
    const acknowledged: [string, string][] = [];
    for (const seed of [1, 2, 3]) {
      acknowledged.push(...(await appendAndKill(directory, seed, 200 * seed * seed)));
      const store = await openStore(directory);
      const facts = await readEverything(store.reader);
      await store.close();
      expect(facts.map(({ position }) => position)).toEqual(facts.map((_, index) => String(index)));
      expect(facts.map(({ revision }) => revision)).toEqual(facts.map((_, index) => index));
      const at = new Map(facts.map(({ position, id }) => [id, position]));
      expect(acknowledged.filter(([position, id]) => at.get(id) !== position)).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThan(2_500);
  }, 60_000);

  it('refuses a second process, and a second store of the same one', async () => {
    const directory = newDirectory();
    const store = await openStore(directory);
    await expect(openStore(directory)).rejects.toMatchObject({ code: 'store-in-use' });
    const child = spawnAppender(directory, 1);
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    await once(child, 'close');
    expect(child.exitCode).not.toBe(0);
    expect(complaint).toContain("code: 'store-in-use'");
    await store.close();
    await (await openStore(directory)).close();
  }, 30_000);

  it('keeps everything over a restart', async () => {
    const directory = newDirectory();
    const first = await openStore(directory);
    await first.writer.appendEach(manyPlaced(1_500, 'a'), 'lane');
    const digest = await first.artefacts.put(Buffer.from('pack'));
    await first.held.hold(
      [
        {
          id: 'h',
          publisher: 'p',
          field: 'f',
          reason: 'r',
          heldAt: instant(0),
          expiresAt: instant(1),
          sealed: new Uint8Array(3),
        },
      ],
      1,
    );
    const before = await readEverything(first.reader);
    await first.close();

    const second = await openStore(directory);
    expect(await readEverything(second.reader)).toEqual(before);
    expect(
      await second.writer.append([placed('a-0'), placed('b')], new Map([[placed('b').stream, { revision: 1_499 }]])),
    ).toMatchObject({
      outcome: 'appended',
      results: [
        { status: 'repeated', position: '0' },
        { status: 'accepted', position: '1500' },
      ],
    });
    expect(await second.artefacts.get(digest)).toEqual(new Uint8Array(Buffer.from('pack')));
    expect(await second.held.list('p', 5)).toHaveLength(1);
    await second.close();
  });

  it('never lets recorded time fall over a restart, whatever the clock does', async () => {
    const directory = newDirectory();
    const clock = new SetClock();
    const times = [
      '2026-03-01T09:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
      '2026-03-01T09:00:00.001Z',
      '1999-12-31T23:59:59.999Z',
    ];
    for (const [index, time] of times.entries()) {
      clock.time = time as Instant;
      const store = await openSqliteStore({ directory, clock });
      opened.push(store);
      await store.writer.append([placed(`all-${index}`)]);
      await store.writer.appendEach([placed(`each-${index}`), placed('all-0')], 'lane');
      await store.close();
    }
    const facts = await readEverything((await openStore(directory)).reader);
    const [first, , third] = times;
    expect(facts.map(({ recordedTime }) => recordedTime)).toEqual([
      first,
      first,
      first,
      first,
      third,
      third,
      third,
      third,
    ]);
  });

  it('is read while nobody writes, and is missed where it is not', async () => {
    const directory = newDirectory();
    expect(() => openSqliteReader(directory)).toThrow(expect.objectContaining({ code: 'store-missing' }));
    const store = await openStore(directory);
    await store.writer.append([placed('a')]);
    await store.close();
    const reader = openSqliteReader(directory);
    expect(await reader.head()).toBe('0');
    reader.close();
    await expect(reader.head()).rejects.toMatchObject({ code: 'store-closed' });
  });

  it('finds an artefact that was damaged, and heals it by its bytes', async () => {
    const directory = newDirectory();
    const store = await openStore(directory);
    const bytes = Buffer.from('release table');
    const digest = sha256(bytes);
    await store.artefacts.put(bytes);
    const file = join(directory, 'artefacts', digest.slice(0, 2), digest.slice(2));
    writeFileSync(file, 'release tabel');
    await expect(store.artefacts.get(digest)).rejects.toMatchObject({ code: 'artefact-damaged' });
    await store.artefacts.put(bytes);
    expect(await store.artefacts.get(digest)).toEqual(new Uint8Array(bytes));
    expect(readdirSync(join(directory, 'artefacts'))).toEqual([digest.slice(0, 2)]);
    await store.close();
  });

  it('leaves no byte of a removed record in any file', async () => {
    const directory = newDirectory();
    const store = await openStore(directory);
    const secret = 'sealed-7f3a9c-marker';
    const at = { field: 'f', reason: 'r', heldAt: instant(0), expiresAt: instant(1), publisher: 'p' };
    const found = () =>
      readdirSync(directory, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .filter(({ name }) => readFileSync(join(directory, name)).includes(secret))
        .map(({ name }) => name);
    await store.held.hold(
      [
        { ...at, id: 'a', sealed: Buffer.from(secret.repeat(1_000)) },
        { ...at, id: 'b', sealed: Buffer.from(secret) },
      ],
      9,
    );
    expect(found()).toEqual(['held.db']);
    await store.held.remove('p', 'a');
    await store.held.remove('p', 'b');
    expect(found()).toEqual([]);
    await store.close();
  });
});
