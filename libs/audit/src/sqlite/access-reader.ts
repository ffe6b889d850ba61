import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { KeptAccessRecord } from '#contracts';
import { millis } from '#kernel';
import type { AccessQuery, AccessRow } from '../access-log.ts';
import { readRecord } from '../record-bytes.ts';

/** Reads the access log over a read-only connection of its own. */
export class AccessReader {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  }

  head(): number | 'empty' {
    const head = this.#db.prepare('SELECT max(number) AS head FROM records').get()?.['head'];
    return typeof head === 'number' ? head : 'empty';
  }

  entries({ consumer, agreement, from, to, after, limit }: AccessQuery): KeptAccessRecord[] {
    const where: string[] = [];
    const values: SQLInputValue[] = [];
    const filter = (condition: string, value: SQLInputValue): void => {
      where.push(condition);
      values.push(value);
    };
    filter('r.number > ?', after ?? -1);
    // time never falls with number, so that a bound on time is one on number, found by its index
    if (from !== undefined)
      filter('r.number >= (SELECT number FROM records WHERE time >= ? ORDER BY time, number LIMIT 1)', millis(from));
    if (to !== undefined)
      filter(
        'r.number <= (SELECT number FROM records WHERE time < ? ORDER BY time DESC, number DESC LIMIT 1)',
        millis(to),
      );
    if (consumer !== undefined) filter('r.consumer = ?', consumer);
    if (agreement !== undefined) filter('a.agreement = ?', agreement);
    const table = agreement === undefined ? 'records r' : 'agreements a JOIN records r ON r.number = a.number';
    const rows = this.#db
      .prepare(`SELECT r.number, r.time, r.record FROM ${table} WHERE ${where.join(' AND ')} ORDER BY r.number LIMIT ?`)
      .all(...values, limit);
    return rows.map(({ number, time, record }) => {
      if (!(record instanceof Uint8Array)) throw new TypeError('records.record is a blob');
      return readRecord(Number(number), Number(time), record);
    });
  }

  rows(after: number, limit: number): AccessRow[] {
    const rows = this.#db
      .prepare('SELECT number, id, time, nonce, record FROM records WHERE number > ? ORDER BY number LIMIT ?')
      .all(after, limit);
    return rows.map(({ number, id, time, nonce, record }) => {
      if (!(record instanceof Uint8Array && nonce instanceof Uint8Array)) throw new TypeError('records hold blobs');
      return { number: Number(number), id: String(id), time: Number(time), nonce, record };
    });
  }

  close(): void {
    this.#db.close();
  }
}
