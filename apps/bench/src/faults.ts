import { Command, Option } from 'commander';
import { isSound, killWhilePushing } from './kill-while-pushing.ts';
import { whole } from './options.ts';

interface Options {
  readonly kills: number;
  readonly seed: number;
}
const yes = (held: boolean): string => (held ? 'yes' : 'no');

async function main(args: readonly string[]): Promise<void> {
  const { kills, seed } = new Command('npm run test:faults --')
    .description('Kills the built hub again and again while events are pushed, and looks for what was acknowledged.')
    .addOption(new Option('--kills <n>', 'how often').default(50).argParser(whole))
    .addOption(new Option('--seed <n>', 'another seed kills at other moments').default(1).argParser(whole))
    .parse([...args], { from: 'user' })
    .opts<Options>();
  const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);
  const report = await killWhilePushing({ kills, seed, progress });
  process.stdout.write(
    [
      `kills ${report.kills}, acknowledged ${report.acknowledged}, present ${report.present}`,
      `kills with lines sent and not answered: ${report.midPush}`,
      `stored though the acknowledgement was lost: ${report.unacknowledgedButStored}`,
      `nothing doubled: ${yes(report.nothingDoubled)}`,
      `models equal a rebuild: ${yes(report.modelsEqualRebuild)}`,
      '',
    ].join('\n'),
  );
  if (!isSound(report)) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`faults: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
