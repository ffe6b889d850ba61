import { setTimeout } from 'node:timers/promises';
import { millis, Problem, sameBytes, type Clock, type StreamName } from '#kernel';
import { Lanes, type AllCall, type Slice } from '../lanes.ts';
import { checkAppend, checkNewFact } from '../new-fact.ts';
import type { Appended, Clash, Expected, FactsWriter, Kept, Placed } from '../ports.ts';
import { AppendPlan, isKept } from './append-plan.ts';
import { isUnavailable, problemOf, unavailable } from './engine-errors.ts';
import type { Engine } from './engine-stream.ts';
import type { IndexFollower, RepeatKeyOf } from './index-follower.ts';
import { settleAppend } from './settle-append.ts';

/** How long calls are refused at once after the engine fell silent: what the Problem tells them to wait. */
const SILENT_MS = 1_000;
/** Commits in a row while others write the stream as well; whoever lost against them then has the time of {@link YIELD_COMMITS}. */
const TURN_COMMITS = 16;
const YIELD_COMMITS = 2;
const LONGEST_YIELD_MS = 500;

/**
 * One append at a time, each deciding on the index that the one before it left: what waited meanwhile travels together.
 * Who else writes the stream is found out by the expected revision, and the decision is taken again.
 */
export class EventStoreDbWriter implements FactsWriter {
  readonly #stream: Engine;
  readonly #follower: IndexFollower;
  readonly #clock: Clock;
  readonly #repeatKeyOf: RepeatKeyOf;
  readonly #patience: number;
  readonly #lanes = new Lanes();
  #running: Promise<void> | undefined;
  #silentUntil = 0;
  #closed = false;

  /** `patience`: milliseconds after which an append of unknown outcome is given up. */
  constructor(
    stream: Engine,
    follower: IndexFollower,
    { clock, repeatKeyOf, patience }: { clock: Clock; repeatKeyOf: RepeatKeyOf; patience: number },
  ) {
    this.#stream = stream;
    this.#follower = follower;
    this.#repeatKeyOf = repeatKeyOf;
    this.#clock = clock;
    this.#patience = patience;
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
      this.#start();
    });
  }

  async appendEach(facts: readonly Placed[], lane: string): Promise<readonly (Kept | Clash)[]> {
    this.#check(facts);
    if (facts.length === 0) return [];
    return new Promise((resolve, reject) => {
      this.#lanes.add({ lane, facts, results: [], taken: 0, answered: 0, resolve, reject });
      this.#start();
    });
  }

  writable(): boolean {
    return !this.#closed && this.#follower.connected && this.#refusal() === undefined;
  }

  /** Waits for every call under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #check(facts: readonly Placed[]): void {
    if (this.#closed) throw new Problem('store-closed');
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    for (const { fact } of facts) {
      checkNewFact(fact);
      // the log keeps no key: one that cannot be made again from the fact would turn its repeat into a clash
      if (!sameBytes(this.#repeatKeyOf(fact), fact.repeatKey))
        throw new RangeError('a repeat key follows from its fact');
    }
  }

  #refusal(): Problem | undefined {
    return this.#follower.damage ?? (performance.now() < this.#silentUntil ? unavailable() : undefined);
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // after this turn of the event loop, so that calls made together travel together
    await new Promise((resolve) => setImmediate(resolve));
    let began = performance.now();
    let commits = 0;
    for (let commit = this.#lanes.take(); commit !== undefined; commit = this.#lanes.take()) {
      try {
        if ('all' in commit) await this.#commitAll(commit.all);
        else await this.#commitEach(commit.slices);
      } catch (error) {
        const reason = error instanceof RangeError ? error : problemOf(error);
        this.#lanes.lose(commit, reason);
        if (isUnavailable(reason)) this.#fallSilent();
      }
      if (++commits < TURN_COMMITS) continue;
      if (this.#follower.othersWrite) {
        await setTimeout(Math.min(LONGEST_YIELD_MS, (YIELD_COMMITS * (performance.now() - began)) / commits));
      }
      began = performance.now();
      commits = 0;
    }
    // in the same turn as the last look: what comes later starts another run
    this.#running = undefined;
  }

  async #commitAll(call: AllCall): Promise<void> {
    let caughtUp = false;
    for (;;) {
      const plan = this.#plan();
      if (!call.facts.every((placed) => plan.add(placed))) throw new RangeError('an append goes in one piece');
      const refusal = plan.refusal(call.expected);
      // no append will tell that the index was behind: what is refused is refused by the log as it is
      if (refusal !== undefined && plan.fresh.length > 0 && !caughtUp) {
        await this.#follower.catchUp();
        caughtUp = true;
        continue;
      }
      if (refusal === undefined && !(await this.#settle(plan))) continue;
      this.#lanes.answered(call);
      return call.resolve(refusal ?? { outcome: 'appended', results: plan.results.filter(isKept) });
    }
  }

  async #commitEach(slices: readonly Slice[]): Promise<void> {
    const facts = slices.flatMap(({ call, from, count }) => call.facts.slice(from, from + count));
    const results: (Kept | Clash)[] = [];
    while (results.length < facts.length) {
      const plan = this.#plan();
      for (let next = results.length; next < facts.length; next++) {
        const placed = facts[next];
        if (placed === undefined || !plan.add(placed)) break;
      }
      if (plan.results.length === 0) throw new RangeError('a fact goes in one piece');
      if (await this.#settle(plan)) results.push(...plan.results);
    }
    this.#lanes.deliver(slices, results);
  }

  #plan(): AppendPlan {
    return new AppendPlan(this.#follower.index, millis(this.#clock.now()));
  }

  #settle(plan: AppendPlan): Promise<boolean> {
    return settleAppend(this.#stream, this.#follower, plan, this.#patience);
  }

  /** Nobody behind a commit that was given up waits as long again. */
  #fallSilent(): void {
    this.#silentUntil = performance.now() + SILENT_MS;
    for (let commit = this.#lanes.take(); commit !== undefined; commit = this.#lanes.take())
      this.#lanes.lose(commit, unavailable());
  }
}
