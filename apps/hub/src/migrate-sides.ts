import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openEventStoreDb, openSqliteMigration, type FactsExporter, type FactsImporter } from '#event-store';
import { HubKeys } from '#hub';
import { Problem, sha256 } from '#kernel';
import { loadOrCreateHubKey } from './hub-key.ts';

/** Where a facts log is kept. */
export type SideName =
  | { readonly kind: 'sqlite'; readonly directory: string }
  | { readonly kind: 'eventstoredb'; readonly connection: string };
export interface Side extends FactsExporter, FactsImporter {
  close(): Promise<void>;
}

/** `sqlite:DIRECTORY`, or a connection string; undefined when it is neither. */
export function readSideName(text: string): SideName | undefined {
  const directory = /^sqlite:(.+)$/.exec(text)?.[1];
  if (directory !== undefined) return { kind: 'sqlite', directory };
  return /^esdb(\+discover)?:\/\/./.test(text) ? { kind: 'eventstoredb', connection: text } : undefined;
}

/**
 * The key that made the repeat keys: an event store keeps none, so that they are made again from the facts.
 * @throws Problem `hub-key-missing`, and never makes one: another key would take every repeat for a reuse of its id.
 */
function repeatKeysOf(file: string): (fact: { readonly stored: Uint8Array }) => Uint8Array {
  if (!existsSync(file)) throw new Problem('hub-key-missing');
  const keys = new HubKeys(loadOrCreateHubKey(file));
  return ({ stored }) => keys.repeatKey(sha256(stored));
}

/** `hub.key` of the first side that has a directory. */
export function hubKeyBeside(...sides: readonly SideName[]): string | undefined {
  const files = sides.flatMap((side) => (side.kind === 'sqlite' ? [join(side.directory, 'hub.key')] : []));
  return files.find((file) => existsSync(file)) ?? files[0];
}

/** @throws Problem `store-missing` when there should be a log and is none; else as the stores do. */
export async function openSide(name: SideName, role: 'from' | 'to', stream: string, hubKey?: string): Promise<Side> {
  if (name.kind === 'sqlite') {
    if (role === 'from' && !existsSync(join(name.directory, 'facts.db'))) throw new Problem('store-missing');
    const log = openSqliteMigration(name.directory);
    return { dump: () => log.dump(), load: (facts) => log.load(facts), close: async () => log.close() };
  }
  if (hubKey === undefined) throw new Problem('hub-key-missing');
  const { connection } = name;
  const repeatKeyOf = repeatKeysOf(hubKey);
  const log = await openEventStoreDb({ connection, stream, repeatKeyOf });
  // a stream that nobody wrote is not told from one that is not there: its name may be mistyped
  if (role === 'from' && (await log.reader.head()) === 'empty') {
    await log.close();
    throw new Problem('store-missing');
  }
  return { dump: () => log.exporter.dump(), load: (facts) => log.importer.load(facts), close: () => log.close() };
}
