import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ANCHORED, commitmentOf, HUB, leafText } from './commitment.ts';
import type { FindingCode, Findings } from './findings.ts';
import type { LogCheck } from './log-check.ts';
import { leafHash } from './rfc6962.ts';

type Row = [number, number, number, number, number, string, number, Uint8Array, string, Uint8Array];
type NameKind = 'stream' | 'type' | 'source';

/** What a fact says of the access log. */
export interface Anchor {
  /** Position of the fact. */
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
}

/** `facts.db` as it lies on file, in one read transaction. */
export class FactsFile {
  readonly #db: DatabaseSync;
  readonly #names = new Map<number, { readonly kind: string; readonly name: string }>();
  readonly #identity: StatementSync;
  readonly #repeatKey: KeyObject | undefined;
  readonly #findings: Findings;

  /** With the hub's master key the keys that tell a repeat are checked too. */
  constructor(file: string, findings: Findings, hubKey: Uint8Array | undefined) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    this.#db.exec('BEGIN');
    this.#findings = findings;
    this.#identity = this.#db.prepare('SELECT position, repeat FROM identities WHERE key = ?');
    this.#repeatKey =
      hubKey === undefined
        ? undefined
        : createSecretKey(new Uint8Array(hkdfSync('sha256', hubKey, '', 'svd-hub/repeat', 32)));
    for (const { no, kind, name } of this.#db.prepare('SELECT no, kind, name FROM names').all())
      this.#names.set(Number(no), { kind: String(kind), name: String(name) });
  }

  /** Feeds every row to the check, in order, and returns what the facts anchor of the access log. */
  check(check: LogCheck): readonly Anchor[] {
    const anchors: Anchor[] = [];
    const revisions = new Map<number, number>();
    const rows = this.#db.prepare(
      'SELECT position, stream, revision, type, source, id, recorded, nonce, metadata, stored FROM facts ORDER BY position',
    );
    rows.setReturnArrays(true);
    let before = -Infinity;
    for (const row of rows.iterate() as unknown as Iterable<Row>) {
      const [index, stream, revision, type, source, id, recorded, nonce, metadata, stored] = row;
      if (index < check.length) {
        this.#say('row-misnumbered', index);
        continue;
      }
      while (check.length < index) check.addMissing();
      if (recorded < before) this.#say('time-falls', index);
      before = recorded;
      if (revision !== (revisions.get(stream) ?? -1) + 1) this.#say('revision-wrong', index);
      revisions.set(stream, revision);
      const names = {
        stream: this.#name(stream, 'stream', index),
        type: this.#name(type, 'type', index),
        source: this.#name(source, 'source', index),
      };
      this.#checkIdentity(index, names.source, id, stored);
      const commitment = commitmentOf({ nonce, source: names.source, id, stream: names.stream, metadata, stored });
      check.add(leafHash(leafText(names.type, recorded, commitment)));
      if (names.type === ANCHORED && names.source === HUB) anchors.push(...readAnchor(index, stored));
    }
    this.#checkStrayIdentities();
    return anchors;
  }

  /** Whether SQLite can read the whole file, its indexes too. */
  isWhole(): boolean {
    return this.#db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] === 'ok';
  }

  close(): void {
    this.#db.close();
  }

  #name(no: number, kind: NameKind, index: number): string {
    const known = this.#names.get(no);
    if (known?.kind !== kind) this.#say('name-wrong', index, kind);
    return known?.name ?? '';
  }

  #checkIdentity(index: number, source: string, id: string, stored: Uint8Array): void {
    const key = hash('sha256', `${Buffer.byteLength(source)}:${source}${id}`, 'buffer').subarray(0, 16);
    const row = this.#identity.get(key);
    if (row === undefined) return this.#say('identity-missing', index);
    if (row['position'] !== index) this.#say('identity-wrong', index);
    const repeat = row['repeat'];
    // forgotten with its subject's key
    if (repeat === null || this.#repeatKey === undefined) return;
    const expected = createHmac('sha256', this.#repeatKey)
      .update(hash('sha256', stored, 'hex'))
      .digest();
    if (!(repeat instanceof Uint8Array) || Buffer.compare(repeat, expected) !== 0) this.#say('repeat-wrong', index);
  }

  #checkStrayIdentities(): void {
    const count = (table: string): number =>
      Number(this.#db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
    if (count('identities') <= count('facts')) return;
    const stray = this.#db
      .prepare(
        `SELECT position FROM identities GROUP BY position HAVING count(*) > 1
         UNION SELECT position FROM identities WHERE position NOT IN (SELECT position FROM facts) LIMIT 10`,
      )
      .all();
    for (const { position } of stray) this.#say('identity-without-fact', Number(position));
  }

  #say(code: FindingCode, index: number, what?: string): void {
    this.#findings.add({ of: 'facts', code, index, ...(what === undefined ? {} : { what }) });
  }
}

/** What an anchoring fact says; nothing when its bytes say something else, which its leaf tells already. */
export function readAnchor(index: number, stored: Uint8Array): readonly Anchor[] {
  try {
    const { data } = JSON.parse(Buffer.from(stored).toString('utf8')) as { data: { size: unknown; root: unknown } };
    if (!Number.isSafeInteger(data.size) || typeof data.root !== 'string') return [];
    return [{ index, size: Number(data.size), root: Buffer.from(data.root, 'base64') }];
  } catch {
    return [];
  }
}
