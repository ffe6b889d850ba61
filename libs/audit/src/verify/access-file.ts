import { DatabaseSync } from 'node:sqlite';
import { ACCESS_RECORDED, commitmentOf, HUB, leafText } from './commitment.ts';
import type { Findings } from './findings.ts';
import type { LogCheck } from './log-check.ts';
import { leafHash } from './rfc6962.ts';

type Row = [number, string, number, string, Uint8Array, Uint8Array];

/** `access.db` as it lies on file, in one read transaction. */
export class AccessFile {
  readonly #db: DatabaseSync;
  readonly #findings: Findings;

  constructor(file: string, findings: Findings) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    this.#db.exec('BEGIN');
    this.#findings = findings;
  }

  /** Feeds every row to the check, in order; what stands beside a record must be what the record says. */
  check(check: LogCheck): void {
    const rows = this.#db.prepare('SELECT number, id, time, consumer, nonce, record FROM records ORDER BY number');
    rows.setReturnArrays(true);
    const restsOn = this.#db.prepare('SELECT agreement FROM agreements WHERE number = ? ORDER BY agreement');
    let [before, agreements] = [-Infinity, 0];
    for (const [index, id, time, consumer, nonce, record] of rows.iterate() as unknown as Iterable<Row>) {
      if (index < check.length) {
        this.#findings.add({ of: 'access', code: 'row-misnumbered', index });
        continue;
      }
      while (check.length < index) check.addMissing();
      if (time < before) this.#findings.add({ of: 'access', code: 'time-falls', index });
      before = time;
      const commitment = commitmentOf({ nonce, source: HUB, id, stream: 'access', metadata: '{}', stored: record });
      check.add(leafHash(leafText(ACCESS_RECORDED, time, commitment)));
      const beside = restsOn.all(index).map(({ agreement }) => String(agreement));
      agreements += beside.length;
      if (!isBeside(record, id, consumer, beside)) this.#findings.add({ of: 'access', code: 'record-wrong', index });
    }
    const all = Number(this.#db.prepare('SELECT count(*) AS count FROM agreements').get()?.['count']);
    if (all !== agreements) {
      const row = this.#db
        .prepare('SELECT min(number) AS number FROM agreements WHERE number NOT IN (SELECT number FROM records)')
        .get();
      this.#findings.add({
        of: 'access',
        code: 'record-wrong',
        index: Number(row?.['number'] ?? 0),
        what: 'agreements',
      });
    }
  }

  /** Whether SQLite can read the whole file, its indexes too. */
  isWhole(): boolean {
    return this.#db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] === 'ok';
  }

  close(): void {
    this.#db.close();
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
