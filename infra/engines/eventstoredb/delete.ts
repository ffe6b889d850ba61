import { randomUUID } from 'node:crypto';
import { status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Commits } from './commits.ts';
import { nameOf, refusal, streamDeleted, type Refusal } from './replies.ts';
import { DELETED_REVISION, metastreamOf, NO_STREAM, type StreamLog, type Write } from './stream-log.ts';

const ANY = -2;
type Options = streams.DeleteReq.Options | streams.TombstoneReq.Options;

/** `Delete`: the stream can't be read any more, and goes on at its next revision when it is appended to. */
export const softDelete =
  (commits: Commits) =>
  (call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>, answer: sendUnaryData<streams.DeleteResp>): void => {
    const { log } = commits;
    const stream = nameOf(call.request.getOptions()?.getStreamIdentifier());
    void commits
      .run((write) => {
        const refused = refusalOf(log, stream, call.request.getOptions(), log.lastRevision(stream) === NO_STREAM);
        return refused ?? write(metadataWrite(log, stream, DELETED_REVISION, Date.now()));
      })
      .then((outcome) => {
        if (typeof outcome !== 'number') return answer(outcome);
        const position = new streams.DeleteResp.Position();
        position.setCommitPosition(String(outcome));
        position.setPreparePosition(String(outcome));
        const reply = new streams.DeleteResp();
        reply.setPosition(position);
        answer(null, reply);
      });
  };

/** `Tombstone`: the stream is closed for ever. */
export const tombstone =
  (commits: Commits) =>
  (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    answer: sendUnaryData<streams.TombstoneResp>,
  ): void => {
    const stream = nameOf(call.request.getOptions()?.getStreamIdentifier());
    void commits
      .run((write) => {
        const refused = refusalOf(commits.log, stream, call.request.getOptions(), false);
        return refused ?? write({ stream, events: [], tombstone: true, created: Date.now() });
      })
      .then((outcome) => {
        if (typeof outcome !== 'number') return answer(outcome);
        const position = new streams.TombstoneResp.Position();
        position.setCommitPosition(String(outcome));
        position.setPreparePosition(String(outcome));
        const reply = new streams.TombstoneResp();
        reply.setPosition(position);
        answer(null, reply);
      });
  };

function refusalOf(
  log: StreamLog,
  stream: string,
  options: Options | undefined,
  missing: boolean,
): Refusal | undefined {
  if (log.isTombstoned(stream)) return streamDeleted(stream);
  const actual = log.lastRevision(stream);
  const expected = expectedOf(options);
  if (!missing && (expected === ANY || expected === actual)) return undefined;
  const versions = `Expected version: ${expected}, Actual version: ${actual}`;
  return refusal(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, ${versions}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': String(actual),
    },
  );
}

function expectedOf(options: Options | undefined): number {
  if (options?.hasNoStream() === true) return NO_STREAM;
  return options?.hasRevision() === true ? Number(options.getRevision()) : ANY;
}

/** What makes a soft-deleted stream readable again from its next event on. */
export const undelete = (log: StreamLog, stream: string, created: number): Write =>
  metadataWrite(log, stream, String(log.lastRevision(stream) + 1), created);

function metadataWrite(log: StreamLog, stream: string, truncateBefore: string, created: number): Write {
  const kept = Object.entries(log.metadataOf(stream)).filter(([name]) => name !== '$tb');
  const members = kept.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  // as text: the largest revision is no double
  const text = `{${[...members, `"$tb":${truncateBefore}`].join(',')}}`;
  return { stream: metastreamOf(stream), events: [metadataEvent(text)], created };
}

export const metadataEvent = (text: string) => ({
  id: randomUUID(),
  type: '$metadata',
  contentType: 'application/json',
  data: Buffer.from(text),
  metadata: new Uint8Array(0),
});
