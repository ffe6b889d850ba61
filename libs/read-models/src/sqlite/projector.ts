import type { DatabaseSync } from 'node:sqlite';
import type { FactsReader, StoredFact } from '#event-store/reader';
import { position, Problem, type Position } from '#kernel';
import type { Projection } from '../projection.ts';
import { Build, dropBuild, versionsOf } from './build.ts';
import { chunks } from './chunks.ts';
import { inTransaction, integer, string } from './models-database.ts';
import { findParked, positionOf } from './status.ts';

/** How far the live models and the log are: numbers of facts, -1 for none. */
export interface Progress {
  readonly live: number;
  readonly head: number;
}

/**
 * Keeps the models of one database at the head of the log, and builds a new set beside them when asked or when a
 * projection's version has changed. One at a time, one thread: `step` is never called twice at once.
 */
export class Projector {
  readonly #db: DatabaseSync;
  readonly #reader: FactsReader;
  readonly #projections: readonly Projection[];
  #live: Build | undefined;
  #growing: Build | undefined;
  #frozenAt = -1;
  #growth: AsyncIterator<readonly StoredFact[]> | undefined;
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #head = -1;

  /** Resumes a build that was growing when the process died, drops what no pointer names. */
  constructor(db: DatabaseSync, reader: FactsReader, projections: readonly Projection[]) {
    this.#db = db;
    this.#reader = reader;
    this.#projections = projections;
    inTransaction(db, () => this.#recover());
  }

  get progress(): Progress {
    return { live: this.#live?.position ?? this.#frozenAt, head: this.#head };
  }

  /** A build grows beside the live one. */
  get rebuilding(): boolean {
    return this.#growing !== undefined;
  }

  /**
   * Live models to the head of the log, then one chunk of a growing build. False when there was nothing to do. Once
   * `stop` is aborted it begins no further chunk: what is committed stays, and the next process goes on from there.
   */
  async step(stop?: AbortSignal): Promise<boolean> {
    const head = await this.#reader.head();
    this.#head = head === 'empty' ? -1 : Number(head);
    const before = this.progress.live;
    if (this.#live !== undefined) await this.#advance(this.#live, stop);
    if (this.#growing !== undefined && stop?.aborted !== true) await this.#grow(this.#growing);
    return this.progress.live !== before || this.#growing !== undefined;
  }

  /** Resolves when a new set of models has taken the place of the live one. Joins one under way. */
  rebuild(): Promise<void> {
    if (this.#growing === undefined) this.#growing = inTransaction(this.#db, () => this.#newBuild('growing'));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** @throws Problem `parked-unknown`; `projection-rebuilding` when the live build is of another version. */
  async retry(id: string): Promise<'applied' | 'parked'> {
    const parked = findParked(this.#db, id);
    const fact = await this.#reader.at(parked.position);
    if (fact === undefined) throw new Problem('parked-unknown');
    findParked(this.#db, id);
    if (this.#live === undefined) throw new Problem('projection-rebuilding', { retryAfter: 1 });
    return this.#live.retry(parked.projection, fact);
  }

  /** @throws Problem `parked-unknown`. */
  skip(id: string): void {
    const { projection, position: at } = findParked(this.#db, id);
    this.#db
      .prepare(
        "UPDATE parked SET state = 'skipped' WHERE projection = ? AND position = ? AND build = (SELECT build FROM live WHERE projection = ?)",
      )
      .run(projection, Number(at), projection);
  }

  async #advance(build: Build, stop: AbortSignal | undefined): Promise<void> {
    if (build.position >= this.#head) return;
    for await (const facts of chunks(this.#reader.readAll(after(build), position(this.#head)))) {
      if (stop?.aborted === true) return;
      build.apply(facts);
    }
  }

  async #grow(build: Build): Promise<void> {
    if (build.position < this.#head) {
      this.#growth ??= chunks(this.#reader.readAll(after(build), position(this.#head)))[Symbol.asyncIterator]();
      const next = await this.#growth.next();
      if (next.done === true) this.#growth = undefined;
      else build.apply(next.value);
    }
    if (build.position < Math.max(this.progress.live, this.#head)) return;
    if (build.growing) build.settle();
    else this.#switch(build);
  }

  #switch(build: Build): void {
    const old = this.#buildsBut(build.number);
    inTransaction(this.#db, () => {
      this.#db
        .prepare(
          `UPDATE parked SET state = 'skipped' WHERE build = ? AND (projection, position) IN
             (SELECT p.projection, p.position FROM parked p JOIN live USING (projection, build) WHERE p.state = 'skipped')`,
        )
        .run(build.number);
      this.#pointAt(build.number);
    });
    this.#live = build;
    this.#growing = undefined;
    this.#growth = undefined;
    inTransaction(this.#db, () => old.forEach((number) => dropBuild(this.#db, number)));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve();
  }

  #pointAt(build: number): void {
    this.#db.exec('DELETE FROM live');
    const point = this.#db.prepare('INSERT INTO live VALUES (?, ?, ?)');
    for (const { name, version } of this.#projections) point.run(name, version, build);
  }

  #recover(): void {
    const builds = this.#db.prepare('SELECT build, versions, position FROM progress ORDER BY build DESC').all();
    const pointed = this.#db.prepare('SELECT max(build) AS build FROM live').get()?.['build'];
    const fit = versionsOf(this.#projections);
    const live = builds.find((row) => row['build'] === pointed);
    const resumed = builds.find(
      (row) => row !== live && row['versions'] === fit && integer(row['build']) > Number(pointed),
    );
    for (const row of builds) if (row !== live && row !== resumed) dropBuild(this.#db, integer(row['build']));
    if (resumed !== undefined) this.#growing = new Build(this.#db, integer(resumed['build']), this.#projections);
    if (live === undefined) {
      this.#live = this.#newBuild('at once');
      this.#pointAt(this.#live.number);
    } else if (string(live['versions']) === fit)
      this.#live = new Build(this.#db, integer(live['build']), this.#projections);
    else {
      this.#frozenAt = integer(live['position']);
      this.#growing ??= this.#newBuild('growing');
    }
  }

  #newBuild(use: 'growing' | 'at once'): Build {
    const last = this.#db.prepare('SELECT max(build) AS build FROM progress').get()?.['build'];
    return new Build(this.#db, Number(last ?? 0) + 1, this.#projections, use === 'growing');
  }

  #buildsBut(build: number): number[] {
    return this.#db
      .prepare('SELECT build FROM progress WHERE build <> ?')
      .all(build)
      .map((row) => integer(row['build']));
  }
}

function after(build: Build): Position | 'start' {
  const last = positionOf(build.position);
  return last === 'empty' ? 'start' : last;
}
