import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { assertDurable } from '#event-store/reader';
import { Problem } from '#kernel';
import { ACCESS_FILE, openAccessDatabase } from './access-database.ts';
import { AccessTable, type NewRow } from './access-table.ts';
import type { ToMain, ToWorker } from './messages.ts';

const port = parentPort;
if (port === null) throw new Error('access-worker runs in a worker thread');
const reply = (message: ToMain): void => port.postMessage(message);

try {
  const { directory } = workerData as { readonly directory: string };
  const db = openAccessDatabase(join(directory, ACCESS_FILE));
  const table = new AccessTable(db);
  let asserted = false;
  const commit = (rows: readonly NewRow[], now: number): ToMain => {
    try {
      const placed = table.append(rows, now);
      if (!asserted) assertDurable(db, 'audit');
      asserted = true;
      return { kind: 'committed', placed };
    } catch {
      return { kind: 'failed' };
    }
  };
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'commit') return reply(commit(message.rows, message.now));
    db.close();
    port.close();
  });
  reply({ kind: 'ready' });
} catch (error) {
  // an error loses its class on its way to another thread
  if (error instanceof Problem) reply({ kind: 'refused', code: error.code, file: error.field });
  else reply({ kind: 'refused', code: 'audit-unavailable', file: ACCESS_FILE });
}
