import { statSync } from 'node:fs';
import { join } from 'node:path';
import { batchesFigure } from './batches.ts';
import { childHub, type ChildHub } from './hub/child-hub.ts';
import { governHub } from './hub/govern.ts';
import { decisionFigures } from './decisions.ts';
import { behindLine, leavesMeasured, type TreeBehind } from './leaves.ts';
import { longStream } from './long-stream.ts';
import { figureTable, ratioOf, rounded, type Figure } from './measure/figures.ts';
import { machine } from './measure/machine.ts';
import { fill, ndjsonFigure } from './ndjson.ts';
import { readOptions, type BenchOptions, type Part } from './options.ts';
import { proofLatencyFigures } from './proof-latency.ts';
import { duringIngestFigures } from './question-during-ingest.ts';
import { questionFigures } from './question.ts';
import { rebuildFigure } from './rebuild.ts';
import { singlePostsFigure } from './single-posts.ts';
import { storeFigures } from './stores.ts';

const SINGLE_SHARE = 0.1;
const BATCHES_SHARE = 0.5;
const STORES_SHARE = 0.5;
const FILES = ['facts.db', 'access.db', 'trees.db', 'models.db'] as const;
const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function bench(options: BenchOptions): Promise<void> {
  const { events, only, json, seed, gigabytes, profile } = options;
  const where = machine();
  const nodeArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const hub = await childHub({ nodeArguments });
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= hub.remove().then(() => process.exit(130));
  };
  // a terminal and the script above may both send it: neither may leave the files behind
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    await hub.start();
    await governHub(hub);
    const long = only.includes('long-stream') ? await longStream(hub, { gigabytes, seed, progress }) : undefined;
    const figures = await measure(hub, only, events, seed);
    await hub.stop();
    const alone = await measureAlone(hub.directory, options);
    figures.push(...alone.figures);
    const files = Object.fromEntries(FILES.map((name) => [name, statSync(join(hub.directory, name)).size]));
    if (json) {
      const told = figures.map((figure) => ({
        ...figure,
        hub: rounded(figure.hub),
        raw: rounded(figure.raw),
        ratio: rounded(ratioOf(figure)),
      }));
      process.stdout.write(
        `${JSON.stringify({ machine: where, figures: told, treeBehind: alone.behind, longStream: long, files }, null, 2)}\n`,
      );
      return;
    }
    const { cores, processor, memoryMiB, node, fileSystem, load } = where;
    process.stdout.write(
      `${cores} cores (${processor}), ${memoryMiB} MiB, Node ${node}, ${fileSystem}; load before: ${load}\n`,
    );
    if (figures.length > 0) process.stdout.write(`\n${figureTable(figures)}`);
    if (alone.behind !== undefined) process.stdout.write(`\n${behindLine(alone.behind)}\n`);
    if (long !== undefined) process.stdout.write(`\n${long.lines.join('\n')}\n`);
    const sizes = Object.entries(files).map(([name, bytes]) => `${name} ${(bytes / 1_048_576).toFixed(1)} MiB`);
    process.stdout.write(`\n${sizes.join(', ')}\n`);
  } finally {
    await hub.remove();
  }
}

const NEEDS_EVENTS: readonly Part[] = ['ndjson', 'rebuild', 'question', 'question-during-ingest', 'proof'];
/** In an order in which each needs nothing but what those before it left. */
async function measure(hub: ChildHub, only: readonly Part[], events: number, seed: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  if (only.some((part) => NEEDS_EVENTS.includes(part))) {
    progress(`${events} events over NDJSON …`);
    const pushed = await fill(hub, events, seed);
    if (only.includes('ndjson')) figures.push(ndjsonFigure(hub, pushed));
  }
  if (only.includes('single')) {
    progress('single posts …');
    figures.push(await singlePostsFigure(hub, Math.max(1, Math.round(events * SINGLE_SHARE)), seed));
  }
  if (only.includes('batches')) {
    progress('batches …');
    figures.push(await batchesFigure(hub, Math.round(events * BATCHES_SHARE), seed));
  }
  if (only.includes('rebuild')) {
    progress('rebuild …');
    figures.push(await rebuildFigure(hub));
  }
  if (only.includes('question')) {
    progress('questions …');
    figures.push(...(await questionFigures(hub)));
  }
  if (only.includes('question-during-ingest')) {
    progress('questions during ingest …');
    figures.push(...(await duringIngestFigures(hub, seed)));
  }
  if (only.includes('proof')) {
    progress('proofs …');
    figures.push(...(await proofLatencyFigures(hub, seed)));
  }
  return figures;
}

interface Alone {
  readonly figures: readonly Figure[];
  readonly behind: TreeBehind | undefined;
}
/** What needs no hub, and is measured without one beside it. */
async function measureAlone(directory: string, { only, events, leaves, seed }: BenchOptions): Promise<Alone> {
  const figures: Figure[] = [];
  if (only.includes('decisions')) {
    progress('decisions …');
    figures.push(...decisionFigures(seed));
  }
  if (only.includes('stores')) {
    progress('stores …');
    figures.push(...(await storeFigures(directory, Math.round(events * STORES_SHARE), seed)));
  }
  if (!only.includes('proof')) return { figures, behind: undefined };
  progress(`${leaves} leaves …`);
  const { behind, figures: measured } = await leavesMeasured(directory, leaves, seed);
  return { figures: [...figures, ...measured], behind };
}

bench(readOptions(process.argv.slice(2))).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
