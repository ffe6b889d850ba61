import type { PushTotals } from '#transport';
import { Problem } from '#kernel';
import { openHub } from '#transport';
import { residentMemory, type ChildHub } from './hub/child-hub.ts';
import { blocksOf, eventLines, type EventLines } from './hub/events.ts';
import { POLICE } from './hub/people.ts';
import { cuttingProxy } from './measure/cutting-proxy.ts';
import { pushBlocks } from './measure/push-blocks.ts';

const GIB = 1024 ** 3;
const SAMPLE_EVERY_MS = 1_000;
const CUT_EVENTS = 20_000;
/** Lines whose mean length stands for all. */
const SAMPLE_LINES = 2_018;

export interface LongStream {
  readonly events: number;
  readonly bytes: number;
  readonly eventsPerSecond: number;
  readonly answeredWhileReading: boolean;
  /** MiB of the hub's process: the most of the samples taken each second, and the most that Linux ever saw. */
  readonly resident: { readonly sampled: number; readonly most: number } | undefined;
  /** What a client said of a connection that was cut, and what the same push came to afterwards. */
  readonly cut: { readonly reported: string; readonly acknowledged: number; readonly again: PushTotals };
  readonly lines: readonly string[];
}
export interface LongStreamOptions {
  readonly gigabytes: number;
  readonly seed: string;
  readonly progress: (text: string) => void;
}

/** One stream of so many GiB of distinct events, the hub's memory watched; then a second one that is cut. */
export async function longStream(hub: ChildHub, options: LongStreamOptions): Promise<LongStream> {
  const { gigabytes, seed, progress } = options;
  const lines = eventLines('full-incident', seed);
  let sampled = 0;
  for (let n = 0; n < SAMPLE_LINES; n++) sampled += lines(n).length + 1;
  const events = Math.ceil((gigabytes * GIB * SAMPLE_LINES) / sampled);
  progress(`${gigabytes} GiB, about ${events} events …`);
  const memory = watchMemory(hub.pid, progress);
  const token = await hub.as(POLICE, 'publisher').token();
  const pushed = await pushBlocks(hub.url, token, blocksOf(lines, 0, events));
  const resident = await memory.stop();
  if (pushed.totals.accepted !== events) throw new Error(`accepted ${pushed.totals.accepted} of ${events}`);
  const cut = await cutAndCompleted(hub, eventLines('incident', `${seed} cut`));
  const eventsPerSecond = events / pushed.seconds;
  const { answeredWhileReading, bytes } = pushed;
  return {
    events,
    bytes,
    eventsPerSecond,
    answeredWhileReading,
    resident,
    cut,
    lines: [
      `long stream: ${(bytes / GIB).toFixed(2)} GiB, ${events} events of ${Math.round(bytes / events)} bytes, ${Math.round(eventsPerSecond)} events/s`,
      `first result before the last input line: ${answeredWhileReading ? 'yes' : 'no'}`,
      resident === undefined
        ? 'resident memory of the hub: not known on this platform'
        : `resident memory of the hub: at most ${Math.round(resident.sampled)} MiB sampled, ${Math.round(resident.most)} MiB ever`,
      `connection cut: ${cut.reported} after ${cut.acknowledged} results; pushed again: ${JSON.stringify(cut.again)}`,
    ],
  };
}

function watchMemory(
  pid: number,
  progress: (text: string) => void,
): { stop(): Promise<{ sampled: number; most: number } | undefined> } {
  let sampled = 0;
  let samples = 0;
  const look = async (): Promise<void> => {
    const memory = await residentMemory(pid);
    sampled = Math.max(sampled, memory?.now ?? 0);
    if (samples++ % 10 === 0 && memory !== undefined) progress(`resident ${Math.round(memory.now)} MiB`);
  };
  const timer = setInterval(() => void look(), SAMPLE_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      const last = await residentMemory(pid);
      return last === undefined ? undefined : { sampled, most: last.most };
    },
  };
}

/** Pushes through a proxy that cuts the connection half-way, then the same again to the hub itself. */
async function cutAndCompleted(hub: ChildHub, lines: EventLines): Promise<LongStream['cut']> {
  const size = lines(0).length + 1;
  const proxy = await cuttingProxy(hub.port, (CUT_EVENTS * size) / 2);
  async function* events(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < CUT_EVENTS; n++) yield Buffer.from(lines(n), 'latin1');
  }
  let acknowledged = 0;
  let reported = 'nothing: the push ended as if nothing had happened';
  try {
    const { clientId, clientSecret } = hub.credentials(POLICE, 'publisher');
    const through = openHub({ url: proxy.url, clientId, clientSecret });
    for await (const { status } of through.pushNdjson(events()))
      if (status === 'accepted' || status === 'repeated') acknowledged++;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    reported = error.code;
  } finally {
    await proxy.close();
  }
  const pushing = hub.as(POLICE, 'publisher').pushNdjson(events());
  for (;;) {
    const next = await pushing.next();
    if (next.done === true) return { reported, acknowledged, again: next.value };
  }
}
