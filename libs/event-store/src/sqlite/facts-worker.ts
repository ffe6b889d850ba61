import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '#kernel';
import { FACTS_FILE, openFactsDatabase } from './facts-database.ts';
import { FactsLog } from './facts-log.ts';
import type { ToMain, ToWorker, WorkerStart } from './messages.ts';

const { directory, mayBeNew } = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('facts-worker runs in a worker thread');
const reply = (message: ToMain, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

function commit(log: FactsLog, { no, now, facts, expected }: Extract<ToWorker, { kind: 'commit' }>): void {
  try {
    const result = expected === undefined ? log.appendEach(facts, now) : log.append(facts, now, expected);
    const transfer =
      result.outcome === 'committed' ? [result.statuses.buffer, result.positions.buffer, result.recorded.buffer] : [];
    reply({ no, result }, transfer);
  } catch {
    reply({ no, result: { outcome: 'failed' } });
  }
}

try {
  const db = openFactsDatabase(join(directory, FACTS_FILE), mayBeNew);
  const log = new FactsLog(db);
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'commit') return commit(log, message);
    db.close();
    port.close();
  });
  reply({ no: 'ready' });
} catch (error) {
  // an error loses its class on its way to another thread
  if (error instanceof Problem) reply({ no: 'refused', code: error.code, file: error.field });
  else reply({ no: 'refused', code: 'store-unavailable', file: FACTS_FILE });
}
