import { existsSync } from 'node:fs';
import { Problem } from '#kernel';
import { hubSettings, openHub, type Environment } from '#transport';
import { writeWhole } from './files.ts';
import { EXIT, type Outcome } from './outcome.ts';
import { count } from './terminal.ts';

/** `bundle --out FILE`: what `verify --bundle` needs, as the hub sends it. A file that is there is evidence, and stays. */
export async function bundleCommand(out: string, environment: Environment): Promise<Outcome> {
  if (existsSync(out)) throw new Problem('file-exists', { field: out });
  const hub = openHub(await hubSettings(environment));
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of hub.stream('/v1/audit/bundle', { accept: 'application/x-ndjson' })) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  await writeWhole(out, counted());
  const words = `${out}: ${count(bytes)} bytes, not verified yet`;
  return { json: { file: out, bytes }, words, exit: EXIT.sound };
}
