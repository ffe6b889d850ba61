import { randomFillSync } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { sameBytes } from '#kernel';
import { meets } from '../expected.ts';
import type { Expected } from '../ports.ts';
import { identityKey } from '../identity.ts';
import { assertDurable } from './log-database.ts';
import { unpackFacts, type PackedFacts, type UnpackedFact } from './packed-facts.ts';

export const STATUSES = ['accepted', 'repeated', 'id-reused', 'erased'] as const;
type Status = (typeof STATUSES)[number];
/** One entry a fact, in order: index into {@link STATUSES}, position, recorded time in ms (NaN for a clash). */
export interface Committed {
  readonly outcome: 'committed';
  readonly statuses: Uint8Array<ArrayBuffer>;
  readonly positions: Float64Array<ArrayBuffer>;
  readonly recorded: Float64Array<ArrayBuffer>;
}
export type Refused =
  | { readonly outcome: 'refused'; readonly index: number; readonly reason: 'id-reused' | 'erased' }
  | { readonly outcome: 'conflict'; readonly stream: string; readonly actual: number | 'no-stream' };

const NONCE_BYTES = 16;

/** The facts log as the writer's thread sees it. Synchronous; each call is one commit, durable when it returns. */
export class FactsLog {
  readonly #db: DatabaseSync;
  readonly #statements: Readonly<
    Record<'name' | 'addName' | 'revision' | 'claim' | 'claimed' | 'insert' | 'head', StatementSync>
  >;
  readonly #names = new Map<string, number>();
  readonly #revisions = new Map<number, number>();
  #next = 0;
  #recorded = 0;
  #stale = true;
  #asserted = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = {
      name: db.prepare('SELECT no FROM names WHERE kind = ? AND name = ?'),
      addName: db.prepare('INSERT INTO names(kind, name) VALUES (?, ?)'),
      revision: db.prepare('SELECT max(revision) AS revision FROM facts WHERE stream = ?'),
      claim: db.prepare('INSERT INTO identities(key, position, repeat) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      claimed: db.prepare(
        'SELECT i.position, i.repeat, f.recorded FROM identities i JOIN facts f ON f.position = i.position WHERE i.key = ?',
      ),
      insert: db.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      head: db.prepare('SELECT position, recorded FROM facts ORDER BY position DESC LIMIT 1'),
    };
  }

  /** Each fact on its own; `now` in milliseconds since 1970. @throws Problem `store-not-durable`, or whatever SQLite throws; nothing of the call is then stored. */
  appendEach(facts: PackedFacts, now: number): Committed {
    return this.#transaction<Committed>(() => ({ keep: true, value: this.#addAll(facts, now) }));
  }

  /** All or nothing. @throws as {@link appendEach}. */
  append(facts: PackedFacts, now: number, expected: ReadonlyMap<string, Expected>): Committed | Refused {
    return this.#transaction<Committed | Refused>(() => {
      const before = new Map([...expected.keys()].map((stream) => [stream, this.#lastRevision(stream)]));
      const committed = this.#addAll(facts, now);
      const refused = firstClash(committed) ?? (isFresh(committed) ? firstConflict(expected, before) : undefined);
      return refused === undefined ? { keep: true, value: committed } : { keep: false, value: refused };
    });
  }

  #transaction<T>(work: () => { keep: boolean; value: T }): T {
    // one that could not be rolled back is, before anything else
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    if (this.#stale) this.#reload();
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const { keep, value } = work();
      if (keep) {
        if (!this.#asserted) assertDurable(this.#db, 'store');
        this.#db.exec('COMMIT');
        this.#asserted = true;
      } else this.#rollBack();
      return value;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    this.#stale = true;
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  /** What is remembered between commits is only ever a copy of the tables. */
  #reload(): void {
    this.#names.clear();
    this.#revisions.clear();
    const head = this.#statements.head.get();
    this.#next = head === undefined ? 0 : Number(head['position']) + 1;
    this.#recorded = head === undefined ? 0 : Number(head['recorded']);
    this.#stale = false;
  }

  #addAll(facts: PackedFacts, now: number): Committed {
    const time = Math.max(this.#recorded, now);
    const count = facts.ids.length;
    const committed: Committed = {
      outcome: 'committed',
      statuses: new Uint8Array(count),
      positions: new Float64Array(count),
      recorded: new Float64Array(count),
    };
    const nonces = randomFillSync(new Uint8Array(count * NONCE_BYTES));
    let index = 0;
    for (const fact of unpackFacts(facts)) {
      const nonce = nonces.subarray(index * NONCE_BYTES, (index + 1) * NONCE_BYTES);
      const { status, position, recorded } = this.#add(fact, time, nonce);
      committed.statuses[index] = STATUSES.indexOf(status);
      committed.positions[index] = position;
      committed.recorded[index] = recorded;
      index++;
    }
    return committed;
  }

  #add(
    fact: UnpackedFact,
    recorded: number,
    nonce: Uint8Array,
  ): { status: Status; position: number; recorded: number } {
    const key = identityKey(fact.source, fact.id);
    const position = this.#next;
    if (this.#statements.claim.run(key, position, fact.repeatKey).changes === 0)
      return this.#claimed(key, fact.repeatKey);
    const stream = this.#nameNo('stream', fact.stream);
    const revision = this.#nextRevision(stream);
    const type = this.#nameNo('type', fact.type);
    const source = this.#nameNo('source', fact.source);
    this.#statements.insert.run(
      position,
      stream,
      revision,
      type,
      source,
      fact.id,
      recorded,
      nonce,
      fact.metadata,
      fact.stored,
    );
    this.#next = position + 1;
    this.#recorded = recorded;
    this.#revisions.set(stream, revision);
    return { status: 'accepted', position, recorded };
  }

  #claimed(key: Uint8Array, repeatKey: Uint8Array): { status: Status; position: number; recorded: number } {
    const row = this.#statements.claimed.get(key);
    const position = Number(row?.['position']);
    const repeat = row?.['repeat'];
    if (!(repeat instanceof Uint8Array)) return { status: 'erased', position, recorded: NaN };
    if (!sameBytes(repeat, repeatKey)) return { status: 'id-reused', position, recorded: NaN };
    return { status: 'repeated', position, recorded: Number(row?.['recorded']) };
  }

  #nameNo(kind: 'stream' | 'type' | 'source', name: string): number {
    const key = `${kind} ${name}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const row = this.#statements.name.get(kind, name);
    const no = Number(row?.['no'] ?? this.#statements.addName.run(kind, name).lastInsertRowid);
    this.#names.set(key, no);
    return no;
  }

  #nextRevision(stream: number): number {
    const known = this.#revisions.get(stream);
    if (known !== undefined) return known + 1;
    const last = this.#statements.revision.get(stream)?.['revision'];
    return typeof last === 'number' ? last + 1 : 0;
  }

  #lastRevision(stream: string): number | 'no-stream' {
    const no = this.#statements.name.get('stream', stream)?.['no'];
    const next = typeof no === 'number' ? this.#nextRevision(no) : 0;
    return next === 0 ? 'no-stream' : next - 1;
  }
}

function firstClash({ statuses }: Committed): Refused | undefined {
  const index = statuses.findIndex((status) => STATUSES[status] === 'id-reused' || STATUSES[status] === 'erased');
  if (index === -1) return undefined;
  return { outcome: 'refused', index, reason: STATUSES[statuses[index] ?? 0] === 'erased' ? 'erased' : 'id-reused' };
}

const isFresh = ({ statuses }: Committed): boolean => statuses.some((status) => STATUSES[status] === 'accepted');

function firstConflict(
  expected: ReadonlyMap<string, Expected>,
  before: ReadonlyMap<string, number | 'no-stream'>,
): Refused | undefined {
  for (const [stream, expectation] of expected) {
    const actual = before.get(stream) ?? 'no-stream';
    if (!meets(expectation, actual)) return { outcome: 'conflict', stream, actual };
  }
  return undefined;
}
