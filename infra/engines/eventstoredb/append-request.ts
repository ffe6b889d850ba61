import streams from '@eventstore/db-client/generated/streams_pb.js';
import { decideAppend, type Decision, type Expected } from './append-rules.ts';
import { undelete } from './delete.ts';
import { nameOf } from './replies.ts';
import type { ProposedEvent, StreamLog, Write } from './stream-log.ts';

/** Data of all events of one request together. */
export const MAX_APPEND_BYTES = 1_048_576;

type Options = streams.AppendReq.Options | streams.BatchAppendReq.Options;
type Proposed = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;
export type Outcome =
  | { readonly outcome: 'appended'; readonly revision: number; readonly position: number }
  | Exclude<Decision, { readonly outcome: 'write' | 'repeat' }>;

/** What arrives of one append until it is complete. */
export class AppendRequest {
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
