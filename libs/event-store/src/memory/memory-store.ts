import { Problem, sha256, type Clock, type Sha256 } from '#kernel';
import { CommitNotices } from '../commit-notices.ts';
import { checkAppend } from '../new-fact.ts';
import type { Artefacts, FactsWriter } from '../ports.ts';
import type { Store } from '../store.ts';
import { MemoryHeldRecords } from './memory-held.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryFactsReader } from './memory-reader.ts';

/** A store that forgets everything with the process: for pure tests. Keeps every promise of the ports but durability. */
export function openMemoryStore(clock: Clock): Store {
  const log = new MemoryLog(clock);
  const notices = new CommitNotices();
  let closed = false;
  const open = (): void => {
    if (closed) throw new Problem('store-closed');
  };
  const held = new MemoryHeldRecords();
  const kept = new Map<Sha256, Uint8Array>();

  const writer: FactsWriter = {
    async append(facts, expected = new Map()) {
      open();
      checkAppend(facts);
      const appended = log.all(facts, expected);
      notices.notify();
      return appended;
    },
    async appendEach(facts) {
      open();
      const results = log.each(facts);
      notices.notify();
      return results;
    },
    writable: () => !closed,
    async close() {
      closed = true;
      notices.notify();
    },
  };
  const artefacts: Artefacts = {
    async put(bytes) {
      open();
      const digest = sha256(bytes);
      kept.set(digest, Uint8Array.from(bytes));
      return digest;
    },
    async get(digest) {
      open();
      const bytes = kept.get(digest);
      return bytes === undefined ? undefined : Uint8Array.from(bytes);
    },
  };
  return {
    writer,
    reader: new MemoryFactsReader(log, notices, open),
    artefacts,
    held,
    async close() {
      await writer.close();
      await held.close();
    },
  };
}
