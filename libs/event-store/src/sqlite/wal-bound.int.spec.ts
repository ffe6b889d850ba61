import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Placed } from '../ports.ts';
import { placed } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { CHECKPOINT_PAGES, FACTS_FILE, openFactsDatabase } from './facts-database.ts';
import { FactsLog } from './facts-log.ts';
import { walLimit } from './log-database.ts';
import { packFacts } from './packed-facts.ts';

const newDirectory = temporaryDirectories();
const FRAME = 4_096 + 24;
/** Frames of the largest commit made here, with what its indexes take. */
const COMMIT_FRAMES = 400;

describe('the WAL of facts.db', () => {
  let file: string;
  let db: DatabaseSync;
  let log: FactsLog;
  let next = 0;
  beforeEach(() => {
    file = join(newDirectory(), FACTS_FILE);
    db = openFactsDatabase(file);
    log = new FactsLog(db);
  });
  afterEach(() => db.close());
  const walSize = (): number => statSync(`${file}-wal`).size;
  /** One commit of about a mebibyte. */
  const commit = (): void => {
    const facts: Placed[] = Array.from({ length: 20 }, () =>
      placed(`w-${next++}`, { stored: new Uint8Array(50_000).fill(7) }),
    );
    log.appendEach(packFacts(facts), 1_000);
  };

  it('is folded into the file by the thread that commits, and begun anew', () => {
    for (let i = 0; i < 60; i++) {
      commit();
      expect(walSize()).toBeLessThanOrEqual((CHECKPOINT_PAGES + COMMIT_FRAMES) * FRAME);
    }
    expect(statSync(file).size).toBeGreaterThan(40 * 1024 * 1024);
  });

  it('grows while a reader holds an old state, and is cut back once it is gone', () => {
    commit();
    const reader = new DatabaseSync(file, { readOnly: true });
    reader.exec('BEGIN');
    const seen = () => reader.prepare('SELECT count(*) AS n FROM facts').get();
    expect(seen()).toEqual({ n: 20 });
    for (let i = 0; i < 45; i++) commit();
    expect(walSize()).toBeGreaterThan(walLimit(CHECKPOINT_PAGES));
    expect(seen()).toEqual({ n: 20 });
    reader.exec('COMMIT');
    // the next commit folds it, the one after begins anew
    for (let i = 0; i < 2; i++) commit();
    expect(walSize()).toBeLessThanOrEqual(walLimit(CHECKPOINT_PAGES));
    expect(seen()).toEqual({ n: 48 * 20 });
    reader.close();
  });
});
