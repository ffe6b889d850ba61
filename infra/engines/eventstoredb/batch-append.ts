import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import protobufAny from 'google-protobuf/google/protobuf/any_pb.js';
import protobufEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import { AppendRequest, MAX_APPEND_BYTES, type Outcome } from './append-request.ts';
import type { Expected } from './append-rules.ts';
import type { Commits } from './commits.ts';
import { identifier } from './replies.ts';
import { NO_STREAM } from './stream-log.ts';

/** `BatchAppend`: many requests a call, each in one or several parts under its own correlation id. Every outcome is an answer. */
export const batchAppend =
  (commits: Commits) => (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
    const arriving = new Map<string, AppendRequest | 'refused'>();
    let unanswered = 0;
    let ended = false;
    const endWhenAnswered = (): void => {
      if (ended && unanswered === 0) call.end();
    };
    call.on('data', (part: streams.BatchAppendReq) => {
      const id = part.getCorrelationId()?.getString() ?? '';
      const options = part.getOptions();
      if (options !== undefined) arriving.set(id, new AppendRequest(options));
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

function settle(reply: streams.BatchAppendResp, { stream, expected }: AppendRequest, outcome: Outcome): void {
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
