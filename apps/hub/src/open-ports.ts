import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openAccessLog, openLogTrees } from '#audit';
import { openSqliteStore } from '#event-store';
import { HubKeys, HubPorts } from '#hub';
import { makeDirectory, systemClock } from '#kernel';
import { openReadModels } from '#read-models';
import { loadOrCreateHubKey } from './hub-key.ts';

export interface Directories {
  /** Logs, trees, models, artefacts, keys. Made when it is not there. */
  readonly directory: string;
  /** The newest checkpoints: what tells that `directory` was put back to an earlier state. Made when it is not there. */
  readonly checkpoints: string;
}

/** The embedded default: everything on SQLite files in one directory, one process (`docs/architecture.md`). */
export async function openPorts(
  { directory, checkpoints }: Directories,
  build: string,
  onDown: (part: string, cause: unknown) => void = () => undefined,
): Promise<{ ports: HubPorts; readonly close: () => Promise<void> }> {
  makeDirectory(directory);
  // one that was there before, with whatever its files permit, is closed to everybody else
  if ((statSync(directory).mode & 0o077) !== 0) chmodSync(directory, 0o700);
  const keys = new HubKeys(loadOrCreateHubKey(join(directory, 'hub.key')));
  const opened: { close(): unknown }[] = [];
  const keep = <T extends { close(): unknown }>(part: T): T => {
    opened.unshift(part);
    return part;
  };
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0)) await part.close();
  };
  try {
    const store = keep(await openSqliteStore({ directory }));
    const access = keep(await openAccessLog({ directory }));
    const trees = keep(await openLogTrees({ directory, outside: checkpoints }));
    const models = keep(await openReadModels({ directory, onDown: (cause) => onDown('projector', cause) }));
    const { writer, reader: log, artefacts, held } = store;
    const wired = { writer, log, artefacts, held, models, access, trees, keys, clock: systemClock, build };
    return { ports: new HubPorts(wired), close };
  } catch (error) {
    await close();
    throw error;
  }
}
