import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { londonDay, Problem, systemClock } from '#kernel';
import { openHub } from '#transport';
import { edWidening } from '../agreements/ed-widening.ts';
import { clientId, POLICE } from './agencies.ts';
import { type DemoClient, signInAt } from './clients.ts';
import { buildCounty } from './county/county.ts';
import { MONTHS } from './events/calendar.ts';
import { freezeReleases, missingReleases } from './freeze.ts';
import { governCounty } from './govern.ts';
import { assertFree, checkpointsOf, clientsOf, type HubPlace, issuerOf, startHub, urlOf } from './hub-process.ts';
import { DEFAULT_PLACE, type DemoOptions, readOptions } from './options.ts';
import { publishCounty } from './publish.ts';
import { whatToTry } from './what-to-try.ts';

const today = (): string => londonDay(systemClock.now());
const progress = (step: string): void => void process.stderr.write(`  ${step}\n`);
/** Deletes what an earlier demo left, and nothing that is not known to be one. */
async function beginAgain(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  if (!existsSync(join(directory, 'demo-clients.json')))
    throw new Error(`${directory} holds no demo; it is left as it is`);
  await rm(directory, { recursive: true });
  await rm(checkpointsOf({ directory }), { recursive: true, force: true });
}

/** What an agency keeps at its own site: extracts, and the secrets of its connector. */
async function furnish(extracts: string, clients: readonly DemoClient[]): Promise<void> {
  const site = join(extracts, POLICE.agency);
  await mkdir(site, { recursive: true, mode: 0o700 });
  const secret = clients.find(({ client_id }) => client_id === clientId(POLICE.agency, 'publisher'))?.client_secret;
  await writeFile(join(site, 'client.secret'), `${secret ?? ''}\n`, { mode: 0o600 });
}

/** How another command of the demo finds this hub. */
const placeOf = ({ port, directory }: HubPlace): string =>
  `${port === DEFAULT_PLACE.port ? '' : ` --port ${port}`}${directory === DEFAULT_PLACE.directory ? '' : ` --directory ${directory}`}`;

async function demo({ port, directory, events, seed, fresh }: DemoOptions): Promise<void> {
  const county = buildCounty();
  const extracts = join(directory, 'agencies');
  await assertFree({ port, directory });
  if (fresh) await beginAgain(directory);
  const clients = await clientsOf({ port, directory });
  await furnish(extracts, clients);
  const hub = await startHub({ port, directory });
  let stopping = false;
  const stop = (): void => {
    stopping = true;
    void hub.stop();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  progress(`the hub runs at ${hub.url}`);
  try {
    const as = signInAt(hub.url, clients);
    await governCounty(as, { county, issuer: issuerOf({ port, directory }), day: today(), progress });
    const missing = await missingReleases(as);
    if (missing.length > 0) {
      const generator = { seed, events, months: MONTHS };
      const { accepted, repeated, quarantined } = await publishCounty(as, { county, generator, extracts, progress });
      progress(`${accepted} events accepted, ${repeated} repeated, ${quarantined} quarantined`);
      await freezeReleases(as, missing, progress);
    }
    process.stdout.write(whatToTry({ url: hub.url, extracts, place: placeOf({ port, directory }) }));
  } catch (error) {
    await hub.stop();
    if (!stopping) throw error;
  }
  await hub.ended;
}

const reason = (error: unknown): string =>
  error instanceof Problem && error.field !== undefined ? `${error.code} (${error.field})` : String(error);

async function main(options: DemoOptions): Promise<void> {
  // what it writes, and the programs that it starts, is its owner's alone
  process.umask(0o077);
  const { printClients, printToken, printWidening } = options;
  if (printClients) process.stdout.write(`${JSON.stringify(await clientsOf(options), null, 2)}\n`);
  else if (printWidening) process.stdout.write(`${JSON.stringify(edWidening(today()), null, 2)}\n`);
  else if (printToken !== undefined) process.stdout.write(`${await tokenOf(printToken, options)}\n`);
  else await demo(options);
}

async function tokenOf(client: string, place: HubPlace): Promise<string> {
  const known = (await clientsOf(place)).find(({ client_id }) => client_id === client);
  if (known === undefined) throw new Error('no client is called that; --print-clients lists them');
  return openHub({ url: urlOf(place), clientId: client, clientSecret: known.client_secret }).token();
}

main(readOptions(process.argv.slice(2))).catch((error: unknown) => {
  process.stderr.write(`demo: ${reason(error)}\n`);
  process.exitCode = 1;
});
