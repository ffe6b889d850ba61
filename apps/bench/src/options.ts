import { Command, InvalidArgumentError, Option } from 'commander';

export const PARTS = [
  'ndjson',
  'single',
  'batches',
  'rebuild',
  'question',
  'question-during-ingest',
  'decisions',
  'stores',
  'proof',
  'long-stream',
] as const;
export type Part = (typeof PARTS)[number];
/** What runs when nothing is named; the long stream takes minutes and gigabytes. */
const USUAL: readonly Part[] = PARTS.filter((part) => part !== 'long-stream');
/** Leaves of the proof when nothing is named, and when it is: a million takes a minute or more. */
const USUAL_LEAVES = 100_000;
const NAMED_LEAVES = 1_000_000;

export interface BenchOptions {
  readonly events: number;
  readonly only: readonly Part[];
  readonly json: boolean;
  readonly seed: string;
  readonly gigabytes: number;
  readonly leaves: number;
  readonly profile?: string;
}

const positive = (text: string): number => {
  const n = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || n <= 0) throw new InvalidArgumentError('a number above 0');
  return n;
};
export const whole = (text: string): number => {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};
function parts(text: string): readonly Part[] {
  const named = text.split(',');
  const known = PARTS.filter((part) => named.includes(part));
  if (known.length !== named.length) throw new InvalidArgumentError(`one or several of ${PARTS.join(',')}`);
  return known;
}

/** Reads the command line; prints and exits on `--help` and on what it can't read. */
export function readOptions(args: readonly string[]): BenchOptions {
  const options = new Command('npm run bench --')
    .description(
      'Measures the built hub over HTTP, its stores and its trees, each figure beside its bare engine in the same run.',
    )
    .addOption(new Option('--events <n>', 'events of the NDJSON stream').default(200_000).argParser(whole))
    .addOption(new Option('--only <parts>', PARTS.join(',')).default(USUAL, USUAL.join(',')).argParser(parts))
    .option('--json', 'JSON on standard output, nothing else', false)
    .option('--seed <text>', 'another seed gives other events', '1')
    .addOption(new Option('--gigabytes <n>', 'length of the long stream, GiB').default(2).argParser(positive))
    .addOption(
      new Option(
        '--leaves <n>',
        `facts whose tree is grown and verified, with those of a steady rate after them (default: ${USUAL_LEAVES}, or ${NAMED_LEAVES} with --only)`,
      ).argParser(whole),
    )
    .option('--profile <directory>', 'writes CPU profiles of every thread of the hub there')
    .parse([...args], { from: 'user' })
    .opts<Omit<BenchOptions, 'leaves'> & { readonly leaves?: number }>();
  return { ...options, leaves: options.leaves ?? (options.only === USUAL ? USUAL_LEAVES : NAMED_LEAVES) };
}
