import { instant, millis, position, Problem, type Clock, type Instant, type StreamName } from '#kernel';
import type { CommitNotices } from '../commit-notices.ts';
import { COMMIT_FACTS, Lanes, type AllCall, type Commit } from '../lanes.ts';
import { checkAppend, checkNewFact } from '../new-fact.ts';
import type { Appended, Clash, Expected, FactsWriter, Kept, Placed } from '../ports.ts';
import { STATUSES, type Committed } from './facts-log.ts';
import { LastingThread, type WriterThread } from './lasting-thread.ts';
import type { CommitResult, ToWorker } from './messages.ts';
import { packFacts } from './packed-facts.ts';

/** Commits given to the thread and not answered: enough that it never waits for this one, few enough to stay fair. */
const UNDER_WAY = 4;
/** How long a failed commit is told: each call tries again, but nobody calls while nobody is sent here. */
const FAILURE_TOLD_MS = 5_000;

/**
 * Forms commits on the caller's thread and has them made in another. `append` without a lane goes before every
 * lane; a commit of the lanes is sent when it is full, when it is a whole `append`, or when the thread would otherwise
 * be idle, so that small calls share an fsync.
 */
export class SqliteFactsWriter implements FactsWriter {
  readonly #thread: LastingThread;
  readonly #notices: CommitNotices;
  readonly #clock: Clock;
  readonly #lanes = new Lanes();
  readonly #underWay = new Map<number, Commit>();
  #no = 0;
  #scheduled = false;
  #closing = false;
  #closed: Promise<void> | undefined;
  #failedAt = -Infinity;
  #drained: (() => void) | undefined;

  /** `restart` starts another thread in place of one that died. */
  constructor(thread: WriterThread, restart: () => Promise<WriterThread>, notices: CommitNotices, clock: Clock) {
    this.#clock = clock;
    this.#notices = notices;
    this.#thread = new LastingThread(thread, restart, {
      told: (message) => {
        if ('result' in message) this.#answer(message.no, message.result);
      },
      gone: () => this.#loseAll(),
      // what nobody could answer may be in the log
      back: () => notices.notify(),
    });
  }

  async append(
    facts: readonly Placed[],
    expected: ReadonlyMap<StreamName, Expected> = new Map(),
    lane?: string,
  ): Promise<Appended> {
    this.#check(facts);
    checkAppend(facts);
    if (facts.length === 0) return { outcome: 'appended', results: [] };
    return new Promise((resolve, reject) => {
      if (lane === undefined) this.#lanes.addFirst({ lane, facts, expected, resolve, reject });
      else this.#lanes.add({ lane, facts, expected, resolve, reject });
      this.#schedule();
    });
  }

  async appendEach(facts: readonly Placed[], lane: string): Promise<readonly (Kept | Clash)[]> {
    this.#check(facts);
    if (facts.length === 0) return [];
    return new Promise((resolve, reject) => {
      this.#lanes.add({ lane, facts, results: [], taken: 0, answered: 0, resolve, reject });
      if (this.#lanes.queued >= COMMIT_FACTS) this.#dispatch();
      this.#schedule();
    });
  }

  writable(): boolean {
    const failing = performance.now() - this.#failedAt < FAILURE_TOLD_MS;
    return this.#thread.alive && !this.#closing && !failing;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing = true;
    if (this.#busy()) await new Promise<void>((resolve) => (this.#drained = resolve));
    await this.#thread.close();
  }

  #check(facts: readonly Placed[]): void {
    if (this.#closing) throw new Problem('store-closed');
    if (!this.#thread.alive) throw unavailable();
    for (const { fact } of facts) checkNewFact(fact);
  }

  /** After this turn of the event loop, so that calls made together travel together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#underWay.size < UNDER_WAY && this.#thread.alive) {
      const commit = this.#lanes.due || this.#underWay.size === 0 ? this.#lanes.take() : undefined;
      if (commit === undefined) return;
      this.#send(commit);
    }
  }

  #send(commit: Commit): void {
    const no = this.#no++;
    this.#underWay.set(no, commit);
    const facts = packFacts(
      'all' in commit
        ? commit.all.facts
        : commit.slices.flatMap(({ call, from, count }) => call.facts.slice(from, from + count)),
    );
    const message: ToWorker = { kind: 'commit', no, now: millis(this.#clock.now()), facts };
    this.#thread.post('all' in commit ? { ...message, expected: commit.all.expected } : message, [facts.bytes.buffer]);
  }

  #answer(no: number, result: CommitResult): void {
    const underWay = this.#underWay.get(no);
    if (underWay === undefined) return;
    this.#underWay.delete(no);
    this.#failedAt = result.outcome === 'failed' ? performance.now() : -Infinity;
    this.#settle(underWay, result);
    if (result.outcome === 'committed' && result.statuses.includes(ACCEPTED)) this.#notices.notify();
    this.#dispatch();
    if (!this.#busy()) this.#drained?.();
  }

  #settle(commit: Commit, result: CommitResult): void {
    switch (result.outcome) {
      case 'failed':
        return this.#lanes.lose(commit, unavailable());
      case 'committed':
        if ('slices' in commit) return this.#lanes.deliver(commit.slices, readResults(result));
        return this.#resolve(commit.all, { outcome: 'appended', results: readResults(result).filter(isKept) });
      case 'conflict':
        if ('all' in commit) this.#resolve(commit.all, { ...result, stream: result.stream as StreamName });
        return;
      case 'refused':
        if ('all' in commit) this.#resolve(commit.all, result);
    }
  }

  #resolve(call: AllCall, appended: Appended): void {
    this.#lanes.answered(call);
    call.resolve(appended);
  }

  #busy(): boolean {
    return this.#underWay.size > 0 || this.#lanes.waiting;
  }

  /** What the thread had may or may not be stored, and nobody here can tell; the rest is not. */
  #loseAll(): void {
    for (const commit of this.#underWay.values()) this.#lanes.lose(commit, unavailable());
    this.#underWay.clear();
    for (let commit = this.#lanes.take(); commit !== undefined; commit = this.#lanes.take())
      this.#lanes.lose(commit, unavailable());
    this.#drained?.();
  }
}

const ACCEPTED = STATUSES.indexOf('accepted');
const unavailable = (): Problem => new Problem('store-unavailable', { retryAfter: 1 });
const isKept = (result: Kept | Clash): result is Kept => result.status === 'accepted' || result.status === 'repeated';

function readResults({ statuses, positions, recorded }: Committed): (Kept | Clash)[] {
  let ms = NaN;
  let recordedTime = '' as Instant;
  return Array.from(statuses, (no, index) => {
    const status = STATUSES[no] ?? 'erased';
    const at = position(positions[index] ?? 0);
    if (status === 'id-reused' || status === 'erased') return { status, position: at };
    if (recorded[index] !== ms) {
      ms = recorded[index] ?? 0;
      recordedTime = instant(ms);
    }
    return { status, position: at, recordedTime };
  });
}
