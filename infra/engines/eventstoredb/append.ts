import { status, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { AppendRequest, MAX_APPEND_BYTES } from './append-request.ts';
import type { Expected } from './append-rules.ts';
import type { Commits } from './commits.ts';
import { empty, refusal, streamDeleted } from './replies.ts';
import { NO_STREAM } from './stream-log.ts';

/** `Append`: one request a call. A wrong revision is an answer, whatever else is refused a status. */
export const append =
  (commits: Commits) =>
  (call: ServerReadableStream<streams.AppendReq, streams.AppendResp>, answer: sendUnaryData<streams.AppendResp>) => {
    let request: AppendRequest | undefined;
    let refused = false;
    call.on('data', (part: streams.AppendReq) => {
      const [options, message] = [part.getOptions(), part.getProposedMessage()];
      if (options !== undefined) request = new AppendRequest(options);
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
