import { randomUUID } from 'node:crypto';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Commits } from './commits.ts';
import { end, send, streamForwards, type ReadCall, type ReadOptions } from './read.ts';
import { eventReply, handlerThrew, nameOf, streamDeleted, type Refusal } from './replies.ts';
import type { LogEvent, StreamLog } from './stream-log.ts';

/** What there is to send since the last look, in order; a refusal at its end ends the subscription. */
type Look = (live: boolean) => Generator<streams.ReadResp, Refusal | undefined>;
type Filter = (event: LogEvent) => boolean;

/** Confirms, sends what comes after the place that it is given, says once that it caught up, and goes on until it is cancelled. */
export async function subscribe(call: ReadCall, commits: Commits, options: ReadOptions): Promise<void> {
  const look = options.hasAll() ? ofAll(commits.log, options) : ofStream(commits.log, options);
  if (typeof look !== 'function') return end(call, look);
  let news: boolean;
  let wake = (): void => undefined;
  const woken = (): void => {
    news = true;
    wake();
  };
  const unwatch = commits.watch(woken);
  call.on('cancelled', woken).on('close', woken);
  await send(call, [reply('confirmation')]);
  for (let live = false; !call.cancelled && !call.destroyed;) {
    news = false;
    const refused = await sendLook(call, look(live));
    if (refused !== undefined) {
      end(call, refused);
      break;
    }
    if (!news && !live) {
      live = true;
      await send(call, [reply('caught-up')]);
    }
    if (!news) await new Promise<void>((resolve) => (wake = resolve));
  }
  unwatch();
}

async function sendLook(call: ReadCall, replies: ReturnType<Look>): Promise<Refusal | undefined> {
  for (let next = replies.next(); ; next = replies.next()) {
    if (next.done === true) return next.value;
    await send(call, [next.value]);
    if (call.cancelled) return undefined;
  }
}

function reply(kind: 'confirmation' | 'caught-up'): streams.ReadResp {
  const whole = new streams.ReadResp();
  if (kind === 'caught-up') whole.setCaughtUp(new streams.ReadResp.CaughtUp());
  else {
    const confirmation = new streams.ReadResp.SubscriptionConfirmation();
    confirmation.setSubscriptionId(randomUUID());
    whole.setConfirmation(confirmation);
  }
  return whole;
}

function ofStream(log: StreamLog, options: ReadOptions): Look | Refusal {
  const from = options.getStream();
  const stream = nameOf(from?.getStreamIdentifier());
  if (log.isTombstoned(stream)) return streamDeleted(stream);
  const links = options.getResolveLinks() ? log : undefined;
  let next = 0;
  if (from?.hasEnd() === true) next = log.lastRevision(stream) + 1;
  else if (from?.hasRevision() === true) next = Number(from.getRevision()) + 1;
  return function* () {
    for (const event of streamForwards(log, stream, next) ?? []) {
      next = event.revision + 1;
      yield eventReply(event, links);
    }
    const tombstone = log.tombstoneOf(stream);
    if (tombstone === undefined) return undefined;
    yield eventReply(tombstone);
    return streamDeleted(stream);
  };
}

function ofAll(log: StreamLog, options: ReadOptions): Look | Refusal {
  const from = options.getAll();
  const position = from?.getPosition();
  const filtering = filterOf(options.getFilter());
  if ('code' in filtering) return filtering;
  const { filter, every } = filtering;
  const links = options.getResolveLinks() ? log : undefined;
  let next = 0;
  if (from?.hasEnd() === true) next = log.length;
  else if (position !== undefined) next = log.indexAt(Number(position.getCommitPosition()) + 1);
  let examined = 0;
  let began = next > 0;
  let wasLive = false;
  return function* (live) {
    if (!began && every < Infinity) yield checkpoint(0, 0);
    began = true;
    if (live && !wasLive) examined = 0;
    wasLive = live;
    while (next < log.length) {
      const event = log.entry(next++);
      if (event === undefined) continue;
      const matches = filter(event);
      if (matches) yield eventReply(event, links);
      // while it catches up, a checkpoint at an event that did not match knows no prepare position
      if (++examined % every === 0) yield checkpoint(event.position, live || matches ? event.position : 0);
    }
    return undefined;
  };
}

function checkpoint(commit: number, prepare: number): streams.ReadResp {
  const at = new streams.ReadResp.Checkpoint();
  at.setCommitPosition(String(commit));
  at.setPreparePosition(String(prepare));
  const whole = new streams.ReadResp();
  whole.setCheckpoint(at);
  return whole;
}

/** Events of `$all` that are searched between two checkpoints where the client names no window. */
const DEFAULT_WINDOW = 32;

/** `every`: events of `$all`, matching or not, from one checkpoint to the next; there are none without a filter. */
function filterOf(options: streams.ReadReq.Options.FilterOptions | undefined):
  | {
      readonly filter: Filter;
      readonly every: number;
    }
  | Refusal {
  if (options === undefined) return { filter: () => true, every: Infinity };
  const byName = options.getStreamIdentifier();
  const expression = byName ?? options.getEventType();
  const subject = ({ stream, type }: LogEvent): string => (byName === undefined ? type : stream);
  const every = (options.hasMax() ? options.getMax() : DEFAULT_WINDOW) * options.getCheckpointintervalmultiplier();
  const prefixes = expression?.getPrefixList() ?? [];
  if (prefixes.length > 0) {
    return { filter: (event) => prefixes.some((prefix) => subject(event).startsWith(prefix)), every };
  }
  try {
    const regex = new RegExp(expression?.getRegex() ?? '');
    return { filter: (event) => regex.test(subject(event)), every };
  } catch {
    return handlerThrew();
  }
}
