import { Command, CommanderError } from 'commander';
import { bundleCommand } from './bundle-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { EXIT, EXIT_HELP, unseen, type Outcome } from './outcome.ts';
import { Progress } from './terminal.ts';
import { verifyCommand, type VerifyFlags } from './verify-command.ts';
import { entryInWords, whoSawCommand, type WhoSawFlags } from './who-saw-command.ts';

interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

// bundles and states are their owner's alone
process.umask(0o077);

// whoever reads may have had enough
process.stdout.on('error', () => process.exit(EXIT.unseen));

const ENVIRONMENT = `Environment, where a hub is asked:
  HUB_URL                  address of the hub, https (http on this machine)
  HUB_CLIENT_ID            client of this person, with the role auditor
  HUB_CLIENT_SECRET_FILE   file that holds the client secret
  HUB_ALLOW_PLAIN_HTTP     1: send over http to another machine, inside a closed network only`;

const progressOf = ({ quiet }: Flags): Progress =>
  new Progress(process.stderr, quiet === true, (process.env['NO_COLOR'] ?? '') === '');

/** Prints what a command came to, and ends with its exit code once that is written. */
async function run(flags: Flags, command: (progress: Progress) => Outcome | Promise<Outcome>): Promise<void> {
  const progress = progressOf(flags);
  let outcome: Outcome;
  try {
    outcome = await command(progress);
  } catch (error) {
    const failed = unseen(error);
    progress.complain(failed.complaint);
    outcome = failed;
  }
  const text = flags.json === true && outcome.json !== undefined ? JSON.stringify(outcome.json) : outcome.words;
  process.stdout.write(text === '' ? '' : `${text}\n`, () => process.exit(outcome.exit));
}

const program = new Command('auditor')
  .description('Checks what a hub says that it did, without trusting it.')
  .addHelpText('after', `\n${ENVIRONMENT}\n\n${EXIT_HELP}`)
  .exitOverride();
const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('--json', 'print JSON on stdout: one object, or of who-saw one a line')
    .option('--quiet', 'no progress on stderr')
    .addHelpText('after', `\n${ENVIRONMENT}\n\n${EXIT_HELP}`);

command(
  'verify',
  'Verify both logs: of a data directory, of a bundle, or of the hub that HUB_URL names; or one receipt.',
)
  .option('--directory <dir>', 'data directory of a hub, running or not; it is only read')
  .option('--checkpoints <dir>', 'with --directory: where the hub keeps its newest checkpoints outside the backup')
  .option('--bundle <file>', 'what `auditor bundle` wrote')
  .option('--receipt <file>', 'a receipt with its proof; needs --event and --keys')
  .option('--event <file>', 'with --receipt: the event as it was sent, JSON')
  .option('--keys <file>', 'verifier keys of both logs, as the hub’s host gave them to you')
  .option('--given <file...>', 'checkpoints that you were given at some time')
  .option('--state <file>', 'keep key and checkpoints here, and hold the log against those of the last time')
  .action((flags: Flags & VerifyFlags) =>
    run(flags, (progress) => verifyCommand(flags, { environment: process.env, progress })),
  );
command('bundle', 'Download everything that a verifier needs from the hub that HUB_URL names.')
  .requiredOption('--out <file>', 'where to; a file that is there is not overwritten')
  .action((flags: Flags & { readonly out: string }) => run(flags, () => bundleCommand(flags.out, process.env)));
command('inspect', 'Show what one row of a data directory commits to.')
  .argument('<log>', 'facts or access')
  .argument('<index>', 'position of a fact, number of an access record')
  .requiredOption('--directory <dir>', 'data directory of a hub')
  .action((log: string, index: string, flags: Flags & { readonly directory: string }) =>
    run(flags, () => inspectCommand(flags.directory, log, index)),
  );
command(
  'who-saw',
  'List who asked what and what was answered: of a data directory, a bundle, or the hub that HUB_URL names.',
)
  .option('--directory <dir>', 'data directory of a hub')
  .option('--bundle <file>', 'what `auditor bundle` wrote')
  .option('--keys <file>', 'verifier keys of both logs')
  .option('--consumer <agency>', 'asked by this agency')
  .option('--agreement <id>', 'answered under this agreement')
  .option('--from <time>', 'not before this time (RFC 3339, UTC)')
  .option('--to <time>', 'before this time')
  .action((flags: Flags & WhoSawFlags) => {
    const tell = (entry: Readonly<Record<string, unknown>>): void =>
      void process.stdout.write(`${flags.json === true ? JSON.stringify(entry) : entryInWords(entry)}\n`);
    return run(flags, async (progress) => {
      const outcome = await whoSawCommand(flags, { environment: process.env, progress }, tell);
      if (outcome.words !== '') progress.complain(outcome.words);
      return { ...outcome, words: '' };
    });
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.sound : EXIT.unseen;
}
