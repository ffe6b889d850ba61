import type { Hub } from '#transport';
import { childHub, type ChildHub } from '../hub/child-hub.ts';
import { eventLines } from '../hub/events.ts';
import { freezeMonth, governHub, PURPOSE } from '../hub/govern.ts';
import { ANALYSTS, HOST, POLICE } from '../hub/people.ts';
import { faultyHost, type FaultyHost } from './faulty-host.ts';
import { nothingPromised, type Promised } from './promises.ts';

/** The monotonic clock that a trace is timed by, nanoseconds. */
export const monotonic = (): number => Number(process.hrtime.bigint());

/** The built hub on a faulty host, governed, with a release to ask for, and what it promised so far. */
export interface RecordedHub {
  readonly hub: ChildHub;
  readonly host: FaultyHost;
  readonly promised: Promised;
  readonly release: string;
  remove(): Promise<void>;
}

const FIRST_EVENTS = 60;
const MONTH = '2024-01';

/** Everything from its first file on is recorded. The hub runs when this resolves. */
export async function recordedHub(seed: string): Promise<RecordedHub> {
  const host = await faultyHost();
  let hub: ChildHub | undefined;
  const remove = async (): Promise<void> => {
    await hub?.remove();
    await host.remove();
  };
  try {
    hub = await childHub({ environment: (directory) => host.environment(directory) });
    await hub.start();
    await governHub(hub);
    const promised = nothingPromised();
    await pushStream(hub.as(POLICE, 'publisher'), linesOf(`${seed} first`, FIRST_EVENTS), promised);
    const release = await freezeMonth(hub, MONTH);
    return { hub, host, promised, release, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Distinct events; the same seed gives the same. */
export const linesOf = (seed: string, count: number): readonly string[] => {
  const line = eventLines('incident', seed);
  return Array.from({ length: count }, (_, n) => line(n));
};

export async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield Buffer.from(line, 'latin1');
}

export async function pushStream(hub: Hub, lines: readonly string[], promised: Promised): Promise<void> {
  for await (const { line, status, position } of hub.pushNdjson(bytesOf(lines))) {
    const sent = lines[line - 1];
    if (sent === undefined || position === undefined) throw new Error(`line ${line} was ${status}`);
    promised.acknowledged.push({ at: monotonic(), sent, position });
  }
}

const EVENT = { 'content-type': 'application/cloudevents+json' };

/** One event by itself. @throws Error unless it was acknowledged, with the digest of what was sent. */
export async function pushOne(hub: Hub, sent: string, promised: Promised): Promise<void> {
  const { status, position } = await hub.postEvent(Buffer.from(sent, 'latin1'));
  const at = monotonic();
  if (position === undefined) throw new Error(`an event was ${status}`);
  promised.acknowledged.push({ at, sent, position });
}

/** All or nothing. */
export async function pushBatch(hub: Hub, lines: readonly string[], promised: Promised): Promise<void> {
  const { status, text } = await hub.postBatch(lines.map((line) => Buffer.from(line, 'latin1')));
  const at = monotonic();
  if (status !== 200 && status !== 201) throw new Error(`a batch was answered ${status}: ${text}`);
  const receipts = JSON.parse(text) as readonly { readonly position: string }[];
  receipts.forEach(({ position }, n) => promised.acknowledged.push({ at, sent: lines[n] ?? '', position }));
}

/** An event with a code that nobody knows: it is held. */
export async function pushHeld(hub: Hub, line: string, promised: Promised): Promise<void> {
  const event = JSON.parse(line) as { readonly data: Readonly<Record<string, unknown>> };
  const unknown = { ...event, data: { ...event.data, category: 'not-a-category' } };
  const { status, text } = await hub.post('/v1/events', unknown, EVENT);
  const at = monotonic();
  if (status !== 202) throw new Error(`an event with an unknown code was answered ${status}: ${text}`);
  const { quarantineId } = JSON.parse(text) as { readonly quarantineId: string };
  promised.held.push({ at, quarantineId });
}

export const questionPath = (release: string): string =>
  `/v1/releases/${release}/table?rows=place.district&columns=category&purpose=${PURPOSE}`;

export async function ask({ hub, release, promised }: RecordedHub): Promise<void> {
  const { status, text } = await hub.as(ANALYSTS, 'analyst').get(questionPath(release));
  const at = monotonic();
  if (status !== 200) throw new Error(`a question was answered ${status}: ${text}`);
  const { disclosureId } = (JSON.parse(text) as { readonly sharing: { readonly disclosureId: string } }).sharing;
  promised.answered.push({ at, disclosureId });
}

export async function takeCheckpoints({ hub, promised }: RecordedHub): Promise<void> {
  for (const log of ['facts', 'access']) {
    const { status, text } = await hub.as(HOST, 'auditor').get(`/v1/audit/log/${log}/checkpoint`);
    const at = monotonic();
    if (status === 200) promised.checkpoints.push({ at, note: text });
    else if (status !== 404) throw new Error(`a checkpoint was answered ${status}: ${text}`);
  }
}

export interface Load {
  /** Events of one NDJSON stream, of single posts and in batches of ten, each about so many. */
  readonly events: number;
  readonly questions: number;
}
const POSTING = 4;
const A_BATCH = 10;

/** Pushes in every way and asks, all at once. */
export async function work(recorded: RecordedHub, seed: string, { events, questions }: Load): Promise<void> {
  const { hub, promised } = recorded;
  const publisher = hub.as(POLICE, 'publisher');
  const singles = linesOf(`${seed} single`, events);
  const posting = async (from: number): Promise<void> => {
    for (let n = from; n < events; n += POSTING) {
      const line = singles[n] ?? '';
      await (n % 40 === 0 ? pushHeld(publisher, line, promised) : pushOne(publisher, line, promised));
    }
  };
  const batches = async (): Promise<void> => {
    const lines = linesOf(`${seed} batch`, events);
    for (let n = 0; n < events; n += A_BATCH) await pushBatch(publisher, lines.slice(n, n + A_BATCH), promised);
  };
  const asking = async (): Promise<void> => {
    for (let n = 0; n < questions; n++) {
      await ask(recorded);
      if (n % 5 === 0) await takeCheckpoints(recorded);
    }
  };
  await Promise.all([
    pushStream(publisher, linesOf(`${seed} stream`, events), promised),
    ...Array.from({ length: POSTING }, (_, n) => posting(n)),
    batches(),
    asking(),
  ]);
}
