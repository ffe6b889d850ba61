import { status, type sendUnaryData, type ServerDuplexStream, type ServerReadableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import protobufAny from 'google-protobuf/google/protobuf/any_pb.js';
import protobufEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import { decideAppend, type Decision, type Expected } from './append-rules.ts';
import type { Commits } from './commits.ts';
import { undelete } from './delete.ts';
import { empty, identifier, nameOf, refusal, streamDeleted } from './replies.ts';
import { NO_STREAM, type ProposedEvent, type StreamLog, type Write } from './stream-log.ts';

/** Data of all events of one request together. */
const MAX_APPEND_BYTES = 1_048_576;

type Options = streams.AppendReq.Options | streams.BatchAppendReq.Options;
type Proposed = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;
type Outcome =
  | { readonly outcome: 'appended'; readonly revision: number; readonly position: number }
  | Exclude<Decision, { readonly outcome: 'write' | 'repeat' }>;

/** What arrives of one append until it is complete. */
class Request {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: ProposedEvent[] = [];
  #bytes = 0;

  constructor(options: Options) {
    this.stream = nameOf(options.getStreamIdentifier());
    this.expected = expectedOf(options);
  }

  /** False once it is too large. */
  add(message: Proposed): boolean {
    const metadata = message.getMetadataMap();
    const data = message.getData_asU8();
    this.#bytes += data.length;
    this.events.push({
      id: message.getId()?.getString() ?? '',
      type: metadata.get('type') ?? '',
      contentType: metadata.get('content-type') ?? '',
      data,
      metadata: message.getCustomMetadata_asU8(),
    });
    return this.#bytes <= MAX_APPEND_BYTES;
  }

  /** Decides, and writes. */
  commit(log: StreamLog, write: (write: Write) => number): Outcome {
    const ids = this.events.map(({ id }) => id);
    const decision = decideAppend(log, this.stream, this.expected, ids);
    if (decision.outcome === 'repeat') return { ...decision, outcome: 'appended' };
    if (decision.outcome !== 'write') return decision;
    const created = Date.now();
    if (log.isSoftDeleted(this.stream)) write(undelete(log, this.stream, created));
    const position = write({ stream: this.stream, events: this.events, created });
    return { outcome: 'appended', revision: Math.max(0, log.lastRevision(this.stream)), position };
  }
}

function expectedOf(options: Options): Expected {
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream-exists';
  if (options.hasNoStream()) return 'no-stream';
  return Number(options instanceof streams.AppendReq.Options ? options.getRevision() : options.getStreamPosition());
}

/** `Append`: one request a call. A wrong revision is an answer, whatever else is refused a status. */
export const append =
  (commits: Commits) =>
  (call: ServerReadableStream<streams.AppendReq, streams.AppendResp>, answer: sendUnaryData<streams.AppendResp>) => {
    let request: Request | undefined;
    let refused = false;
    call.on('data', (part: streams.AppendReq) => {
      const [options, message] = [part.getOptions(), part.getProposedMessage()];
      if (options !== undefined) request = new Request(options);
      if (refused || message === undefined || request === undefined || request.add(message)) return;
      refused = true;
      answer(tooLarge());
    });
    call.on('end', () => {
      const whole = request;
      if (whole === undefined || refused) return;
      // a call that is cut off ends its stream as well: what came is then not all of it, and nothing is kept
      void commits
        .run((write) => (call.cancelled ? undefined : whole.commit(commits.log, write)))
        .then((outcome) => {
          if (outcome === undefined) return;
          if (outcome.outcome === 'appended') answer(null, appended(outcome));
          else if (outcome.outcome === 'deleted') answer(streamDeleted(whole.stream));
          else answer(null, wrongRevision(whole.expected, outcome.actual));
        });
    });
  };

const tooLarge = () =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });

function appended({ revision, position }: { revision: number; position: number }): streams.AppendResp {
  const at = new streams.AppendResp.Position();
  at.setCommitPosition(String(position));
  at.setPreparePosition(String(position));
  const success = new streams.AppendResp.Success();
  success.setCurrentRevision(String(revision));
  success.setPosition(at);
  const reply = new streams.AppendResp();
  reply.setSuccess(success);
  return reply;
}

function wrongRevision(expected: Expected, actual: number): streams.AppendResp {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (actual === NO_STREAM) wrong.setCurrentNoStream(empty());
  else wrong.setCurrentRevision(String(actual));
  if (expected === 'any') wrong.setExpectedAny(empty());
  else if (expected === 'no-stream') wrong.setExpectedNoStream(empty());
  else if (expected === 'stream-exists') wrong.setExpectedStreamExists(empty());
  else wrong.setExpectedRevision(String(expected));
  const reply = new streams.AppendResp();
  reply.setWrongExpectedVersion(wrong);
  return reply;
}

/** `BatchAppend`: many requests a call, each in one or several parts under its own correlation id. Every outcome is an answer. */
export const batchAppend =
  (commits: Commits) => (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
    const arriving = new Map<string, Request | 'refused'>();
    let unanswered = 0;
    let ended = false;
    const endWhenAnswered = (): void => {
      if (ended && unanswered === 0) call.end();
    };
    call.on('data', (part: streams.BatchAppendReq) => {
      const id = part.getCorrelationId()?.getString() ?? '';
      const options = part.getOptions();
      if (options !== undefined) arriving.set(id, new Request(options));
      const request = arriving.get(id);
      if (request === undefined) return;
      if (part.getIsFinal()) arriving.delete(id);
      if (request === 'refused') return;
      const reply = new streams.BatchAppendResp();
      reply.setCorrelationId(part.getCorrelationId());
      reply.setStreamIdentifier(identifier(request.stream));
      if (!part.getProposedMessagesList().every((message) => request.add(message))) {
        if (arriving.has(id)) arriving.set(id, 'refused');
        reply.setError(batchTooLarge());
        call.write(reply);
      } else if (part.getIsFinal()) {
        unanswered++;
        void commits
          .run((write) => request.commit(commits.log, write))
          .then((outcome) => {
            settle(reply, request, outcome);
            call.write(reply);
            unanswered--;
            endWhenAnswered();
          });
      }
    });
    call.on('end', () => {
      ended = true;
      endWhenAnswered();
    });
  };

function settle(reply: streams.BatchAppendResp, { stream, expected }: Request, outcome: Outcome): void {
  if (outcome.outcome !== 'appended') {
    reply.setError(outcome.outcome === 'deleted' ? batchDeleted(stream) : batchWrongRevision(expected, outcome.actual));
    return;
  }
  const position = new shared.AllStreamPosition();
  position.setCommitPosition(String(outcome.position));
  position.setPreparePosition(String(outcome.position));
  const success = new streams.BatchAppendResp.Success();
  success.setCurrentRevision(String(outcome.revision));
  success.setPosition(position);
  reply.setSuccess(success);
}

function batchError(code: status, name: string, details: { serializeBinary(): Uint8Array }): statuses.Status {
  const packed = new protobufAny.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  const error = new statuses.Status();
  // the codes of google.rpc are the numbers of gRPC
  error.setCode(Number(code));
  error.setMessage(name);
  error.setDetails(packed);
  return error;
}

function batchTooLarge(): statuses.Status {
  const details = new shared.MaximumAppendSizeExceeded();
  details.setMaxappendsize(MAX_APPEND_BYTES);
  return batchError(status.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details);
}

function batchDeleted(stream: string): statuses.Status {
  const details = new shared.StreamDeleted();
  details.setStreamIdentifier(identifier(stream));
  return batchError(status.FAILED_PRECONDITION, 'StreamDeleted', details);
}

function batchWrongRevision(expected: Expected, actual: number): statuses.Status {
  const none = () => new protobufEmpty.Empty();
  const details = new shared.WrongExpectedVersion();
  if (actual === NO_STREAM) details.setCurrentNoStream(none());
  else details.setCurrentStreamRevision(String(actual));
  if (expected === 'any') details.setExpectedAny(none());
  else if (expected === 'no-stream') details.setExpectedNoStream(none());
  else if (expected === 'stream-exists') details.setExpectedStreamExists(none());
  else details.setExpectedStreamPosition(String(expected));
  return batchError(status.ALREADY_EXISTS, 'WrongExpectedVersion', details);
}
