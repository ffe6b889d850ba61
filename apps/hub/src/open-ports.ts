import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openAccessLog } from '#audit';
import { openSqliteStore } from '#event-store';
import { HubKeys, HubPorts } from '#hub';
import { systemClock } from '#kernel';
import { openReadModels } from '#read-models';
import { loadOrCreateHubKey } from './hub-key.ts';

/** The embedded default: everything on SQLite files in one directory, one process (`docs/architecture.md`). */
export async function openPorts(
  directory: string,
  build: string,
  onDown: (part: string, cause: unknown) => void = () => undefined,
): Promise<{ ports: HubPorts; readonly close: () => Promise<void> }> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // one that was there before, with whatever its files permit, is closed to everybody else
  if ((statSync(directory).mode & 0o077) !== 0) chmodSync(directory, 0o700);
  const keys = new HubKeys(loadOrCreateHubKey(join(directory, 'hub.key')));
  const store = await openSqliteStore({ directory });
  const access = await openAccessLog({ directory });
  const models = await openReadModels({ directory, onDown: (cause) => onDown('projector', cause) });
  const { writer, reader: log, artefacts, held } = store;
  const ports = new HubPorts({ writer, log, artefacts, held, models, access, keys, clock: systemClock, build });
  return {
    ports,
    close: async () => {
      await models.close();
      await access.close();
      await store.close();
    },
  };
}
