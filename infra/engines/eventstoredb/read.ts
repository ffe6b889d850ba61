import { status, type ServerWritableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { eventReply, handlerThrew, identifier, nameOf, refusal, streamDeleted, type Refusal } from './replies.ts';
import type { LogEvent, StreamLog } from './stream-log.ts';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
export type ReadOptions = streams.ReadReq.Options;

/** Sends in order, no faster than the client takes it, until it is cancelled. */
export async function send(call: ReadCall, replies: Iterable<streams.ReadResp>): Promise<void> {
  for (const reply of replies) {
    if (call.cancelled) return;
    if (!call.write(reply)) await drained(call);
  }
}

function drained(call: ReadCall): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done).off('cancelled', done).off('close', done);
      resolve();
    };
    call.on('drain', done).on('cancelled', done).on('close', done);
  });
}

/** Ends a call in a status; an end without one is a success. */
export const end = (call: ReadCall, refused: Refusal): void => void call.emit('error', refused);

/** A read that is no subscription, of one stream or of `$all`. */
export async function read(call: ReadCall, log: StreamLog, options: ReadOptions): Promise<void> {
  const found = options.hasAll() ? readAll(log, options) : readStream(log, options);
  if (found === 'hangs') return;
  if ('code' in found) return end(call, found);
  await send(call, found);
  call.end();
}

const backwards = (options: ReadOptions): boolean =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;

const noResult = (name: string): Refusal => refusal(status.UNKNOWN, `Unexpected ${name}: Error`);

function readStream(log: StreamLog, options: ReadOptions): Iterable<streams.ReadResp> | Refusal {
  const from = options.getStream();
  const stream = nameOf(from?.getStreamIdentifier());
  const count = Number(options.getCount());
  if (count === 0 || (from?.hasEnd() === true && !backwards(options))) return noResult('ReadStreamResult');
  if (log.isTombstoned(stream)) return streamDeleted(stream);
  const links = options.getResolveLinks() ? log : undefined;
  const events = backwards(options) ? streamBackwards : streamForwards;
  const start = from?.hasEnd() === true ? Infinity : Number(from?.getRevision() ?? 0);
  const found = events(log, stream, start);
  return found === undefined ? [notFound(stream)] : replies(found, count, links);
}

function notFound(stream: string): streams.ReadResp {
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifier(stream));
  const reply = new streams.ReadResp();
  reply.setStreamNotFound(missing);
  return reply;
}

function* replies(events: Iterable<LogEvent>, count: number, links?: StreamLog): Generator<streams.ReadResp> {
  let left = count;
  for (const event of events) {
    yield eventReply(event, links);
    if (--left === 0) return;
  }
}

/** What can be read of a stream now, from a revision on; undefined where there is none. */
export function streamForwards(log: StreamLog, stream: string, from: number): Iterable<LogEvent> | undefined {
  const readable = log.readable(stream, Date.now());
  if (readable === undefined) return undefined;
  const { first, last, since } = readable;
  return (function* () {
    for (let revision = Math.max(from, first); revision <= last; revision++) {
      const event = log.event(stream, revision);
      if (event !== undefined && event.created >= since) yield event;
    }
  })();
}

function streamBackwards(log: StreamLog, stream: string, from: number): Iterable<LogEvent> | undefined {
  const readable = log.readable(stream, Date.now());
  if (readable === undefined) return undefined;
  const { first, last, since } = readable;
  return (function* () {
    for (let revision = Math.min(from, last); revision >= first; revision--) {
      const event = log.event(stream, revision);
      if (event !== undefined && event.created >= since) yield event;
    }
  })();
}

function readAll(log: StreamLog, options: ReadOptions): Iterable<streams.ReadResp> | Refusal | 'hangs' {
  const count = Number(options.getCount());
  if (count === 0) return 'hangs';
  const start = startOf(log, options);
  if (typeof start !== 'number') return start;
  const links = options.getResolveLinks() ? log : undefined;
  return replies(backwards(options) ? allBackwards(log, start) : allForwards(log, start, log.length), count, links);
}

/** Forwards from a position with it, backwards without. */
function startOf(log: StreamLog, options: ReadOptions): number | Refusal {
  const all = options.getAll();
  if (all?.hasStart() === true) return 0;
  const position = all?.getPosition();
  if (position === undefined) return log.length;
  const [commit, prepare] = [Number(position.getCommitPosition()), Number(position.getPreparePosition())];
  if (prepare > commit) return handlerThrew();
  if (commit > log.end && !backwards(options)) return log.length;
  return log.isBoundary(commit) ? log.indexAt(commit) : noResult('ReadAllResult');
}

/** Of `$all`, from one entry up to another, without those that hold no event. */
export function* allForwards(log: StreamLog, from: number, until: number): Generator<LogEvent> {
  for (let index = from; index < until; index++) {
    const event = log.entry(index);
    if (event !== undefined) yield event;
  }
}

function* allBackwards(log: StreamLog, before: number): Generator<LogEvent> {
  for (let index = before - 1; index >= 0; index--) {
    const event = log.entry(index);
    if (event !== undefined) yield event;
  }
}
