import { join } from 'node:path';
import { ACCESS_RECORDED, commitmentOf, HUB, leafText } from './commitment.ts';
import { Findings, type FindingCode } from './findings.ts';
import type { LogCheck } from './log-check.ts';
import { leafHash } from './rfc6962.ts';
import { isRow, Snapshot, whole } from './snapshot.ts';

type Row = [number, string, number, string, Uint8Array, Uint8Array];
const ROW = ['whole', 'text', 'time', 'text', 'bytes', 'bytes'] as const;
const COLUMNS = [whole('number'), 'id', whole('time'), 'consumer', 'nonce', 'record'];

/** An access record beside its number and time. `record`: canonical JSON. */
export interface AccessEntry {
  readonly number: number;
  readonly time: string;
  readonly record: Uint8Array;
}

/** `access.db` as it lies on file, at one moment. */
export class AccessFile {
  readonly #snapshot: Snapshot;
  readonly #findings: Findings;

  constructor(file: string, findings: Findings) {
    this.#snapshot = new Snapshot(file);
    this.#findings = findings;
  }

  /** Feeds every row to the check, in order; what stands beside a record must be what the record says. */
  check(check: LogCheck): void {
    const { db } = this.#snapshot;
    const rows = db.prepare(`SELECT ${COLUMNS.join(', ')} FROM records ORDER BY records.number`);
    rows.setReturnArrays(true);
    const restsOn = db.prepare('SELECT agreement FROM agreements WHERE number = ? ORDER BY agreement');
    let [before, agreements] = [-Infinity, 0];
    for (const row of rows.iterate() as unknown as Iterable<Row>) {
      if (!check.comesNext(row[0])) continue;
      if (!isRow(row, ROW)) {
        this.#say('row-malformed', row[0]);
        check.addUnreadable();
        continue;
      }
      const [index, id, time, consumer, nonce, record] = row;
      if (time < before) this.#say('time-falls', index);
      before = time;
      const commitment = commitmentOf({ nonce, source: HUB, id, stream: 'access', metadata: '{}', stored: record });
      check.add(leafHash(leafText(ACCESS_RECORDED, time, commitment)));
      const beside = restsOn.all(index).map(({ agreement }) => String(agreement));
      agreements += beside.length;
      if (!isBeside(record, id, consumer, beside)) this.#say('record-wrong', index);
    }
    const all = Number(db.prepare('SELECT count(*) AS count FROM agreements').get()?.['count']);
    const stray = all === agreements ? undefined : this.#strayAgreement();
    if (stray !== undefined) this.#say('record-wrong', stray, 'agreements');
  }

  /** Every record as it is kept, in order; what is no record is passed over. */
  *records(): Generator<AccessEntry> {
    const rows = this.#snapshot.db.prepare(`SELECT ${COLUMNS.join(', ')} FROM records ORDER BY records.number`);
    rows.setReturnArrays(true);
    for (const row of rows.iterate() as unknown as Iterable<Row>)
      if (isRow(row, ROW)) yield { number: row[0], time: new Date(row[2]).toISOString(), record: row[5] };
  }

  /** Number of the first record that something rests on and that is not there. */
  #strayAgreement(): number | undefined {
    const row = this.#snapshot.db
      .prepare(
        `SELECT ${whole('number')} AS number FROM agreements WHERE number NOT IN (SELECT number FROM records)
         ORDER BY agreements.number LIMIT 1`,
      )
      .get();
    return row === undefined ? undefined : Number(row['number']);
  }

  #say(code: FindingCode, index: number, what?: string): void {
    this.#findings.add({ of: 'access', code, index, ...(what === undefined ? {} : { what }) });
  }

  /** Whether SQLite can read the whole file, its indexes too. */
  isWhole(): boolean {
    return this.#snapshot.isWhole();
  }

  close(): void {
    this.#snapshot.close();
  }
}

interface Recorded {
  readonly id: unknown;
  readonly who: { readonly agency: unknown };
  readonly decision: { readonly kind: unknown; readonly agreements?: readonly { readonly id: unknown }[] };
}

function isBeside(record: Uint8Array, id: string, consumer: string, beside: readonly string[]): boolean {
  try {
    const said = JSON.parse(Buffer.from(record).toString('utf8')) as Recorded;
    const rests = said.decision.kind === 'permit' ? (said.decision.agreements ?? []) : [];
    const expected = [...new Set(rests.map((agreement) => String(agreement.id)))];
    const same = expected.length === beside.length && expected.every((agreement) => beside.includes(agreement));
    return said.id === id && said.who.agency === consumer && same;
  } catch {
    return false;
  }
}

/** The access records of a data directory, in order. @throws NotReadable, or what SQLite throws of a damaged file */
export function* readAccess(directory: string): Generator<AccessEntry> {
  const file = new AccessFile(join(directory, 'access.db'), new Findings());
  try {
    yield* file.records();
  } finally {
    file.close();
  }
}
