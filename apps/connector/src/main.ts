import { Command, CommanderError } from 'commander';
import { connectors } from '#connectors';
import { EXIT, EXIT_HELP } from './exit-codes.ts';
import { pushCommand, type PushFlags } from './push-command.ts';
import { ENVIRONMENT } from './settings.ts';
import { inWords, Progress } from './terminal.ts';

interface Flags extends PushFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

// rejected rows, receipts and journals are their owner's alone
process.umask(0o077);

const formats = [...connectors.values()].map(({ format, title }) => `  ${format}  ${title}`).join('\n');
const environment = ENVIRONMENT.map(([name, text]) => `  ${name}\n      ${text}`).join('\n');

const program = new Command('connector')
  .description("Publishes what an agency's systems already export to the hub.")
  .exitOverride();
program
  .command('push')
  .description(
    'Read a file and publish one event for each of its rows; a push that was interrupted goes on where it was.',
  )
  .argument('<format>', 'format of the file')
  .argument('<file>', 'the file')
  .option('--json', 'print exactly one JSON object on stdout')
  .option('--quiet', 'no progress on stderr')
  .option('--dry-run', 'read and check every row, send nothing')
  .option('--rejected <path>', 'where to write rejected rows (default: FILE.rejected.csv); made only if there are some')
  .option('--receipts <path>', 'write one NDJSON line a row: row, id, status, position')
  .option('--agency <id>', 'refuse to push as another agency than this; names the agency of a dry run')
  .addHelpText('after', `\nFormats:\n${formats}\n\nEnvironment:\n${environment}\n\n${EXIT_HELP}`)
  .action(async (format: string, file: string, flags: Flags) => {
    const quiet = flags.quiet === true;
    const progress = new Progress(process.stderr, quiet, (process.env['NO_COLOR'] ?? '') === '');
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    const { summary, exit } = await pushCommand(format, file, flags, {
      environment: process.env,
      progress,
      signal: stop.signal,
    });
    if (summary.problem !== undefined) {
      const { code, field } = summary.problem;
      progress.complain(`${code}${field === undefined ? '' : `: ${field}`}`);
    }
    const text = flags.json === true ? JSON.stringify(summary) : inWords(summary);
    process.stdout.write(`${text}\n`, () => process.exit(exit));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
}
