import { randomBytes } from 'node:crypto';
import type { KeptAccessRecord } from '#contracts';
import { millis, Problem, type Clock } from '#kernel';
import type { AccessLog, AccessRow } from '../access-log.ts';
import { agreementsOf, readRecord, recordBytes } from '../record-bytes.ts';

/** An access log that is forgotten with the process: for pure tests. */
export function openMemoryAccessLog(clock: Clock): AccessLog {
  const kept: KeptAccessRecord[] = [];
  const rows: AccessRow[] = [];
  let time = 0;
  let closed = false;
  const open = (): void => {
    if (closed) throw new Problem('audit-closed');
  };
  return {
    async record(record) {
      open();
      time = Math.max(time, millis(clock.now()));
      const id = randomBytes(16).toString('hex');
      const bytes = recordBytes(id, record);
      const entry = readRecord(kept.length, time, bytes);
      kept.push(entry);
      rows.push({ number: entry.number, id, time, nonce: randomBytes(16), record: bytes });
      return entry;
    },
    async entries({ consumer, agreement, from, to, after = -1, limit }) {
      open();
      return kept
        .filter((entry) => entry.number > after)
        .filter((entry) => consumer === undefined || entry.who.agency === consumer)
        .filter((entry) => agreement === undefined || agreementsOf(entry).includes(agreement))
        .filter((entry) => from === undefined || millis(entry.time) >= millis(from))
        .filter((entry) => to === undefined || millis(entry.time) < millis(to))
        .slice(0, limit);
    },
    async rows(after, limit) {
      open();
      return rows.slice(after + 1, after + 1 + limit);
    },
    head() {
      open();
      return kept.length === 0 ? 'empty' : kept.length - 1;
    },
    writable: () => !closed,
    async close() {
      closed = true;
    },
  };
}
