import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOGS } from '#audit';
import { verifyDirectory, type Verdict } from '#audit/verify';
import { childHub, type ChildHub } from '../hub/child-hub.ts';
import { freezeMonth, governHub } from '../hub/govern.ts';
import { HOST, POLICE } from '../hub/people.ts';
import { seededRandom } from '../measure/seeded-random.ts';
import { compareAnswers } from './answers-on-record.ts';
import { Askers } from './asking.ts';
import { yes, type FaultReport, type FaultRun } from './fault-report.ts';
import { countLines } from './lines-on-file.ts';
import { equalsRebuild, factsIn, recordsIn } from './on-file.ts';
import type { Lane } from './lane.ts';
import { Publishers } from './publishing.ts';
import { questionKinds, type QuestionKind } from './question-kinds.ts';

const MONTH = '2024-01';
const LONGEST_LIFE_MS = 250;
/** Of so many kills one falls while the hub starts, which after a kill is also its recovery, and one while it closes. */
const ROUND = 8;
const STARTING = 4;
const CLOSING = 5;
const LONGEST_CLOSING_MS = 100;
const ASKING_CLIENTS = 2;
/** So often the auditor takes a checkpoint away just before the kill. */
const TAKEN_SHARE = 0.25;
/** On a slow machine the first kills may all come too early to show anything: then it goes on, to so many times as many. */
const MOST_TIMES = 4;
/** The files are verified as one kill of so many left them. */
const VERIFIED_EVERY = 100;

/**
 * One hub on one directory, killed again and again (SIGKILL) at a random moment of its life, its start or its close, while a
 * stream is pushed, batches and single events are posted and questions are asked; started again on the same files, and
 * everything goes on from what was not acknowledged. Then all that was promised is held against the files.
 */
export async function kills({ kills: wanted, ...run }: FaultRun & { readonly kills: number }): Promise<FaultReport> {
  const hub = await childHub();
  try {
    await hub.start();
    await governHub(hub);
    const kinds = await questionKinds(hub, await freezeMonth(hub, MONTH));
    const loop = new KillLoop(hub, kinds, run);
    await hub.stop();
    const began = performance.now();
    let kill = 0;
    for (; kill < wanted || (loop.notShown.length > 0 && kill < MOST_TIMES * wanted); kill++)
      await loop.kill(kill, wanted);
    const each = Math.round((performance.now() - began) / kill);
    const report = await loop.judge();
    return { ...report, lines: [`kills ${kill}, ${each} ms each`, ...report.lines] };
  } finally {
    await hub.remove();
  }
}

class KillLoop {
  readonly #hub: ChildHub;
  readonly #run: FaultRun;
  /** Draws the moments, and nothing else: clients take from theirs as often as time lets them. */
  readonly #random: () => number;
  readonly #ofClients: () => number;
  readonly #publishers: Publishers;
  readonly #askers: Askers;
  /** Verifier keys as an auditor took them before the first kill. */
  readonly #keys: string;
  readonly #given: string[] = [];
  /** Kills that met lines sent and not acknowledged. */
  readonly #met = { stream: 0, batches: 0, singles: 0 };
  #whileStarting = 0;
  #whileClosing = 0;
  /** Hubs that had closed before their kill. */
  #closed = 0;
  #lastStartMs = 1_000;
  #verifyAt = 0;
  #verified = 0;
  #unsound: string[] = [];

  constructor(hub: ChildHub, kinds: readonly QuestionKind[], run: FaultRun) {
    this.#hub = hub;
    this.#run = run;
    this.#random = seededRandom(run.seed);
    this.#ofClients = seededRandom(run.seed + 1);
    this.#publishers = new Publishers(hub, `kills ${run.seed}`);
    this.#askers = new Askers(hub, kinds);
    this.#keys = readFileSync(join(hub.directory, 'log.vkey'), 'utf8');
  }

  async kill(no: number, of: number): Promise<void> {
    if (no % VERIFIED_EVERY === 0) this.#verifyAt = no + Math.floor(this.#random() * Math.min(VERIFIED_EVERY, of - no));
    if (no % ROUND === STARTING) await this.#whileItStarts();
    else await this.#whileItLives(no % ROUND === CLOSING);
    if (no === this.#verifyAt) {
      this.#verified++;
      this.#verify(`after kill ${no + 1}`);
    }
    const done = no + 1;
    const { lanes } = this.#publishers;
    if (done % 20 === 0 || done === of)
      this.#run.progress(`kills: ${done}, ${sum(lanes, ({ positions }) => positions.length)} lines acknowledged`);
  }

  async #whileItStarts(): Promise<void> {
    let ready = false;
    const starting = this.#hub.start().then(
      () => (ready = true),
      () => undefined,
    );
    await pause(this.#random() * this.#lastStartMs);
    await this.#hub.kill();
    await starting;
    if (!ready) this.#whileStarting++;
  }

  /** While clients are at it, or, when they were, while it closes. */
  async #whileItLives(closing: boolean): Promise<void> {
    const began = performance.now();
    await this.#hub.start();
    this.#lastStartMs = performance.now() - began;
    await Promise.all([this.#publishers.signIn(), this.#askers.signIn()]);
    const life = new AbortController();
    const shared = { signal: life.signal, random: this.#ofClients };
    const [milliseconds, taking] = [this.#random() * LONGEST_LIFE_MS, this.#random() < TAKEN_SHARE];
    await Promise.all([
      this.#publishers.publish(shared),
      this.#askers.ask(ASKING_CLIENTS, shared),
      this.#killAfter(milliseconds, { taking, closing }, life),
    ]);
  }

  async #killAfter(
    milliseconds: number,
    { taking, closing }: { readonly taking: boolean; readonly closing: boolean },
    life: AbortController,
  ): Promise<void> {
    const patience = closing ? this.#random() * LONGEST_CLOSING_MS : undefined;
    await pause(milliseconds);
    if (taking) await this.#takeCheckpoints();
    const { stream, batches, singles } = this.#publishers;
    const inFlight = (lanes: readonly Lane[]): number => (lanes.some((lane) => lane.inFlight) ? 1 : 0);
    this.#met.stream += inFlight([stream]);
    this.#met.batches += inFlight(batches);
    this.#met.singles += inFlight(singles);
    life.abort();
    if (patience === undefined) await this.#hub.kill();
    else if (await this.#hub.stop(patience)) this.#closed++;
    else this.#whileClosing++;
  }

  async #takeCheckpoints(): Promise<void> {
    for (const log of LOGS) {
      const { status, text } = await this.#hub.as(HOST, 'auditor').get(`/v1/audit/log/${log}/checkpoint`);
      if (status !== 200) throw new Error(`the checkpoint of ${log} was answered ${status}: ${text}`);
      this.#given.push(text);
    }
  }

  /** The files as they are now, held against every checkpoint that was ever taken away. */
  #verify(when: string): Verdict {
    const { directory, outside } = this.#hub;
    const verdict = verifyDirectory(directory, { keys: this.#keys, checkpoints: outside, given: this.#given });
    if (!verdict.sound) this.#unsound.push(`not verified ${when}: ${JSON.stringify(verdict.findings.slice(0, 3))}`);
    return verdict;
  }

  /** What no kill has met yet: of it nothing is shown. */
  get notShown(): readonly string[] {
    const met = { ...this.#met, answers: this.#askers.answers.length };
    return Object.entries(met).flatMap(([what, count]) => (count === 0 ? [what] : []));
  }

  async judge(): Promise<FaultReport> {
    const hub = this.#hub;
    const { lanes, stream, batches, singles } = this.#publishers;
    const acknowledged = sum(lanes, ({ positions }) => positions.length);
    const of = (some: readonly Lane[]): number => sum(some, ({ positions }) => positions.length);
    const shares = `stream ${of([stream])}, batches ${of(batches)}, singles ${of(singles)}`;
    const { missing, different } = compareAnswers(this.#askers.answers, await recordsIn(hub.directory));
    await hub.start();
    await this.#publishers.settle();
    const settled = sum(lanes, ({ positions }) => positions.length);
    const misplaced = await this.#publishers.misplacedOnRepeat();
    await hub.stop();
    const onFile = await countLines(factsIn(hub.directory), lanes, SOURCE);
    const { facts, access } = this.#verify('at the end');
    const covered = facts.covered === facts.size && access.covered === access.size;
    const rebuilt = await equalsRebuild(hub.directory);
    const met = this.#met;
    const lost = settled - onFile.present;
    const once = onFile.doubled + onFile.foreign + misplaced + this.#publishers.torn === 0;
    return {
      lines: [
        `while the hub started: ${this.#whileStarting}, while it closed: ${this.#whileClosing}, closed before: ${this.#closed}; met under way: stream ${met.stream}, batches ${met.batches}, singles ${met.singles}`,
        `acknowledged ${acknowledged} (${shares}), lost ${lost}`,
        `stored though the acknowledgement was lost: ${sum(lanes, ({ repeated }) => repeated)}; put off by a living hub: ${this.#publishers.putOff} calls`,
        `doubled ${onFile.doubled}, where nobody was told ${onFile.foreign}, elsewhere when pushed again ${misplaced}, batches torn ${this.#publishers.torn}`,
        `models equal a rebuild: ${yes(rebuilt)}`,
        `answers ${this.#askers.answers.length}, without their access record ${missing.length}, with another ${different.length}`,
        `verified ${this.#verified} times in between and at the end, with ${this.#given.length} checkpoints taken on the way: ${yes(this.#unsound.length === 0)}`,
        `covered by the trees: ${facts.covered} of ${facts.size} facts, ${access.covered} of ${access.size} access records`,
        ...this.#unsound,
        ...this.notShown.map((what) => `nothing shown of ${what}: no kill met any`),
      ],
      sound:
        lost === 0 &&
        once &&
        rebuilt &&
        covered &&
        missing.length + different.length + this.#unsound.length + this.notShown.length === 0,
    };
  }
}

const SOURCE = `urn:svd:agency:${POLICE}:incidents`;
const sum = (lanes: readonly Lane[], of: (lane: Lane) => number): number =>
  lanes.reduce((total, lane) => total + of(lane), 0);
