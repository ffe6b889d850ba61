import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Connector, connectors } from '#connectors';
import { type AgencyId, isAgencyId, Problem } from '#kernel';
import { keyedDigest, loadKeyFile, loadOrCreateKeyFile } from '#privacy/source';
import { hubSettings, openHub, type Environment, type Publisher } from '#transport';
import { dryRun } from './dry-run.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { pushFile } from './push-file.ts';
import { PushJournal } from './push-journal.ts';
import { ReceiptsFile, RejectedFile } from './row-files.ts';
import { localSettings } from './settings.ts';
import { drySummary, exitCode, failedSummary, type Named, pushSummary, type Summary } from './summary.ts';
import type { Progress } from './terminal.ts';

export interface PushFlags {
  readonly dryRun?: boolean;
  readonly rejected?: string;
  readonly receipts?: string;
  readonly agency?: string;
}
export interface Surroundings {
  readonly environment: Environment;
  readonly progress: Progress;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  /** In a test: instead of the hub that the environment names. */
  readonly publisher?: Publisher;
  readonly pause?: (n: number) => number;
}
export interface CommandResult {
  readonly summary: Summary;
  readonly exit: ExitCode;
}

/** `push FORMAT FILE`: never throws for what an agency can do wrong; the summary says it. */
export async function pushCommand(
  format: string,
  file: string,
  flags: PushFlags,
  around: Surroundings,
): Promise<CommandResult> {
  const name = { format, file };
  try {
    const connector = connectors.get(format);
    if (connector === undefined) throw new Problem('format-unknown', { field: [...connectors.keys()].join(', ') });
    const { agency } = flags;
    if (agency !== undefined && !isAgencyId(agency)) throw new Problem('agency-malformed', { field: '--agency' });
    return flags.dryRun === true
      ? await tryOut(connector, file, agency, flags, around)
      : await pushForReal(connector, file, agency, flags, around);
  } catch (failure) {
    if (!(failure instanceof Problem) && !isFileError(failure)) throw failure;
    const summary = failedSummary(name, failure);
    return { summary, exit: failure instanceof Problem ? exitCode(summary, failure) : EXIT.usage };
  }
}

/** Without an agency, or a key yet, any will do: nothing is kept or sent. */
async function tryOut(
  connector: Connector,
  file: string,
  agency: AgencyId | undefined,
  flags: PushFlags,
  { environment }: Surroundings,
): Promise<CommandResult> {
  const key = (await loadKeyFile(localSettings(environment).keyFile)) ?? randomBytes(32);
  const context = { agency: agency ?? ('dry-run' as AgencyId), key };
  const rejected = new RejectedFile(rejectedPath(file, flags), connector);
  const run = await dryRun(connector, context, file, rejected);
  const of = { format: connector.format, file, ...(agency === undefined ? {} : { agency }) };
  const summary = drySummary(of, run, rejected.begun ? rejected.path : undefined);
  return { summary, exit: exitCode(summary, undefined) };
}

async function pushForReal(
  connector: Connector,
  file: string,
  claimed: AgencyId | undefined,
  flags: PushFlags,
  around: Surroundings,
): Promise<CommandResult> {
  const { environment, progress } = around;
  const local = localSettings(environment);
  const options = around.publisher === undefined ? await hubSettings(environment) : undefined;
  const publisher = around.publisher ?? openHub(options as NonNullable<typeof options>);
  const contents = await digestOf(file);
  const key = await loadOrCreateKeyFile(local.keyFile);
  const agency = await publisher.agency();
  if (claimed !== undefined && claimed !== agency) throw new Problem('agency-mismatch', { field: '--agency' });
  const hub = options === undefined ? 'memory' : new URL(options.url).href;
  const journalName = keyedDigest(key, 'push-journal/v1', contents, hub, agency, connector.format);
  const journal = await PushJournal.open(join(local.stateDir, `${journalName}.ndjson`));
  const { receipts } = flags;
  const outcome = await pushFile(
    { connector, context: { agency, key }, file, publisher, journal, signal: around.signal },
    {
      rejectedFile: () => new RejectedFile(rejectedPath(file, flags), connector),
      ...(receipts === undefined ? {} : { receiptsFile: () => new ReceiptsFile(receipts) }),
      progress: (rows) => progress.rows(rows),
      retrying: (code, seconds) => progress.say(`${code}: trying again in ${seconds} s`),
      ...(around.pause === undefined ? {} : { pause: around.pause }),
    },
  );
  progress.end();
  const of: Named = { format: connector.format, file, agency };
  const summary = pushSummary(of, outcome, journal);
  return { summary, exit: exitCode(summary, outcome.failure) };
}

const rejectedPath = (file: string, flags: PushFlags): string => resolve(flags.rejected ?? `${file}.rejected.csv`);

async function digestOf(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) digest.update(chunk);
  return digest.digest('hex');
}

const FILE_ERRORS = new Set(['ENOENT', 'EACCES', 'EISDIR', 'EPERM', 'ENOTDIR', 'EROFS', 'ENOSPC', 'EIO']);
const isFileError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && FILE_ERRORS.has(String(error.code));
