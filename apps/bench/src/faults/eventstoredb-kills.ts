import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { factLeaf, leafHash, rootOf } from '#audit';
import { openEventStoreDb, type EventStoreDb, type StoredFact } from '#event-store';
import { sameBytes } from '#kernel';
import { eventStoreDbUnderTest, type EventStoreDbUnderTest } from '../../../../infra/engines/eventstoredb/engine.ts';
import { seededRandom } from '../measure/seeded-random.ts';
import { yes, type FaultReport, type FaultRun } from './fault-report.ts';
import { repeatKeyOf, storedOf } from './stream-facts.ts';
import { StreamWriter, type Note } from './stream-writer.ts';

const LONGEST_LIFE_MS = 200;
const LONGEST_DOWN_MS = 300;
/** Nothing takes as long by far: what has not gone on by then never will. */
const NEVER_MS = 120_000;

interface KillOptions extends FaultRun {
  readonly kills: number;
}

/**
 * Two writer processes append to one stream of EventStoreDB, and now a writer, now the server is killed (SIGKILL) and
 * started again on its files; what was not acknowledged is sent again. Then the log is held against what was. A real server
 * (`ESDB_URL`) is not ours to kill: only the writers are.
 */
export async function eventStoreDbKills({ kills, seed, progress }: KillOptions): Promise<FaultReport> {
  const engine = await eventStoreDbUnderTest();
  const directory = await mkdtemp(join(tmpdir(), 'svd-stream-kills-'));
  const run = new KillRun(engine, directory, seed);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await run.kill();
      if (kill % 10 === 0) progress(`${kill} kills, ${run.acknowledged.size} facts acknowledged`);
    }
    await run.stop();
    return await run.judge();
  } finally {
    await run.end();
    await engine.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

class KillRun {
  readonly acknowledged = new Map<string, string>();
  readonly #engine: EventStoreDbUnderTest;
  readonly #random: () => number;
  readonly #stream: string;
  readonly #writers: readonly StreamWriter[];
  readonly #killed = { writer: 0, server: 0 };
  /** Facts that were told of twice, at two positions. */
  #contradictions = 0;
  /** Facts that were told as repeats to the only one who sends them. */
  #storedUnacknowledged = 0;

  constructor(engine: EventStoreDbUnderTest, directory: string, seed: number) {
    this.#engine = engine;
    this.#random = seededRandom(seed);
    this.#stream = `svd-kills-${seed}-${process.pid}-${Date.now()}`;
    const { connection } = engine;
    this.#writers = ['one', 'two'].map((writer) => {
      const start = { connection, stream: this.#stream, directory: join(directory, writer), deadlineMs: 2_000, writer };
      return new StreamWriter(start, this.#note);
    });
    for (const writer of this.#writers) writer.start();
  }

  /** Once both writers went on since the last, at a moment of its own. */
  async kill(): Promise<void> {
    await this.#progress();
    await pause(this.#random() * LONGEST_LIFE_MS);
    const draw = this.#random();
    const down = this.#random() * LONGEST_DOWN_MS;
    if (draw < 0.5 && this.#engine.kill !== undefined) {
      this.#killed.server++;
      await this.#engine.kill();
      await pause(down);
      return this.#engine.restart?.();
    }
    this.#killed.writer++;
    const writer = this.#writers[draw < 0.75 ? 0 : 1];
    await writer?.kill();
    writer?.start();
  }

  async stop(): Promise<void> {
    await this.#progress();
    for (const writer of this.#writers) await writer.stop();
  }

  async end(): Promise<void> {
    for (const writer of this.#writers) await writer.kill();
  }

  async judge(): Promise<FaultReport> {
    const { connection } = this.#engine;
    const store = await openEventStoreDb({ connection, stream: this.#stream, repeatKeyOf });
    try {
      const facts = await everything(store);
      const at = new Map(facts.map((fact) => [fact.id, fact]));
      const present = [...this.acknowledged].filter(([id, position]) => at.get(id)?.position === position).length;
      const held = {
        'acknowledged at one position each': this.#contradictions === 0,
        'nothing doubled': at.size === facts.length,
        'bytes as they were sent': facts.every(({ id, stored }) => sameBytes(stored, storedOf(id))),
        'positions without a gap': facts.every(({ position }, index) => position === String(index)),
        'revisions without a gap': revisionsAreGapless(facts),
        'one root, as read and as followed': await sameRoot(store, facts),
      };
      const all = this.acknowledged.size;
      return {
        lines: [
          `engine: EventStoreDB ${this.#engine.kind} ${this.#engine.version}`,
          `kills of the server ${this.#killed.server}, of a writer ${this.#killed.writer}`,
          `acknowledged ${all}, present ${present}`,
          `stored though the acknowledgement was lost: ${this.#storedUnacknowledged}`,
          `stored and sent by nobody: ${facts.length - all}`,
          ...Object.entries(held).map(([what, holds]) => `${what}: ${yes(holds)}`),
        ],
        sound: all > 0 && present === all && facts.length === all && Object.values(held).every(Boolean),
      };
    } finally {
      await store.close();
    }
  }

  readonly #note: Note = ({ id, position, repeated, own }) => {
    if ((this.acknowledged.get(id) ?? position) !== position) this.#contradictions++;
    this.acknowledged.set(id, position);
    if (repeated && own) this.#storedUnacknowledged++;
  };

  async #progress(): Promise<void> {
    const before = this.#writers.map(({ calls }) => calls);
    const end = performance.now() + NEVER_MS;
    while (this.#writers.some(({ calls }, index) => calls === before[index])) {
      for (const { broken } of this.#writers) if (broken !== undefined) throw broken;
      if (performance.now() > end) throw new Error('the writers do not go on');
      await pause(2);
    }
  }
}

async function everything(store: EventStoreDb): Promise<StoredFact[]> {
  const facts: StoredFact[] = [];
  for await (const batch of store.reader.readAll('start')) facts.push(...batch);
  return facts;
}

function revisionsAreGapless(facts: readonly StoredFact[]): boolean {
  const next = new Map<string, number>();
  return facts.every(({ stream, revision }) => {
    const expected = next.get(stream) ?? 0;
    next.set(stream, expected + 1);
    return revision === expected;
  });
}

const hashesOf = (facts: readonly StoredFact[]): Uint8Array[] => facts.map((fact) => leafHash(factLeaf(fact).leaf));

/** The root of what was read, beside that of a subscription to the same log. */
async function sameRoot(store: EventStoreDb, facts: readonly StoredFact[]): Promise<boolean> {
  const stop = new AbortController();
  async function* followed(): AsyncGenerator<Uint8Array[]> {
    for await (const batch of store.reader.subscribe('start', stop.signal)) {
      if (batch.kind === 'caught-up') return;
      yield hashesOf(batch.facts);
    }
  }
  async function* read(): AsyncGenerator<Uint8Array[]> {
    yield hashesOf(facts);
  }
  const [one, other] = [await rootOf(read()), await rootOf(followed())];
  stop.abort();
  return sameBytes(one, other);
}
