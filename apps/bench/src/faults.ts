import { Command, InvalidArgumentError, Option } from 'commander';
import { yes, type FaultReport } from './faults/fault-report.ts';
import { PARTS, type Part } from './faults/parts.ts';
import { whole } from './options.ts';

interface Wanted {
  readonly seed: number;
  readonly parts: readonly { readonly part: Part; readonly count: number }[];
}
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

/** Reads the command line; prints and exits on `--help` and on what it can't read. */
function readWanted(args: readonly string[]): Wanted {
  const names = PARTS.map(({ name }) => name);
  const only = (text: string): readonly string[] => {
    const named = text.split(',');
    if (named.some((name) => !names.includes(name)))
      throw new InvalidArgumentError(`one or several of ${names.join(',')}`);
    return named;
  };
  const command = new Command('npm run test:faults --')
    .description('Breaks the built hub and its stores in seeded ways, and looks for all that was promised.')
    .addOption(new Option('--only <parts>', names.join(',')).default(names, 'all').argParser(only))
    .addOption(new Option('--seed <n>', 'another seed breaks at other moments').default(1).argParser(whole));
  for (const { name, about, usual } of PARTS)
    command.addOption(new Option(`--${name} <n>`, about).default(usual).argParser(whole));
  const options = command.parse([...args], { from: 'user' });
  const { seed, only: wanted } = options.opts<{ readonly seed: number; readonly only: readonly string[] }>();
  const parts = PARTS.filter(({ name }) => wanted.includes(name)).map((part) => {
    const option = command.options.find(({ long }) => long === `--${part.name}`);
    return { part, count: Number(options.getOptionValue(option?.attributeName() ?? part.name)) };
  });
  return { seed, parts };
}

const told = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
const brokenOff = (error: unknown): FaultReport => ({ lines: [`broken off: ${told(error)}`], sound: false });

async function main(args: readonly string[]): Promise<void> {
  const { seed, parts } = readWanted(args);
  let [ran, sound] = [0, true];
  for (const { part, count } of parts) {
    const reason = await part.cannot?.();
    if (reason !== undefined) {
      say(`${part.name}: skipped: ${reason}\n`);
      continue;
    }
    const began = performance.now();
    const report = await part.run(count, { seed, progress }).catch(brokenOff);
    const seconds = Math.round((performance.now() - began) / 1_000);
    say(`${part.name}, seed ${seed}, ${seconds} s`);
    for (const line of report.lines) say(`  ${line}`);
    say(`  kept: ${yes(report.sound)}\n`);
    sound &&= report.sound;
    ran++;
  }
  // what was not looked at is not sound
  const all = sound && ran > 0;
  say(`sound: ${yes(all)}`);
  if (!all) process.exitCode = 1;
}

// heard, so that no hub and no files are left behind
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`faults: ${told(error)}\n`);
  process.exitCode = 1;
});
