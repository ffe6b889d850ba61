import type { DatabaseSync } from 'node:sqlite';
import { openLogDatabase } from '#event-store/reader';

export const ACCESS_FILE = 'access.db';
const CHECKPOINT_PAGES = 2_000;

const VERSION_1 = `
CREATE TABLE records(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time INTEGER NOT NULL, consumer TEXT NOT NULL,
  nonce BLOB NOT NULL, record BLOB NOT NULL) STRICT;
CREATE INDEX records_by_consumer ON records(consumer, number);
CREATE INDEX records_by_time ON records(time, number);
CREATE TABLE agreements(agreement TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(agreement, number)) STRICT, WITHOUT ROWID;
CREATE TRIGGER records_never_change BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'records are never changed'); END;
CREATE TRIGGER records_never_leave BEFORE DELETE ON records BEGIN SELECT raise(ABORT, 'records are never deleted'); END;
CREATE TRIGGER agreements_never_change BEFORE UPDATE ON agreements BEGIN SELECT raise(ABORT, 'records are never changed'); END;
CREATE TRIGGER agreements_never_leave BEFORE DELETE ON agreements BEGIN SELECT raise(ABORT, 'records are never deleted'); END;
`;

/** What each version adds to the one before. */
const STEPS = [VERSION_1];

/**
 * As {@link openLogDatabase} opens it.
 * @throws Problem `audit-version`, `audit-damaged` or `audit-not-durable`, each with the name of the file.
 */
export const openAccessDatabase = (file: string): DatabaseSync =>
  openLogDatabase({ file, log: 'audit', steps: STEPS, checkpointPages: CHECKPOINT_PAGES, sound: endsSound });

const ROWS = 100;
/** Whether the first record and the last hundred stand where each index says. What they hold is read. */
function endsSound(db: DatabaseSync): boolean {
  const rows = db
    .prepare('SELECT number, id, time, consumer, nonce, record FROM records ORDER BY number DESC LIMIT ?')
    .all(ROWS);
  const head = rows[0]?.['number'];
  if (head === undefined) return db.prepare('SELECT 1 FROM agreements LIMIT 1').get() === undefined;
  if (db.prepare('SELECT min(number) AS first FROM records').get()?.['first'] !== 0) return false;
  const byId = db.prepare('SELECT number FROM records WHERE id = ?');
  const byConsumer = db.prepare(
    'SELECT number FROM records INDEXED BY records_by_consumer WHERE consumer = ? AND number = ?',
  );
  const byTime = db.prepare(
    'SELECT number FROM records INDEXED BY records_by_time ORDER BY time DESC, number DESC LIMIT 1',
  );
  const agreement = db.prepare('SELECT number FROM agreements ORDER BY agreement DESC, number DESC LIMIT 1').get();
  return (
    Number(agreement?.['number'] ?? 0) <= Number(head) &&
    byTime.get()?.['number'] === head &&
    rows.every(({ number = null, id = null, consumer = null }, index) => {
      const found = [byId.get(id), byConsumer.get(consumer, number)];
      return number === Number(head) - index && found.every((row) => row?.['number'] === number);
    })
  );
}
