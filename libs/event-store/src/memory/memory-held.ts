import { millis, Problem, type Instant } from '#kernel';
import type { HeldRecord, HeldRecords } from '../ports.ts';

export class MemoryHeldRecords implements HeldRecords {
  #records: HeldRecord[] = [];
  #closed = false;

  async hold(records: readonly HeldRecord[], cap: number): Promise<void> {
    this.#open();
    const next = [...this.#records];
    for (const record of records) {
      if (this.#find(record.publisher, record.id, next) !== undefined) throw new RangeError('a held id is used once');
      next.push({ ...record, sealed: Uint8Array.from(record.sealed) });
    }
    for (const { publisher } of records) {
      if (next.filter((record) => record.publisher === publisher).length > cap) throw new Problem('quarantine-full');
    }
    this.#records = next.sort((a, b) => millis(a.heldAt) - millis(b.heldAt));
  }

  async list(publisher: string, limit: number, after?: string): Promise<readonly HeldRecord[]> {
    this.#open();
    const own = this.#records.filter((record) => record.publisher === publisher);
    if (after === undefined) return own.slice(0, limit);
    const at = own.findIndex(({ id }) => id === after);
    return at === -1 ? [] : own.slice(at + 1, at + 1 + limit);
  }

  async get(publisher: string, id: string): Promise<HeldRecord | undefined> {
    this.#open();
    return this.#find(publisher, id);
  }

  async remove(publisher: string, id: string): Promise<boolean> {
    this.#open();
    const found = this.#find(publisher, id);
    this.#records = this.#records.filter((record) => record !== found);
    return found !== undefined;
  }

  async expired(at: Instant, limit: number): Promise<readonly HeldRecord[]> {
    this.#open();
    return this.#records.filter(({ expiresAt }) => millis(expiresAt) <= millis(at)).slice(0, limit);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #open(): void {
    if (this.#closed) throw new Problem('store-closed');
  }

  #find(publisher: string, id: string, records: readonly HeldRecord[] = this.#records): HeldRecord | undefined {
    return records.find((record) => record.publisher === publisher && record.id === id);
  }
}
