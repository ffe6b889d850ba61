import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { ANCHORED, commitmentOf, HUB, leafText } from './commitment.ts';
import type { FindingCode, Findings } from './findings.ts';
import type { LogCheck } from './log-check.ts';
import { leafHash } from './rfc6962.ts';
import { isRow, Snapshot, whole } from './snapshot.ts';

type Row = [number, number, number, number, number, string, number, Uint8Array, string, Uint8Array];
const ROW = ['whole', 'whole', 'whole', 'whole', 'whole', 'text', 'time', 'bytes', 'text', 'bytes'] as const;
const COLUMNS = [
  ...['position', 'stream', 'revision', 'type', 'source'].map(whole),
  ...['id', whole('recorded'), 'nonce', 'metadata', 'stored'],
];
type NameKind = 'stream' | 'type' | 'source';

/** What a fact says of the access log. */
export interface Anchor {
  /** Position of the fact. */
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
}

/** What the facts of a log name elsewhere. */
export interface Named {
  readonly anchors: readonly Anchor[];
  /** Digests of artefacts, each with the position of the first fact that names it. */
  readonly artefacts: ReadonlyMap<string, number>;
}

/** `facts.db` as it lies on file, at one moment. */
export class FactsFile {
  readonly #snapshot: Snapshot;
  readonly #names = new Map<number, { readonly kind: string; readonly name: string }>();
  readonly #repeatKey: KeyObject | undefined;
  readonly #findings: Findings;

  /** With the hub's master key the keys that tell a repeat are checked too. */
  constructor(file: string, findings: Findings, hubKey: Uint8Array | undefined) {
    this.#snapshot = new Snapshot(file);
    this.#findings = findings;
    this.#repeatKey =
      hubKey === undefined
        ? undefined
        : createSecretKey(new Uint8Array(hkdfSync('sha256', hubKey, '', 'svd-hub/repeat', 32)));
  }

  /** Feeds every row to the check, in order, and returns what the facts name of the access log and of artefacts. */
  check(check: LogCheck): Named {
    const { db } = this.#snapshot;
    this.#readNames();
    const identity = db.prepare(`SELECT ${whole('position')} AS position, repeat FROM identities WHERE key = ?`);
    const rows = db.prepare(`SELECT ${COLUMNS.join(', ')} FROM facts ORDER BY facts.position`);
    rows.setReturnArrays(true);
    const named = { anchors: [] as Anchor[], artefacts: new Map<string, number>() };
    const revisions = new Map<number, number>();
    let before = -Infinity;
    for (const row of rows.iterate() as unknown as Iterable<Row>) {
      if (!check.comesNext(row[0])) continue;
      if (!isRow(row, ROW)) {
        this.#say('row-malformed', row[0]);
        check.addUnreadable();
        continue;
      }
      const [index, stream, revision, type, source, id, recorded, nonce, metadata, stored] = row;
      if (recorded < before) this.#say('time-falls', index);
      before = recorded;
      if (revision !== (revisions.get(stream) ?? -1) + 1) this.#say('revision-wrong', index);
      revisions.set(stream, revision);
      const names = {
        stream: this.#name(stream, 'stream', index),
        type: this.#name(type, 'type', index),
        source: this.#name(source, 'source', index),
      };
      this.#checkIdentity(identity, row, names.source);
      const commitment = commitmentOf({ nonce, source: names.source, id, stream: names.stream, metadata, stored });
      check.add(leafHash(leafText(names.type, recorded, commitment)));
      if (names.source !== HUB) continue;
      if (names.type === ANCHORED) named.anchors.push(...readAnchor(index, stored));
      const artefact = digestIn(stored);
      if (artefact !== undefined && !named.artefacts.has(artefact)) named.artefacts.set(artefact, index);
    }
    this.#checkStrayIdentities();
    return named;
  }

  /** Whether SQLite can read the whole file, its indexes too. */
  isWhole(): boolean {
    return this.#snapshot.isWhole();
  }

  close(): void {
    this.#snapshot.close();
  }

  #readNames(): void {
    for (const row of this.#snapshot.db.prepare(`SELECT ${whole('no')} AS no, kind, name FROM names`).iterate())
      this.#names.set(Number(row['no']), { kind: String(row['kind']), name: String(row['name']) });
  }

  #name(no: number, kind: NameKind, index: number): string {
    const known = this.#names.get(no);
    if (known?.kind !== kind) this.#say('name-wrong', index, kind);
    return known?.name ?? '';
  }

  #checkIdentity(identity: StatementSync, fact: Row, source: string): void {
    const [index, , , , , id, , , metadata, stored] = fact;
    const key = hash('sha256', `${Buffer.byteLength(source)}:${source}${id}`, 'buffer').subarray(0, 16);
    const row = identity.get(key);
    if (row === undefined) return this.#say('identity-missing', index);
    if (row['position'] !== index) this.#say('identity-wrong', index);
    const repeat = row['repeat'];
    if (repeat === null) {
      // forgotten with its subject's key; where there is no subject nothing is ever forgotten
      if (!isConsented(metadata)) this.#say('repeat-wrong', index);
      return;
    }
    if (this.#repeatKey === undefined) return;
    const expected = createHmac('sha256', this.#repeatKey)
      .update(hash('sha256', stored, 'hex'))
      .digest();
    if (!(repeat instanceof Uint8Array) || Buffer.compare(repeat, expected) !== 0) this.#say('repeat-wrong', index);
  }

  #checkStrayIdentities(): void {
    const { db } = this.#snapshot;
    const count = (table: string): number =>
      Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
    if (count('identities') <= count('facts')) return;
    const stray = db
      .prepare(
        `SELECT ${whole('position')} AS position FROM (SELECT position FROM identities GROUP BY position HAVING count(*) > 1
         UNION SELECT position FROM identities WHERE position NOT IN (SELECT position FROM facts)) LIMIT 10`,
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

const DIGEST = /^[0-9a-f]{64}$/;
/** The artefact that a fact of the hub's own names. */
function digestIn(stored: Uint8Array): string | undefined {
  const { data } = parsed(Buffer.from(stored).toString('utf8'));
  const digest = typeof data === 'object' && data !== null && 'digest' in data ? data.digest : undefined;
  return typeof digest === 'string' && DIGEST.test(digest) ? digest : undefined;
}

const isConsented = (metadata: string): boolean => parsed(metadata)['basis'] === 'consented';

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
