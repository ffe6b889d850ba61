import { Problem, type StreamName } from '#kernel';
import type { Appended, Clash, Expected, Kept, Placed } from './ports.ts';

/** A call of `appendEach` on its way through one or several commits. */
export interface EachCall {
  readonly lane: string;
  readonly facts: readonly Placed[];
  readonly results: (Kept | Clash)[];
  /** Facts handed to a commit, and facts answered. */
  taken: number;
  answered: number;
  resolve(results: readonly (Kept | Clash)[]): void;
  reject(reason: Error): void;
}
/** A call of `append`: one commit, of nothing else. */
export interface AllCall {
  /** Undefined for one that goes before every lane. */
  readonly lane: string | undefined;
  readonly facts: readonly Placed[];
  readonly expected: ReadonlyMap<StreamName, Expected>;
  resolve(appended: Appended): void;
  reject(reason: Error): void;
}
export type LaneCall = EachCall | (AllCall & { readonly lane: string });
/** Facts `from` to `from + count` of one call, as they lie in one commit. */
export interface Slice {
  readonly call: EachCall;
  readonly from: number;
  readonly count: number;
}
/** What one commit is made of. */
export type Commit = { readonly all: AllCall } | { readonly slices: readonly Slice[] };

export const COMMIT_FACTS = 256;
export const COMMIT_BYTES = 1024 * 1024;
/** Facts of one lane before the next has its turn. */
const TURN_FACTS = 64;
/** Facts of one lane that may wait or be under way. */
const LANE_FACTS = 20_000;
/** Facts of calls that go before every lane, waiting or under way. */
const FIRST_FACTS = 20_000;
/** Stored bytes of one lane that may wait. */
const LANE_BYTES = 32 * 1024 * 1024;

interface Lane {
  readonly name: string;
  readonly calls: LaneCall[];
  unanswered: number;
  /** Stored bytes of facts that no commit has taken yet. */
  bytes: number;
}

/**
 * Bounded queues that take turns, so that one publisher's backlog never delays another's single event by more than a turn;
 * and one queue that goes before them all.
 */
export class Lanes {
  readonly #first: AllCall[] = [];
  #firstFacts = 0;
  readonly #lanes = new Map<string, Lane>();
  #turns: Lane[] = [];
  #queued = 0;

  /** Facts of the lanes that no commit has taken yet. */
  get queued(): number {
    return this.#queued;
  }

  /** A commit is to be had. */
  get waiting(): boolean {
    return this.#first.length > 0 || this.#queued > 0;
  }

  /** A commit is to be had that waiting would not make fuller. */
  get due(): boolean {
    return this.#first.length > 0 || this.#queued >= COMMIT_FACTS || headOf(this.#turns[0]) === 'all';
  }

  /** Of a call without a lane. @throws Problem `queue-full` when there is no room; a larger call is let in when it is alone. */
  addFirst(call: AllCall): void {
    if (this.#firstFacts > 0 && this.#firstFacts + call.facts.length > FIRST_FACTS) {
      throw new Problem('queue-full', { retryAfter: 1 });
    }
    this.#firstFacts += call.facts.length;
    this.#first.push(call);
  }

  /** @throws Problem `queue-full` when the lane has no room. A call larger than a lane is let in when it is alone. */
  add(call: LaneCall): void {
    const lane = this.#lanes.get(call.lane) ?? { name: call.lane, calls: [], unanswered: 0, bytes: 0 };
    const bytes = bytesOf(call.facts);
    const full = lane.unanswered + call.facts.length > LANE_FACTS || lane.bytes + bytes > LANE_BYTES;
    if (lane.unanswered > 0 && full) {
      throw new Problem('queue-full', { retryAfter: 1 });
    }
    this.#lanes.set(call.lane, lane);
    lane.unanswered += call.facts.length;
    lane.bytes += bytes;
    if (lane.calls.length === 0) this.#turns.push(lane);
    lane.calls.push(call);
    this.#queued += call.facts.length;
  }

  /**
   * The next commit, undefined when nothing waits: one whole call of `append` when it goes first, or its lane is the next to
   * have a turn, otherwise at most {@link COMMIT_FACTS} facts and {@link COMMIT_BYTES} of calls of `appendEach`.
   */
  take(): Commit | undefined {
    const all = this.#first.shift();
    if (all !== undefined) return { all };
    const lane = this.#turns[0];
    const next = lane?.calls[0];
    if (lane === undefined || next === undefined) return undefined;
    if ('taken' in next) return { slices: this.#takeSlices() };
    this.#turns.shift();
    lane.calls.shift();
    if (lane.calls.length > 0) this.#turns.push(lane);
    this.#queued -= next.facts.length;
    lane.bytes -= bytesOf(next.facts);
    return { all: next };
  }

  #takeSlices(): readonly Slice[] {
    const slices: Slice[] = [];
    let room = { facts: COMMIT_FACTS, bytes: COMMIT_BYTES };
    // a lane that waits with a whole call keeps its place, unless it had its turn in this commit
    const passed: Lane[] = [];
    const served: Lane[] = [];
    while (room.facts > 0) {
      const lane = this.#turns.shift();
      if (lane === undefined) break;
      if (headOf(lane) === 'all') {
        passed.push(lane);
        continue;
      }
      const before = room;
      room = this.#turn(lane, room, slices);
      if (room.facts === before.facts) {
        passed.push(lane);
        break;
      }
      if (lane.calls.length > 0) (headOf(lane) === 'all' ? served : this.#turns).push(lane);
    }
    this.#turns = [...passed, ...this.#turns, ...served];
    return slices;
  }

  /** Makes the room again that a whole call took; what it came to is its caller's to say. */
  answered({ lane, facts }: AllCall): void {
    if (lane === undefined) this.#firstFacts -= facts.length;
    else this.#makeRoom(lane, facts.length);
  }

  /** Hands the calls of a commit their results, in order; a call that has all of its own is resolved. */
  deliver(slices: readonly Slice[], results: readonly (Kept | Clash)[]): void {
    let start = 0;
    for (const { call, from, count } of slices) {
      for (let i = 0; i < count; i++) {
        const one = results[start + i];
        if (one !== undefined) call.results[from + i] = one;
      }
      start += count;
      this.#makeRoom(call.lane, count);
      call.answered += count;
      if (call.answered === call.facts.length) call.resolve(call.results);
    }
  }

  /** Gives a commit up, and with it what is left of its calls. */
  lose(commit: Commit, reason: Error): void {
    if ('all' in commit) {
      this.answered(commit.all);
      return commit.all.reject(reason);
    }
    for (const { call, count } of commit.slices) {
      this.#makeRoom(call.lane, count);
      this.#drop(call);
      call.reject(reason);
    }
  }

  #makeRoom(name: string, facts: number): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined) return;
    lane.unanswered -= facts;
    if (lane.unanswered === 0) this.#lanes.delete(name);
  }

  /** Takes what is left of a failed call out of its lane. */
  #drop(call: EachCall): void {
    const lane = this.#lanes.get(call.lane);
    const at = lane?.calls.indexOf(call) ?? -1;
    if (lane === undefined || at === -1) return;
    lane.calls.splice(at, 1);
    if (lane.calls.length === 0) this.#turns = this.#turns.filter((other) => other !== lane);
    const left = call.facts.length - call.taken;
    lane.bytes -= bytesOf(call.facts.slice(call.taken));
    this.#queued -= left;
    this.#makeRoom(call.lane, left);
  }

  #turn(lane: Lane, room: { facts: number; bytes: number }, slices: Slice[]): { facts: number; bytes: number } {
    let facts = Math.min(room.facts, TURN_FACTS);
    let { bytes } = room;
    const start = facts;
    while (facts > 0) {
      const call = lane.calls[0];
      if (call === undefined || !('taken' in call)) break;
      const from = call.taken;
      while (facts > 0 && call.taken < call.facts.length) {
        const size = call.facts[call.taken]?.fact.stored.length ?? 0;
        if (size > bytes) break;
        bytes -= size;
        lane.bytes -= size;
        facts--;
        call.taken++;
      }
      const count = call.taken - from;
      if (count > 0) slices.push({ call, from, count });
      if (call.taken < call.facts.length) break;
      lane.calls.shift();
    }
    this.#queued -= start - facts;
    return { facts: room.facts - (start - facts), bytes };
  }
}

const bytesOf = (facts: readonly Placed[]): number => facts.reduce((sum, { fact }) => sum + fact.stored.length, 0);

const headOf = (lane: Lane | undefined): 'each' | 'all' | undefined => {
  const call = lane?.calls[0];
  if (call === undefined) return undefined;
  return 'taken' in call ? 'each' : 'all';
};
