import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_SEED, USUAL_TOTAL } from './events/feeds.ts';

/** Where the demo's hub is, when nothing else is said. */
export const DEFAULT_PLACE = { port: 3000, directory: '.hub/demo' } as const;

export interface DemoOptions {
  readonly port: number;
  readonly directory: string;
  readonly events: number;
  readonly seed: string;
  readonly fresh: boolean;
  readonly printClients: boolean;
  readonly printToken?: string;
  readonly printWidening: boolean;
}

const whole =
  (from: number, to: number) =>
  (text: string): number => {
    const n = Number(text);
    if (!/^\d+$/.test(text) || n < from || n > to)
      throw new InvalidArgumentError(`a whole number from ${from} to ${to}`);
    return n;
  };

/** Reads the command line; prints and exits on `--help` and on what it can't read. */
export function readOptions(args: readonly string[]): DemoOptions {
  const program = new Command('npm run demo --')
    .description('Starts a hub with an invented county: agencies, agreements, two years of events, frozen statistics.')
    .addOption(
      new Option('--port <port>', 'port of the hub')
        .env('HUB_PORT')
        .default(DEFAULT_PLACE.port)
        .argParser(whole(1, 65_535)),
    )
    .addOption(
      new Option('--directory <path>', 'directory of its files').env('HUB_DATA_DIR').default(DEFAULT_PLACE.directory),
    )
    .addOption(new Option('--events <n>', 'about how many events').default(USUAL_TOTAL).argParser(whole(1, 2_000_000)))
    .addOption(new Option('--seed <text>', 'another seed gives other events').default(DEFAULT_SEED))
    .option('--fresh', 'begin again: deletes the directory of an earlier demo', false)
    .option('--print-clients', 'print the clients that can sign in, with their secrets, as JSON, and exit', false)
    .option('--print-token <client>', 'sign a client in at the running demo, print its token of access, and exit')
    .option('--print-widening', 'print a draft that shows hospital data by LSOA, to be rehearsed, and exit', false);
  return program.parse([...args], { from: 'user' }).opts<DemoOptions>();
}
