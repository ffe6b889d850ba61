import { setTimeout as pause } from 'node:timers/promises';
import { Problem, positionNumber, type Position } from '#kernel';
import { openHub, type Hub } from '#transport';
import type { ChildHub } from '../hub/child-hub.ts';
import { eventLines } from '../hub/events.ts';
import { POLICE } from '../hub/people.ts';
import type { Life } from './asking.ts';
import { Lane } from './lane.ts';

const BATCH_CLIENTS = 2;
const EVENTS_A_BATCH = 10;
const SINGLE_CLIENTS = 4;
const LONGEST_BURST = 64;
const LONGEST_REST_MS = 20;

/** Publishers of one agency, through many lives of one hub: a stream of lines, batches, and one event a call. */
export class Publishers {
  readonly stream: Lane;
  readonly batches: readonly Lane[];
  readonly singles: readonly Lane[];
  /** Batches whose events do not lie at positions that follow each other: no longer one commit. */
  torn = 0;
  /** Calls that a living hub refused for the moment (429, 503) or cut: made again in its next life. */
  putOff = 0;
  readonly #hub: Hub;

  constructor(hub: ChildHub, seed: string) {
    const lane = (name: string): Lane => new Lane(eventLines('incident', `${seed} ${name}`));
    this.stream = lane('stream');
    this.batches = Array.from({ length: BATCH_CLIENTS }, (_, i) => lane(`batches ${i}`));
    this.singles = Array.from({ length: SINGLE_CLIENTS }, (_, i) => lane(`singles ${i}`));
    // a call that breaks is made again in the hub's next life, and not by this client
    const retry = { attempts: 1, first: 1, longest: 1 };
    this.#hub = openHub({ url: hub.url, ...hub.credentials(POLICE, 'publisher'), retry });
  }

  get lanes(): readonly Lane[] {
    return [this.stream, ...this.batches, ...this.singles];
  }

  /** Fetches a token when one is due, so that a kill never falls on that. */
  async signIn(): Promise<void> {
    await this.#hub.token();
  }

  /** Publishes on until the hub is gone. @throws Error when an event is refused, or the hub is gone before that. */
  async publish(life: Life): Promise<void> {
    for (const lane of this.lanes) lane.begin();
    const untilGone = (publishing: Promise<void>): Promise<void> =>
      publishing.catch((error: unknown) => {
        const code = error instanceof Problem ? error.code : undefined;
        if (life.signal.aborted && (code === 'push-incomplete' || code === 'hub-unreachable')) return;
        if (code !== 'push-incomplete' && code !== 'hub-busy') throw error;
        this.putOff++;
      });
    await Promise.all([
      untilGone(this.#push(life)),
      ...this.batches.map((lane) => untilGone(this.#postBatches(lane, life))),
      ...this.singles.map((lane) => untilGone(this.#postSingles(lane, life))),
    ]);
  }

  /** Lines come in bursts, so that some kills fall between commits and the log stays small. */
  async #push({ signal, random }: Life): Promise<void> {
    const lane = this.stream;
    async function* source(): AsyncGenerator<Uint8Array> {
      while (!signal.aborted) {
        for (let left = 1 + Math.floor(random() * LONGEST_BURST); left > 0; left--) yield lane.take();
        await pause(random() * LONGEST_REST_MS);
      }
    }
    for await (const { status, position } of this.#hub.pushNdjson(source())) lane.acknowledged(status, position);
  }

  async #postBatches(lane: Lane, { signal }: Life): Promise<void> {
    while (!signal.aborted) {
      const { status, body, text } = await this.#hub.postBatch(
        Array.from({ length: EVENTS_A_BATCH }, () => lane.take()),
      );
      if (status === 429 || status === 503) throw new Problem('hub-busy');
      if (status !== 200 && status !== 201) throw new Error(`a batch was answered ${status}: ${text}`);
      const receipts = body as unknown as readonly { readonly position: Position }[];
      const first = receipts[0]?.position;
      if (first === undefined || receipts.length !== EVENTS_A_BATCH) throw new Error(`receipts of a batch: ${text}`);
      const follows = ({ position }: { position: Position }, i: number): boolean =>
        positionNumber(position) === positionNumber(first) + i;
      if (!receipts.every(follows)) this.torn++;
      for (const { position } of receipts) lane.acknowledged(status === 200 ? 'repeated' : 'accepted', position);
    }
  }

  async #postSingles(lane: Lane, { signal }: Life): Promise<void> {
    while (!signal.aborted) {
      const result = await this.#hub.postEvent(lane.take());
      lane.acknowledged(result.status, result.position);
    }
  }

  /** What was sent and never acknowledged is sent again to a hub that lives on. */
  async settle(): Promise<void> {
    for (const lane of this.lanes)
      for (const { status, position } of await this.#again(lane, lane.positions.length))
        lane.acknowledged(status, position);
  }

  /** Pushes every line once more; how many were not told as repeated at the position that is known. */
  async misplacedOnRepeat(): Promise<number> {
    let misplaced = 0;
    for (const lane of this.lanes)
      for (const [n, { status, position }] of (await this.#again(lane, 0)).entries())
        if (status !== 'repeated' || position !== lane.positions[n]) misplaced++;
    return misplaced;
  }

  async #again(lane: Lane, from: number): Promise<readonly { status: string; position: string | undefined }[]> {
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let n = from; n < lane.highest; n++) yield Buffer.from(lane.lines(n), 'latin1');
    }
    const answered: { status: string; position: string | undefined }[] = [];
    if (from === lane.highest) return answered;
    for await (const { status, position } of this.#hub.pushNdjson(source())) answered.push({ status, position });
    return answered;
  }
}
