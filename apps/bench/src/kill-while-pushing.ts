import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteReader } from '#event-store/reader';
import { Problem, sha256 } from '#kernel';
import { MODELS, openReadModels, type ModelName } from '#read-models';
import { childHub, type ChildHub } from './hub/child-hub.ts';
import { eventLines, type EventLines } from './hub/events.ts';
import { governHub } from './hub/govern.ts';
import { POLICE } from './hub/people.ts';
import { requestBytes } from './measure/connection.ts';
import { closedLoop } from './measure/load.ts';
import { seededRandom } from './measure/seeded-random.ts';

const LONGEST_PUSH_MS = 250;
const ASKING_CLIENTS = 16;

export interface FaultOptions {
  readonly kills: number;
  /** The same seed kills after the same delays. */
  readonly seed: number;
  readonly progress: (text: string) => void;
}
export interface FaultReport {
  readonly kills: number;
  /** Kills at which lines had been sent and not yet answered. */
  readonly midPush: number;
  /** Lines that the hub had acknowledged, through all kills. */
  readonly acknowledged: number;
  /** Of these, found at the position that was acknowledged, with the id and the bytes that were sent. */
  readonly present: number;
  /** Lines that were on file though their acknowledgement was lost with the process: told as repeated afterwards. */
  readonly unacknowledgedButStored: number;
  /** Everything pushed again was repeated, each line at one position of its own. */
  readonly nothingDoubled: boolean;
  /** The live models that grew through all kills have the digest of a rebuild. */
  readonly modelsEqualRebuild: boolean;
}

/** Everything that was promised, kept. */
export const isSound = (report: FaultReport): boolean =>
  report.midPush > 0 && report.acknowledged === report.present && report.nothingDoubled && report.modelsEqualRebuild;

/**
 * One hub on one directory, killed again and again (SIGKILL) at a random moment of an NDJSON push, started again on the
 * same files, and pushed on from the first line that was not acknowledged; then everything is checked.
 */
export async function killWhilePushing({ kills, seed, progress }: FaultOptions): Promise<FaultReport> {
  const hub = await childHub();
  try {
    await hub.start();
    await governHub(hub);
    await hub.stop();
    const pushing = new PushThroughKills(hub, eventLines('incident', `faults ${seed}`));
    const random = seededRandom(seed);
    for (let kill = 1; kill <= kills; kill++) {
      await hub.start();
      await pushing.until(random() * LONGEST_PUSH_MS);
      if (kill % 10 === 0) progress(`${kill} kills, ${pushing.positions.length} lines acknowledged`);
    }
    const { midPush, lines, highest } = pushing;
    const acknowledged = [...pushing.positions];
    await hub.start();
    const again = await pushAll(hub, lines, highest);
    const once = await pushAll(hub, lines, highest);
    const present = await countPresent(hub, lines, acknowledged);
    await hub.stop();
    const nothingDoubled =
      again.every(({ position }, n) => position === once[n]?.position && once[n]?.status === 'repeated') &&
      acknowledged.every((position, n) => position === again[n]?.position) &&
      new Set(again.map(({ position }) => position)).size === highest;
    const repeated = again.filter(({ status }) => status === 'repeated').length;
    return {
      kills,
      midPush,
      acknowledged: acknowledged.length,
      present,
      unacknowledgedButStored: pushing.storedUnacknowledged + repeated - acknowledged.length,
      nothingDoubled,
      modelsEqualRebuild: await equalsRebuild(hub.directory),
    };
  } finally {
    await hub.remove();
  }
}

/** What a publisher knows through all the kills: the position of each line that was acknowledged, in order. */
class PushThroughKills {
  readonly lines: EventLines;
  readonly positions: string[] = [];
  midPush = 0;
  storedUnacknowledged = 0;
  /** One more than the last line that was ever sent. */
  highest = 0;
  readonly #hub: ChildHub;

  constructor(hub: ChildHub, lines: EventLines) {
    this.#hub = hub;
    this.lines = lines;
  }

  /** Pushes on for so many milliseconds after the first line, then kills the hub. */
  async until(milliseconds: number): Promise<void> {
    const first = this.positions.length;
    let next = first;
    let killing: Promise<void> | undefined;
    const kill = async (): Promise<void> => {
      await pause(milliseconds);
      if (next > this.positions.length) this.midPush++;
      await this.#hub.kill();
    };
    const lines = this.lines;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (;;) {
        killing ??= kill();
        yield Buffer.from(lines(next++), 'latin1');
      }
    }
    try {
      for await (const { line, status, position } of this.#hub.as(POLICE, 'publisher').pushNdjson(source())) {
        if (position === undefined || first + line - 1 !== this.positions.length)
          throw new Error(`line ${line} was ${status}`);
        this.positions.push(position);
        if (status === 'repeated') this.storedUnacknowledged++;
      }
      throw new Error('a push without an end was closed');
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'push-incomplete') throw error;
    }
    await killing;
    this.highest = Math.max(this.highest, next);
  }
}

interface Answered {
  readonly status: string;
  readonly position: string | undefined;
}
/** Pushes the first `count` lines to a hub that lives on. */
async function pushAll(hub: ChildHub, lines: EventLines, count: number): Promise<Answered[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < count; n++) yield Buffer.from(lines(n), 'latin1');
  }
  const answered: Answered[] = [];
  for await (const { status, position } of hub.as(POLICE, 'publisher').pushNdjson(source()))
    answered.push({ status, position });
  return answered;
}

/** Asks for the receipt of every position that was acknowledged. */
async function countPresent(hub: ChildHub, lines: EventLines, positions: readonly string[]): Promise<number> {
  if (positions.length === 0) return 0;
  const headers = { authorization: `Bearer ${await hub.as(POLICE, 'publisher').token()}` };
  let present = 0;
  await closedLoop(
    {
      port: hub.port,
      clients: ASKING_CLIENTS,
      request: (n) => requestBytes('GET', `/v1/receipts/${positions[n] ?? ''}`, headers),
      check: ({ status, body }, n) => {
        if (status !== 200) return;
        const sent = lines(n);
        const { id } = JSON.parse(sent) as { readonly id: string };
        const receipt = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
        const same = receipt['id'] === id && receipt['position'] === positions[n] && receipt['digest'] === sha256(sent);
        if (same) present++;
      },
    },
    positions.length,
  );
  return present;
}

/** Over the files of a hub that was stopped. */
async function equalsRebuild(directory: string): Promise<boolean> {
  const reader = openSqliteReader(directory);
  const head = await reader.head();
  reader.close();
  const models = await openReadModels({ directory });
  try {
    if (head !== 'empty') await models.caughtUp(head);
    const digests = (): Promise<string[]> => Promise.all(MODELS.map((model: ModelName) => models.digest(model)));
    const grown = await digests();
    await models.rebuild();
    const rebuilt = await digests();
    return grown.every((digest, i) => digest === rebuilt[i]);
  } finally {
    await models.close();
  }
}
