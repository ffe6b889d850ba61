import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { DELETED_REVISION, type LogEvent, type StreamLog } from './stream-log.ts';

/** A call that ends in a status, in the server's words and with the trailers by which the client tells what happened. */
export type Refusal = Pick<ServiceError, 'code' | 'details' | 'metadata'>;
export function refusal(code: status, details: string, trailers: Readonly<Record<string, string>> = {}): Refusal {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return { code, details, metadata };
}
export const streamDeleted = (stream: string): Refusal =>
  refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
export const handlerThrew = (): Refusal => refusal(status.UNKNOWN, 'Exception was thrown by handler.');

export const empty = (): shared.Empty => new shared.Empty();
export const identifier = (stream: string): shared.StreamIdentifier => {
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from(stream, 'utf8'));
  return name;
};
export const nameOf = (name: shared.StreamIdentifier | undefined): string =>
  Buffer.from(name?.getStreamName_asU8() ?? []).toString('utf8');

/** Ticks of 100 ns since 1970. */
const TICKS_PER_MS = 10_000n;

function recorded(event: LogEvent): streams.ReadResp.ReadEvent.RecordedEvent {
  const record = new streams.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString(event.id);
  record.setId(id);
  record.setStreamIdentifier(identifier(event.stream));
  record.setStreamRevision(event.revision === Infinity ? DELETED_REVISION : String(event.revision));
  record.setCommitPosition(String(event.position));
  record.setPreparePosition(String(event.position));
  const metadata = record.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('content-type', event.contentType);
  metadata.set('created', String(BigInt(event.created) * TICKS_PER_MS));
  record.setData(event.data);
  record.setCustomMetadata(event.metadata);
  return record;
}

/** What a link (`$>`) points at stands beside it where links are resolved and it can be read. */
export function eventReply(event: LogEvent, links?: StreamLog): streams.ReadResp {
  const found = new streams.ReadResp.ReadEvent();
  if (links !== undefined && event.type === '$>') {
    found.setLink(recorded(event));
    const target = targetOf(event, links);
    if (target !== undefined) found.setEvent(recorded(target));
  } else found.setEvent(recorded(event));
  found.setCommitPosition(String(event.position));
  const reply = new streams.ReadResp();
  reply.setEvent(found);
  return reply;
}

function targetOf(link: LogEvent, log: StreamLog): LogEvent | undefined {
  const [, revision, stream = ''] = /^(\d+)@(.*)$/s.exec(Buffer.from(link.data).toString('utf8')) ?? [];
  const readable = log.readable(stream, Date.now());
  if (readable === undefined || log.isTombstoned(stream) || Number(revision) < readable.first) return undefined;
  return log.event(stream, Number(revision));
}
