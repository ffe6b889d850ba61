import type { DatabaseSync } from 'node:sqlite';
import { positionNumber, Problem, type Position } from '#kernel';
import type { Cube, CubeQuestion, ModelName, ParkedFact, ProjectionStatus, ReadModels } from '../read-models.ts';
import { inTransaction, openForQuestions } from './models-database.ts';
import { ProjectorThread } from './projector-thread.ts';
import { cube, digest } from './questions.ts';
import { parkedFacts, statusOf } from './status.ts';

export interface ReadModelsOptions {
  /** Where `models.db` stands or is made. */
  readonly directory: string;
  /** Where the facts log stands; the same directory by default. */
  readonly factsDirectory?: string;
  /** Told of what the thread died of, each time, for the operator's log. Never holds anything of an event. */
  readonly onDown?: (cause: unknown) => void;
}

/**
 * Opens the models of a facts log that stands already, and starts the thread that keeps them.
 * @throws Problem `projector-down` when the thread can't start, for want of a facts log or of a place to write.
 */
export async function openReadModels({
  directory,
  factsDirectory = directory,
  onDown = () => undefined,
}: ReadModelsOptions): Promise<ReadModels> {
  const waiting = new Set<() => void>();
  const thread = new ProjectorThread(
    { directory, factsDirectory },
    () => {
      for (const look of waiting) look();
    },
    onDown,
  );
  await thread.open();
  return new SqliteReadModels(directory, thread, waiting);
}

/** Questions over a read-only connection of the caller's thread, everything else by the projector's. */
class SqliteReadModels implements ReadModels {
  readonly #directory: string;
  readonly #thread: ProjectorThread;
  readonly #waiting: Set<() => void>;
  readonly #db: DatabaseSync;

  constructor(directory: string, thread: ProjectorThread, waiting: Set<() => void>) {
    this.#directory = directory;
    this.#thread = thread;
    this.#waiting = waiting;
    this.#db = openForQuestions(directory);
  }

  async status(): Promise<readonly ProjectionStatus[]> {
    if (this.#thread.running) return this.#thread.ask('status');
    return this.#read((db) => statusOf(db, this.#thread.progress.head, 'down'));
  }

  nudge(_head: Position): void {
    this.#thread.nudge();
  }

  caughtUp(position: Position): Promise<void> {
    const wanted = positionNumber(position);
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const there = this.#thread.progress.live >= wanted;
        if (!there && this.#thread.running) return;
        this.#waiting.delete(look);
        if (there) resolve();
        else reject(new Problem('projector-down', { retryAfter: 1 }));
      };
      this.#waiting.add(look);
      look();
      this.#thread.nudge();
    });
  }

  rebuild(): Promise<void> {
    return this.#thread.ask('rebuild');
  }

  async parked(): Promise<readonly ParkedFact[]> {
    return this.#read(parkedFacts);
  }

  retry(id: string): Promise<'applied' | 'parked'> {
    return this.#thread.ask('retry', id);
  }

  skip(id: string): Promise<void> {
    return this.#thread.ask('skip', id);
  }

  async cube(question: CubeQuestion): Promise<Cube> {
    if (!this.#db.isOpen) throw new Problem('projector-down');
    return cube(this.#db, question);
  }

  async digest(model: ModelName): ReturnType<ReadModels['digest']> {
    if (!this.#db.isOpen) throw new Problem('projector-down');
    const db = openForQuestions(this.#directory);
    try {
      return await digest(db, model);
    } finally {
      db.close();
    }
  }

  async close(): Promise<void> {
    await this.#thread.close();
    if (this.#db.isOpen) this.#db.close();
  }

  #read<T>(question: (db: DatabaseSync) => T): T {
    if (!this.#db.isOpen) throw new Problem('projector-down');
    return inTransaction(this.#db, () => question(this.#db), 'DEFERRED');
  }
}
