import { Command, InvalidArgumentError, Option } from 'commander';
import { Problem } from '#kernel';
import { hubKeyBeside, openSide, readSideName, type SideName } from './migrate-sides.ts';
import { moveFacts, sameLog } from './move-facts.ts';

interface Flags {
  readonly from: SideName;
  readonly to: SideName;
  readonly stream: string;
  readonly hubKey?: string;
}
const SIDES = `Sides:
  sqlite:DIRECTORY            the data directory of a hub that is stopped; made when it is where to
  esdb://… esdb+discover://…  the connection string of EventStoreDB or KurrentDB, as its client takes it

The source stays as it is. A move that was cut is taken up again by the same command.
Prints the number of facts, the head, and the root of the log's tree as computed of each side.`;

const side = (text: string): SideName => {
  const name = readSideName(text);
  if (name === undefined) throw new InvalidArgumentError('sqlite:DIRECTORY or esdb://…');
  return name;
};

const readFlags = (args: readonly string[]): Flags =>
  new Command('npm run migrate --')
    .description('Moves the facts log to another engine: the same positions, times, leaves, root and receipts.')
    .addOption(new Option('--from <side>', 'where the facts are').argParser(side).makeOptionMandatory())
    .addOption(new Option('--to <side>', 'where they go: an empty log').argParser(side).makeOptionMandatory())
    .option('--hub-key <file>', 'the key of the hub (default: hub.key of the side that has a directory)')
    .option('--stream <name>', 'physical stream of an event store', 'svd-facts')
    .addHelpText('after', `\n${SIDES}`)
    .parse([...args], { from: 'user' })
    .opts<Flags>();

async function main({ from, to, stream, hubKey = hubKeyBeside(from, to) }: Flags): Promise<void> {
  // what it writes is its owner's alone
  process.umask(0o077);
  const source = await openSide(from, 'from', stream, hubKey);
  try {
    const target = await openSide(to, 'to', stream, hubKey);
    try {
      const moved = await moveFacts(source, target);
      const { facts, head } = moved.to;
      process.stdout.write(`facts ${facts}\nhead ${head}\nroot-from ${moved.from.root}\nroot-to ${moved.to.root}\n`);
      if (!sameLog(moved)) throw new Problem('roots-differ');
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

main(readFlags(process.argv.slice(2))).catch((error: unknown) => {
  const told = error instanceof Problem ? error.code : 'failed';
  const at = error instanceof Problem && error.index !== undefined ? ` (position ${error.index})` : '';
  process.stderr.write(`migrate: ${told}${at}\n`);
  process.exitCode = 1;
});
