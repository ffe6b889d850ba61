import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { assertDurable } from '#event-store/reader';
import { Problem, systemClock } from '#kernel';
import type { AccessLog } from '../access-log.ts';
import { agency, describeAccessContract, permitted, refused, SetClock } from '../testing/access-contract.ts';
import { ACCESS_FILE, openAccessDatabase } from './access-database.ts';
import { AccessThread } from './access-thread.ts';
import { openAccessLog, type AccessLogOptions } from './sqlite-access-log.ts';

const made: string[] = [];
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'svd-audit-'));
  made.push(directory);
  return directory;
};
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

describeAccessContract('sqlite', (clock) => openAccessLog({ directory: newDirectory(), clock }));

const opened: AccessLog[] = [];
/** Closed after its test, so that one that fails leaves no thread behind. */
async function open(options: AccessLogOptions): Promise<AccessLog> {
  const log = await openAccessLog(options);
  opened.push(log);
  return log;
}
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});

describe('access.db', () => {
  const unavailable = { code: 'audit-unavailable' };

  it('keeps everything over a restart', async () => {
    const directory = newDirectory();
    const first = await open({ directory });
    const kept = [await first.record(permitted('a', 'dsa-1')), await first.record(refused('b'))];
    await first.close();
    const second = await open({ directory });
    kept.push(await second.record(refused('a')));
    expect(kept.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(await second.entries({ limit: 9 })).toEqual(kept);
    expect(await second.entries({ consumer: agency('a'), limit: 9 })).toEqual([kept[0], kept[2]]);
    await second.close();
  });

  it('rejects while it cannot be written, and records again once it can', async () => {
    const directory = newDirectory();
    const log = await open({ directory });
    await log.record(refused('a'));
    const other = new DatabaseSync(join(directory, ACCESS_FILE));
    other.exec("CREATE TRIGGER disk_full BEFORE INSERT ON records BEGIN SELECT raise(ABORT, 'no space'); END");
    for (let i = 0; i < 3; i++) await expect(log.record(permitted('a', 'dsa-1'))).rejects.toMatchObject(unavailable);
    expect(log.head()).toBe(0);
    other.exec('DROP TRIGGER disk_full');
    other.close();
    expect(await log.record(permitted('a', 'dsa-1'))).toMatchObject({ number: 1 });
    expect(await log.entries({ agreement: 'dsa-1', limit: 9 })).toHaveLength(1);
    await log.close();
  });

  it('rejects what its thread took with it, and goes on with another', async () => {
    const directory = newDirectory();
    const threads: AccessThread[] = [];
    let broken = false;
    const log = await open({
      directory,
      clock: systemClock,
      start: async (at) => {
        if (broken) throw new Problem('audit-unavailable');
        const thread = await AccessThread.start(at);
        threads.push(thread);
        return thread;
      },
    });
    await log.record(refused('a'));
    broken = true;
    await threads[0]?.kill();
    await expect(log.record(refused('a'))).rejects.toMatchObject(unavailable);
    broken = false;
    const { number } = await log.record(refused('a'));
    expect(threads).toHaveLength(2);
    expect(log.head()).toBe(number);

    const underWay = Promise.allSettled([log.record(refused('a')), threads[1]?.kill()]);
    const [outcome] = await underWay;
    const present = (await log.entries({ after: number, limit: 9 })).length;
    if (outcome.status === 'fulfilled') expect(present).toBe(1);
    else expect(outcome.reason).toMatchObject(unavailable);
    await log.close();
  });

  it('syncs each commit, and says so when it would not', () => {
    const db = openAccessDatabase(join(newDirectory(), ACCESS_FILE));
    expect(() => assertDurable(db, 'audit')).not.toThrow();
    db.exec('PRAGMA synchronous=NORMAL');
    expect(() => assertDurable(db, 'audit')).toThrow('audit-not-durable');
    db.close();
  });

  it('refuses a file of a later version', async () => {
    const directory = newDirectory();
    const db = openAccessDatabase(join(directory, ACCESS_FILE));
    db.exec('PRAGMA user_version=2');
    db.close();
    await expect(open({ directory })).rejects.toMatchObject({ code: 'audit-version' });
  });

  it('is opened as version 1 left it', async () => {
    const directory = newDirectory();
    copyFileSync(
      fileURLToPath(new URL('../testing/versions/access-1.db', import.meta.url)),
      join(directory, ACCESS_FILE),
    );
    const log = await open({ directory });
    const entries = await log.entries({ limit: 9 });
    expect(entries.map(({ who, decision }) => [who.agency, decision.kind])).toEqual([
      ['county-analysts', 'permit'],
      ['mentor-charity', 'refuse'],
    ]);
    expect(await log.record(refused('a'))).toMatchObject({ number: 2 });
    expect(await log.entries({ agreement: 'dsa-1', limit: 9 })).toEqual([entries[0]]);
    await log.close();
  });

  it('never lets time fall over a restart, whatever the clock does', async () => {
    const directory = newDirectory();
    const clock = new SetClock();
    for (const seconds of [0, -86_400, 5, -1]) {
      clock.seconds = seconds;
      const log = await open({ directory, clock });
      await log.record(refused('a'));
      await log.close();
    }
    const times = (await (await open({ directory })).entries({ limit: 9 })).map(({ time }) => time);
    expect(times).toEqual([times[0], times[0], times[2], times[2]]);
    expect(Date.parse(times[2] ?? '') - Date.parse(times[0] ?? '')).toBe(5_000);
  });

  it('is refused by its name when it is cut or torn, and not a byte of it is changed', async () => {
    const damaged = { code: 'audit-damaged', field: ACCESS_FILE };
    const directory = newDirectory();
    const file = join(directory, ACCESS_FILE);
    const log = await open({ directory });
    for (let i = 0; i < 30; i++) await log.record(permitted(`consumer-${i % 3}`, 'dsa-1'));
    await log.close();
    const whole = readFileSync(file);
    expect(whole.length / 4_096).toBeGreaterThan(6);
    const spoilt = Array.from({ length: whole.length / 4_096 }, (_, page) => {
      const torn = Buffer.from(whole);
      randomBytes(4_096).copy(torn, page * 4_096);
      return torn;
    });
    for (const bytes of [whole.subarray(0, -4_096), Buffer.from('none'), ...spoilt]) {
      writeFileSync(file, bytes);
      await expect(open({ directory })).rejects.toMatchObject(damaged);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
    writeFileSync(file, whole);
    expect(await (await open({ directory })).entries({ limit: 99 })).toHaveLength(30);
  }, 120_000);

  it('is refused when nothing is left of it but its WAL', async () => {
    const directory = newDirectory();
    const log = await open({ directory });
    await log.record(refused('a'));
    const copy = newDirectory();
    for (const name of [ACCESS_FILE, `${ACCESS_FILE}-wal`]) copyFileSync(join(directory, name), join(copy, name));
    rmSync(join(copy, ACCESS_FILE));
    await expect(open({ directory: copy })).rejects.toMatchObject({ code: 'audit-damaged', field: ACCESS_FILE });
    await log.close();
  });

  it('is never changed', async () => {
    const directory = newDirectory();
    const log = await open({ directory });
    const kept = await log.record(permitted('a', 'dsa-1'));
    await log.close();
    const db = openAccessDatabase(join(directory, ACCESS_FILE));
    for (const [sql, message] of [
      ["UPDATE records SET record = x'00'", 'never changed'],
      ['DELETE FROM records', 'never deleted'],
      ["REPLACE INTO records SELECT number, id, time, consumer, nonce, x'00' FROM records", 'never deleted'],
      ["UPDATE agreements SET agreement = 'dsa-2'", 'never changed'],
      ['DELETE FROM agreements', 'never deleted'],
    ] as const) {
      expect(() => db.exec(sql)).toThrow(message);
    }
    expect(db.prepare('SELECT number, length(nonce) AS nonce, id FROM records').all()).toEqual([
      { number: 0, nonce: 16, id: kept.id },
    ]);
    db.close();
  });

  it('answers by its indexes', async () => {
    const db = openAccessDatabase(join(newDirectory(), ACCESS_FILE));
    const plan = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail))
        .join('; ');
    expect(
      plan("SELECT record FROM records r WHERE r.number > 5 AND r.consumer = 'a' ORDER BY r.number LIMIT 9"),
    ).toContain('USING INDEX records_by_consumer (consumer=? AND number>?)');
    expect(plan('SELECT number FROM records WHERE time >= 5 ORDER BY time, number LIMIT 1')).toContain(
      'records_by_time (time>?)',
    );
    db.close();
  });
});
