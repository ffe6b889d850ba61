import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HUB_SOURCE, millis, positionNumber, Problem, sameBytes, type StreamName } from '#kernel';
import { identityKey } from '../identity.ts';
import type { StoredFact } from '../ports.ts';
import { emptyIndex } from './index-database.ts';

/** A fact with the key that tells its repeat. */
export interface IndexedFact {
  readonly fact: StoredFact;
  readonly repeatKey: Uint8Array;
}
export interface Identity {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly recorded: number;
  readonly repeatKey: Uint8Array;
}
interface Progress {
  readonly next: number;
  readonly recorded: number;
  readonly nonce: Uint8Array;
}
const START: Progress = { next: 0, recorded: 0, nonce: new Uint8Array(0) };

/**
 * What the log says about itself, by source and id, by logical stream, and of the hub's own: derived from nothing but
 * the log, in its order, together with how far it came. Can be thrown away.
 */
export class FactsIndex {
  readonly #db: DatabaseSync;
  readonly #log: string;
  readonly #statements: Readonly<
    Record<
      'save' | 'addStream' | 'stream' | 'move' | 'place' | 'claim' | 'addOwn' | 'identity' | 'places' | 'own',
      StatementSync
    >
  >;
  #progress: Progress = START;

  /** `log` names the physical stream: an index of another is emptied. */
  constructor(db: DatabaseSync, log: string) {
    this.#db = db;
    this.#log = log;
    this.#statements = {
      save: db.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)'),
      addStream: db.prepare('INSERT INTO streams(name, revision) VALUES (?, -1)'),
      stream: db.prepare('SELECT no, revision FROM streams WHERE name = ?'),
      move: db.prepare('UPDATE streams SET revision = ? WHERE no = ?'),
      place: db.prepare('INSERT INTO facts VALUES (?, ?, ?)'),
      claim: db.prepare('INSERT INTO identities VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'),
      addOwn: db.prepare('INSERT INTO own VALUES (?)'),
      identity: db.prepare('SELECT position, recorded, repeat FROM identities WHERE key = ?'),
      places: db.prepare('SELECT position FROM facts WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?'),
      own: db.prepare('SELECT position FROM own WHERE position > ? AND position <= ? ORDER BY position LIMIT ?'),
    };
    this.#reload();
  }

  /** Position of the first fact that it does not know. */
  get next(): number {
    return this.#progress.next;
  }
  /** Recorded time of the last fact that it knows, in milliseconds. */
  get recorded(): number {
    return this.#progress.recorded;
  }
  /** Nonce of the last fact that it knows: tells whether the log there is still the one that it was made from. */
  get lastNonce(): Uint8Array {
    return this.#progress.nonce;
  }

  /**
   * Takes facts in, in order, all or none; those that it knows already are passed over.
   * @throws Problem `store-damaged` with the position of a fact that cannot stand there: a gap, a wrong revision, an
   * earlier time, an identity that was used before.
   */
  advance(facts: readonly IndexedFact[]): void {
    const fresh = facts.filter(({ fact }) => positionNumber(fact.position) >= this.next);
    if (fresh.length === 0) return;
    this.#db.exec('BEGIN');
    try {
      for (const one of fresh) this.#add(one);
      const { next, recorded, nonce } = this.#progress;
      this.#statements.save.run(this.#log, next, recorded, nonce);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#reload();
      throw error;
    }
  }

  #add({ fact, repeatKey }: IndexedFact): void {
    const at = positionNumber(fact.position);
    const recorded = millis(fact.recordedTime);
    const stream = this.#statements.stream.get(fact.stream);
    const revision = Number(stream?.['revision'] ?? -1) + 1;
    const fits = at === this.next && fact.revision === revision && recorded >= this.recorded;
    const key = identityKey(fact.source, fact.id);
    if (!fits || this.#statements.claim.run(key, at, recorded, repeatKey).changes === 0) {
      throw new Problem('store-damaged', { index: at });
    }
    const no = Number(stream?.['no'] ?? this.#statements.addStream.run(fact.stream).lastInsertRowid);
    this.#statements.move.run(revision, no);
    this.#statements.place.run(no, revision, at);
    if (fact.source === HUB_SOURCE) this.#statements.addOwn.run(at);
    this.#progress = { next: at + 1, recorded, nonce: fact.nonce };
  }

  identity(source: string, id: string): Identity | undefined {
    const row = this.#statements.identity.get(identityKey(source, id));
    const repeatKey = row?.['repeat'];
    if (!(repeatKey instanceof Uint8Array)) return undefined;
    return { position: Number(row?.['position']), recorded: Number(row?.['recorded']), repeatKey };
  }

  lastRevision(stream: StreamName): number | 'no-stream' {
    const revision = this.#statements.stream.get(stream)?.['revision'];
    return typeof revision === 'number' ? revision : 'no-stream';
  }

  /** Positions of a logical stream, from a revision, at most `limit`. */
  positionsOf(stream: StreamName, fromRevision: number, limit: number): number[] {
    const no = this.#statements.stream.get(stream)?.['no'];
    if (typeof no !== 'number') return [];
    return this.#statements.places.all(no, fromRevision, limit).map(({ position }) => Number(position));
  }

  /** Positions of the hub's own facts after `after` up to `until`, at most `limit`. */
  ownPositions(after: number, until: number, limit: number): number[] {
    return this.#statements.own.all(after, until, limit).map(({ position }) => Number(position));
  }

  isAt(next: number, nonce: Uint8Array): boolean {
    return this.next === next && sameBytes(this.lastNonce, nonce);
  }

  clear(): void {
    emptyIndex(this.#db);
    this.#progress = START;
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #reload(): void {
    this.#progress = START;
    const rows = this.#db.prepare('SELECT log, next, recorded, nonce FROM progress').all();
    const row = rows.find(({ log }) => log === this.#log);
    const nonce = row?.['nonce'];
    if (row !== undefined && nonce instanceof Uint8Array) {
      this.#progress = { next: Number(row['next']), recorded: Number(row['recorded']), nonce };
    } else if (rows.length > 0) this.clear();
  }
}
