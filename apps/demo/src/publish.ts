import { writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { policeStreetCsv } from '#connectors';
import { canonicalJson } from '#kernel';
import { loadOrCreateKeyFile } from '#privacy/source';
import type { AnonymisedEvent } from './events/envelope.ts';
import type { County } from './county/county.ts';
import { type GeneratorOptions, pushes, type StreetFile } from './events/feeds.ts';
import type { SignIn } from './answers.ts';

export interface Publishing {
  readonly county: County;
  readonly generator: GeneratorOptions;
  /** Where the extracts and the connector keys of the agencies lie, as they would at their own sites. */
  readonly extracts: string;
  readonly progress: (step: string) => void;
}

/** Key of an agency's connector; made on first use, and needed to push the same file again without doubling it. */
export const connectorKeyFile = (extracts: string, agency: string): string => join(extracts, agency, 'connector.key');
export const streetFile = (extracts: string, agency: string, name: string): string => join(extracts, agency, name);

export interface Published {
  readonly accepted: number;
  readonly repeated: number;
  readonly quarantined: number;
}

/**
 * Publishes every month of every feed: the police through their connector from files in the open data's layout, the
 * others as their systems would, over HTTP. Publishing again repeats and never doubles.
 * @throws Error naming the feed when any event was rejected.
 */
export async function publishCounty(signIn: SignIn, publishing: Publishing): Promise<Published> {
  const sum = { accepted: 0, repeated: 0, quarantined: 0 };
  let month = '';
  for (const push of pushes(publishing.county, publishing.generator)) {
    if (push.month !== month) publishing.progress(`publishing ${(month = push.month)}`);
    const lines = push.kind === 'events' ? written(push.events) : await extracted(push, publishing.extracts);
    const results = signIn(push.agency, 'publisher').pushNdjson(lines);
    for await (const result of results) {
      if (result.status === 'rejected')
        throw new Error(
          `${push.agency}, ${push.name}, ${push.month}: ${result.problem?.type ?? ''} ${result.problem?.field ?? ''}`,
        );
      sum[result.status]++;
    }
  }
  return sum;
}

async function* written(events: readonly AnonymisedEvent[]): AsyncGenerator<Uint8Array> {
  for (const event of events) yield Buffer.from(canonicalJson(event));
}

/** Lays the month's extract down as the force's own system would, and reads it through the connector. */
async function extracted(push: StreetFile, extracts: string): Promise<AsyncIterable<Uint8Array>> {
  const key = await loadOrCreateKeyFile(connectorKeyFile(extracts, push.agency));
  const path = streetFile(extracts, push.agency, push.name);
  await writeFile(path, push.text);
  return readByConnector(path, push, key);
}

async function* readByConnector(path: string, { agency }: StreetFile, key: Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const reading of policeStreetCsv.read(createReadStream(path), { agency, key })) {
    if ('rejected' in reading) throw new Error(`${path}: row ${reading.row} ${reading.rejected.code}`);
    yield reading.event.bytes;
  }
}
