import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { canonicalJson, makeDirectory, millis, position, positionNumber, Problem, type Position } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import { identityKey } from '../identity.ts';
import { stillToLoad } from '../load-facts.ts';
import type { FactsExporter, FactsImporter, KeyedFact } from '../ports.ts';
import { FACTS_FILE, FACTS_VERSION, openFactsDatabase } from './facts-database.ts';
import { isDamage } from './file-damage.ts';
import { assertDurable } from './log-database.ts';
import { versionOf } from './schema-steps.ts';
import { SqliteFactsReader } from './sqlite-reader.ts';
import { lockStore } from './store-lock.ts';

const COMMIT_FACTS = 1_000;

export interface SqliteMigration extends FactsExporter, FactsImporter {
  close(): void;
}

/**
 * A facts log of SQLite to be moved: out of `directory`, or into it. Holds the store's lock, so that no hub runs on it
 * meanwhile. Works on the caller's thread; a load commits at most 1,000 facts at a time.
 * @throws Problem `store-in-use`; when something is asked of it, `store-version`, `store-damaged`, `store-not-durable`, and
 * `store-missing` where there is no log to dump.
 */
export function openSqliteMigration(directory: string): SqliteMigration {
  makeDirectory(directory);
  const lock = lockStore(directory);
  return {
    dump: () => dump(directory),
    load: (facts) => load(directory, facts),
    close: () => lock.release(),
  };
}

async function* dump(directory: string): AsyncGenerator<readonly KeyedFact[]> {
  try {
    yield* dumpWhole(directory);
  } catch (error) {
    throw isDamage(error) ? new Problem('store-damaged', { field: FACTS_FILE }) : error;
  }
}

async function* dumpWhole(directory: string): AsyncGenerator<readonly KeyedFact[]> {
  const reader = new SqliteFactsReader(directory, new CommitNotices());
  const db = new DatabaseSync(join(directory, FACTS_FILE), { readOnly: true, timeout: 5_000 });
  try {
    // a later version may keep what this one would leave behind
    if (versionOf(db) > FACTS_VERSION) throw new Problem('store-version', { field: FACTS_FILE });
    const identity = db.prepare('SELECT position, repeat FROM identities WHERE key = ?');
    for await (const facts of reader.readAll('start')) {
      yield facts.map((fact): KeyedFact => {
        const row = identity.get(identityKey(fact.source, fact.id));
        const repeat = row?.['repeat'];
        const at = positionNumber(fact.position);
        if (row === undefined || row['position'] !== at) throw new Problem('store-damaged', { index: at });
        return { ...fact, repeatKey: repeat instanceof Uint8Array ? repeat : 'forgotten' };
      });
    }
  } finally {
    db.close();
    reader.close();
  }
}

async function load(directory: string, facts: AsyncIterable<readonly KeyedFact[]>): Promise<Position | 'empty'> {
  const db = openFactsDatabase(join(directory, FACTS_FILE));
  try {
    const rows = new Rows(db);
    for await (const batch of stillToLoad(facts, dump(directory))) {
      for (let at = 0; at < batch.length; at += COMMIT_FACTS) rows.commit(batch.slice(at, at + COMMIT_FACTS));
    }
    const head = db.prepare('SELECT max(position) AS position FROM facts').get()?.['position'];
    return typeof head === 'number' ? position(head) : 'empty';
  } finally {
    db.close();
  }
}

/** Rows exactly as the writer makes them, but with the times, nonces and keys that they had. */
class Rows {
  readonly #db: DatabaseSync;
  readonly #name: StatementSync;
  readonly #addName: StatementSync;
  readonly #claim: StatementSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#name = db.prepare('SELECT no FROM names WHERE kind = ? AND name = ?');
    this.#addName = db.prepare('INSERT INTO names(kind, name) VALUES (?, ?)');
    this.#claim = db.prepare('INSERT INTO identities(key, position, repeat) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#insert = db.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  /** @throws Problem `facts-not-contiguous` when a source and id come twice; nothing of the batch is then stored. */
  commit(facts: readonly KeyedFact[]): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      for (const fact of facts) this.#add(fact);
      assertDurable(this.#db, 'store');
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #add(fact: KeyedFact): void {
    const at = positionNumber(fact.position);
    const key = identityKey(fact.source, fact.id);
    const repeat = fact.repeatKey === 'forgotten' ? null : fact.repeatKey;
    if (this.#claim.run(key, at, repeat).changes === 0) throw new Problem('facts-not-contiguous', { index: at });
    this.#insert.run(
      at,
      this.#nameNo('stream', fact.stream),
      fact.revision,
      this.#nameNo('type', fact.type),
      this.#nameNo('source', fact.source),
      fact.id,
      millis(fact.recordedTime),
      fact.nonce,
      canonicalJson(fact.metadata),
      fact.stored,
    );
  }

  #nameNo(kind: 'stream' | 'type' | 'source', name: string): number {
    return Number(this.#name.get(kind, name)?.['no'] ?? this.#addName.run(kind, name).lastInsertRowid);
  }
}
