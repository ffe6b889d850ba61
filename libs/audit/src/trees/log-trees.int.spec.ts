import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AccessRecord } from '#contracts';
import { openSqliteStore, type Placed, type Store } from '#event-store';
import { eventType, sha256, streamName, type AgencyId } from '#kernel';
import type { AccessLog } from '../access-log.ts';
import type { LogTrees } from '../log-trees.ts';
import { openAccessLog } from '../sqlite/sqlite-access-log.ts';
import { rootOf } from './growing-tree.ts';
import { accessLeaf, factLeaf, leafHash } from './leaf.ts';
import { signCheckpoint } from './note.ts';
import { openLogTrees } from './open-log-trees.ts';

const COVERED_WITHIN_MS = 20_000;
const record: AccessRecord = {
  operation: 'releases.table',
  kind: 'refused',
  who: { issuer: 'https://issuer.example', person: 'ann', agency: 'county-analysts' as AgencyId, roles: ['analyst'] },
  purpose: undefined,
  question: {},
  decision: { kind: 'refuse', rule: 'no-agreement' },
  policy: { position: 'empty', digest: sha256('') },
  build: 'test',
};
let made = 0;
const someFacts = (count: number): Placed[] =>
  Array.from({ length: count }, () => {
    const id = `fact-${made++}`;
    const stored = Buffer.from(JSON.stringify({ id }));
    const source = 'urn:svd:agency:county-police';
    const repeatKey = createHash('sha256').update(id).digest();
    const type = eventType('uk.svd.police.incident-recorded.v1');
    return { stream: streamName('feed'), fact: { source, id, type, repeatKey, stored, metadata: { agency: 'x' } } };
  });

interface Opened {
  readonly store: Store;
  readonly access: AccessLog;
  readonly trees: LogTrees;
}

describe('the trees over both logs', () => {
  const root = mkdtempSync(join(tmpdir(), 'svd-trees-'));
  let directory: string;
  let outside: string;
  const opened: { close(): Promise<void> }[] = [];
  let count = 0;

  beforeEach(() => {
    directory = join(root, `data-${++count}`);
    outside = join(root, `outside-${count}`);
    mkdirSync(directory);
  });
  afterEach(close);
  afterAll(() => rmSync(root, { recursive: true }));

  async function close(): Promise<void> {
    for (const part of opened.splice(0)) await part.close();
  }
  async function open(): Promise<Opened> {
    const store = await openSqliteStore({ directory });
    opened.unshift(store);
    const access = await openAccessLog({ directory });
    opened.unshift(access);
    const trees = await openLogTrees({ directory, outside });
    opened.unshift(trees);
    return { store, access, trees };
  }
  /** The root as anyone would compute it who has the log and no tree. */
  async function plainRoot({ store, access }: Opened, log: 'facts' | 'access', size: number): Promise<Buffer> {
    const leaves: Buffer[] = [];
    if (log === 'access') leaves.push(...(await access.rows(-1, size)).map((row) => leafHash(accessLeaf(row).leaf)));
    else
      for await (const facts of store.reader.readAll('start'))
        leaves.push(...facts.map((fact) => leafHash(factLeaf(fact).leaf)));
    const batches = (async function* () {
      yield leaves.slice(0, size);
    })();
    return Buffer.from(await rootOf(batches));
  }
  const outsideFile = (log: string): string =>
    join(outside, readdirSync(outside).find((name) => name.endsWith(`-${log}.checkpoint`)) ?? '');
  const sql = (file: string, statement: string): void => {
    const db = new DatabaseSync(join(directory, file));
    db.exec(statement);
    db.close();
  };
  /** Opens, lets both logs grow, and closes. */
  async function grown(facts = 300, records = 5): Promise<void> {
    const { store, access } = await open();
    await store.writer.appendEach(someFacts(facts), 'lane');
    for (let n = 0; n < records; n++) await access.record(record);
    await close();
  }

  it('cover nothing while there is nothing', async () => {
    const { trees } = await open();
    expect(trees.checkpoint('facts')).toBeUndefined();
    expect(trees.tile('facts', 0, 0, 1)).toBeUndefined();
    expect(() => trees.inclusion('facts', 0, 0)).toThrow(expect.objectContaining({ code: 'tree-range' }));
    await expect(trees.covered('facts', 1, 10)).rejects.toMatchObject({ code: 'tree-behind' });
  });

  it('follow both logs while they are written, and sign what they cover', async () => {
    const all = await open();
    const { store, access, trees } = all;
    const writing = Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await store.writer.appendEach(someFacts(60), `lane-${i % 3}`);
        await access.record(record);
      }),
    );
    const early = await trees.covered('facts', 1, COVERED_WITHIN_MS);
    await writing;
    const facts = await trees.covered('facts', 1_200, COVERED_WITHIN_MS);
    const records = await trees.covered('access', 20, COVERED_WITHIN_MS);
    for (const { log, size, root: signed } of [early, facts, records])
      expect(Buffer.from(signed)).toEqual(await plainRoot(all, log, size));
    expect(facts.origin).toMatch(/^svd-hub\/[0-9a-f]{16}\/facts$/);
    expect(readFileSync(outsideFile('facts'), 'utf8')).toBe(facts.note);
    expect(readFileSync(join(directory, 'log.vkey'), 'utf8')).toBe(
      `${trees.verifierKey('facts')}\n${trees.verifierKey('access')}\n`,
    );
    expect(statSync(join(directory, 'log.key')).mode & 0o077).toBe(0);
  });

  it('cover everything when they are closed, and go on from there', async () => {
    await grown(700, 3);
    const all = await open();
    expect(all.trees.checkpoint('facts')?.size).toBe(700);
    expect(all.trees.checkpoint('access')?.size).toBe(3);
    await all.store.writer.appendEach(someFacts(1), 'lane');
    const { size, root: signed } = await all.trees.covered('facts', 701, COVERED_WITHIN_MS);
    expect(Buffer.from(signed)).toEqual(await plainRoot(all, 'facts', size));
    // of one minute the last checkpoint is kept
    expect([...all.trees.earlier('facts', size)].length).toBeLessThan(2);
  });

  it('keep the last checkpoint of every earlier minute', async () => {
    await grown(10, 1);
    sql('trees.db', 'UPDATE checkpoints SET time = time - 120000');
    await grown(10, 1);
    sql('trees.db', 'UPDATE checkpoints SET time = time - 120000 WHERE size = 20');
    const { trees, store } = await open();
    await store.writer.appendEach(someFacts(10), 'lane');
    await trees.covered('facts', 30, COVERED_WITHIN_MS);
    expect([...trees.earlier('facts', 30)].map((note) => note.split('\n')[1])).toEqual(['10', '20']);
    expect([...trees.earlier('facts', 20)]).toHaveLength(1);
  });

  it('are made again from the logs when they are lost', async () => {
    await grown(600, 4);
    const before = readFileSync(outsideFile('facts'), 'utf8');
    for (const name of readdirSync(directory).filter((file) => file.startsWith('trees.db')))
      rmSync(join(directory, name));
    const { trees } = await open();
    const after = await trees.covered('facts', 600, COVERED_WITHIN_MS);
    expect(after.note).toBe(before);
  });

  it('go on after their directory of checkpoints could not be written', async () => {
    const { store, trees } = await open();
    await store.writer.appendEach(someFacts(5), 'lane');
    await trees.covered('facts', 5, COVERED_WITHIN_MS);
    rmSync(outside, { recursive: true });
    writeFileSync(outside, 'in the way');
    await store.writer.appendEach(someFacts(5), 'lane');
    await until(() => !trees.following());
    expect(trees.checkpoint('facts')?.size).toBe(5);
    expect(store.writer.writable()).toBe(true);
    rmSync(outside);
    mkdirSync(outside);
    await trees.covered('facts', 10, COVERED_WITHIN_MS);
    await until(() => trees.following());
  });

  it('answer nothing from a checkpoint that was changed under them, and take nothing down with them', async () => {
    await grown();
    sql('trees.db', `CREATE TRIGGER t AFTER INSERT ON checkpoints BEGIN UPDATE checkpoints SET note = 'x'; END`);
    const { store, trees } = await open();
    const damaged = (): boolean => {
      try {
        trees.checkpoint('facts');
        return false;
      } catch (error) {
        return (error as { code?: string }).code === 'trees-damaged';
      }
    };
    await store.writer.appendEach(someFacts(1), 'lane');
    await until(damaged);
    // what the thread tells of it has come by then
    await trees.close();
  });

  describe('refuse to start', () => {
    const refusal = async (): Promise<string> => {
      const error: unknown = await openLogTrees({ directory, outside }).then(
        () => new Error('it started'),
        (reason: unknown) => reason,
      );
      return (error as { code?: string }).code ?? String(error);
    };
    const backUp = (): (() => void) => {
      const aside = join(root, `backup-${count}`);
      cpSync(directory, aside, { recursive: true });
      return () => {
        rmSync(directory, { recursive: true });
        cpSync(aside, directory, { recursive: true });
      };
    };

    it('on a backup that was put back', async () => {
      await grown();
      const putBack = backUp();
      await grown();
      putBack();
      expect(await refusal()).toBe('log-rolled-back');
    });

    it('on a backup of one log', async () => {
      await grown();
      const aside = readFileSync(join(directory, 'access.db'));
      await grown();
      writeFileSync(join(directory, 'access.db'), aside);
      expect(await refusal()).toBe('log-rolled-back');
    });

    it.each(['facts.db', 'access.db'])('on a log that is gone, and that a start began anew: %s', async (file) => {
      await grown();
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `${file}${suffix}`), { force: true });
      const store = await openSqliteStore({ directory });
      const access = await openAccessLog({ directory });
      expect(await refusal()).toBe('log-rolled-back');
      await access.close();
      await store.close();
    });

    it('on a backup whose trees were taken away, or that grew another way since', async () => {
      await grown();
      const putBack = backUp();
      await grown(50);
      putBack();
      const note = readFileSync(outsideFile('facts'));
      const name = outsideFile('facts');
      rmSync(outside, { recursive: true });
      await grown(60);
      writeFileSync(name, note);
      expect(await refusal()).toBe('log-rolled-back');
      rmSync(join(directory, 'trees.db'));
      expect(await refusal()).toBe('log-rolled-back');
    });

    it('on a log whose last row is another', async () => {
      await grown();
      sql('facts.db', `DROP TRIGGER facts_never_change; UPDATE facts SET stored = x'7b7d' WHERE position = 299`);
      expect(await refusal()).toBe('log-rolled-back');
    });

    it('on a log whose end is gone', async () => {
      await grown();
      sql('facts.db', `DROP TRIGGER facts_never_leave; DELETE FROM facts WHERE position = 299`);
      expect(await refusal()).toBe('log-rolled-back');
    });

    it('on an outside checkpoint that the key did not sign', async () => {
      await grown();
      const other = generateKeyPairSync('ed25519').privateKey;
      const [origin = ''] = readFileSync(outsideFile('facts'), 'utf8').split('\n');
      writeFileSync(outsideFile('facts'), signCheckpoint({ origin, size: 1, root: Buffer.alloc(32) }, other));
      expect(await refusal()).toBe('log-rolled-back');
    });

    it('on trees of another key', async () => {
      await grown();
      rmSync(join(directory, 'log.key'));
      expect(await refusal()).toBe('trees-of-another-key');
    });

    it('on a tile that was changed', async () => {
      await grown();
      sql('trees.db', `UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE log = 'facts' AND level = 1`);
      expect(await refusal()).toBe('trees-damaged');
    });

    it('on a file of a later version, or that is none', async () => {
      await grown();
      sql('trees.db', 'PRAGMA user_version = 9');
      expect(await refusal()).toBe('trees-version');
      writeFileSync(join(directory, 'trees.db'), 'no database');
      expect(await refusal()).toBe('trees-damaged');
    });

    it('on a key that others read, or that is none', async () => {
      await grown();
      chmodSync(join(directory, 'log.key'), 0o644);
      expect(await refusal()).toBe('log-key-unsafe');
      chmodSync(join(directory, 'log.key'), 0o600);
      writeFileSync(join(directory, 'log.key'), 'no key');
      expect(await refusal()).toBe('log-key-invalid');
    });
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
