import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteReader } from '#event-store/reader';
import { Problem } from '#kernel';
import { PROJECTIONS } from '../projections.ts';
import { inTransaction, openModelsDatabase } from './models-database.ts';
import type { FromProjector, ProjectorStart, ToProjector } from './messages.ts';
import { Projector } from './projector.ts';
import { statusOf } from './status.ts';

/** How long the thread rests at the head of the log when nobody nudges it. */
const LOOK_EVERY_MS = 50;
/**
 * After so many facts at a time more are on their way: they are gathered, since rows that share a commit share its
 * pages. A single fact is never held back by it.
 */
const MANY_FACTS = 64;
const GATHER_MS = 75;

const port = parentPort;
if (port === null) throw new Problem('projector-down');
const tell = (message: FromProjector): void => port.postMessage(message);

const start = workerData as ProjectorStart;
const db = openModelsDatabase(start.directory);
const reader = openSqliteReader(start.factsDirectory);
const projector = new Projector(db, reader, PROJECTIONS);

const stop = new AbortController();
let wake: (() => void) | undefined;
let nudged = false;
const rouse = (): void => {
  nudged = true;
  wake?.();
};

port.on('message', (message: ToProjector) => {
  if (message.kind === 'stop') stop.abort();
  if (message.kind === 'call') void answer(message);
  rouse();
});
tell({ kind: 'ready' });
await run();

async function run(): Promise<void> {
  let told = '';
  while (!stop.signal.aborted) {
    nudged = false;
    const before = projector.progress.live;
    const moved = await projector.step(stop.signal);
    const progress = projector.progress;
    const text = `${progress.live} ${progress.head}`;
    if (text !== told) tell({ kind: 'progress', progress });
    told = text;
    if (progress.live - before >= MANY_FACTS && !projector.rebuilding) await gather();
    else if (!moved && !stop.signal.aborted) await rest();
    // a step may be all within one turn of the event loop: a stop or a question is heard here
    else await setImmediate();
  }
  reader.close();
  db.close();
  port?.close();
}

async function gather(): Promise<void> {
  const until = performance.now() + GATHER_MS;
  while (!stop.signal.aborted && !projector.rebuilding && performance.now() < until) {
    nudged = false;
    await rest();
  }
}

function rest(): Promise<void> {
  if (nudged) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK_EVERY_MS);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

async function answer({ no, name, argument = '' }: Extract<ToProjector, { kind: 'call' }>): Promise<void> {
  try {
    tell({ kind: 'answer', no, value: await call(name, argument) });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell({ kind: 'refused', no, code: error.code });
  }
}

async function call(name: Extract<ToProjector, { kind: 'call' }>['name'], argument: string): Promise<unknown> {
  switch (name) {
    case 'status': {
      const head = await reader.head();
      return inTransaction(db, () => statusOf(db, head === 'empty' ? -1 : Number(head), 'running'), 'DEFERRED');
    }
    case 'rebuild':
      return projector.rebuild();
    case 'retry':
      return projector.retry(argument);
    case 'skip':
      return projector.skip(argument);
  }
}
