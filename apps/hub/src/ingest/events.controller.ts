import { Controller, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { EVENT_TYPES, type Principal } from '#contracts';
import {
  Caller,
  IncomingBody,
  lines,
  Operation,
  owned,
  problemBody,
  strictJson,
  type Incoming,
  type Owned,
} from '#edge';
import { FindReceipt, HubPorts, IngestBatch, IngestEvents, PolicyFeed, publishesAnything, type Taken } from '#hub';
import { EVENT_LIMITS, parsePosition, Problem, type JsonLimits } from '#kernel';
import { POSITION, PUBLISHED, RECEIPT } from './answers.ts';
import { EVENTS_BODY } from './events-body.ts';
import { pushStream, type LineResult, type StreamTotals } from './push-stream.ts';

const BATCH_EVENTS = 1_000;
const BATCH_BYTES = 524_288;
/** The number of items is bounded by the bytes, so that a batch of too many is told as that. */
const BATCH_LIMITS: JsonLimits = {
  ...EVENT_LIMITS,
  bytes: BATCH_BYTES,
  depth: EVENT_LIMITS.depth + 1,
  items: BATCH_BYTES,
};

/** The door for what agencies publish (`docs/how-to/publish.md`). */
@Controller('v1')
export class EventsController {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(commands: CommandBus, queries: QueryBus, ports: HubPorts, feed: PolicyFeed) {
    this.#commands = commands;
    this.#queries = queries;
    this.#ports = ports;
    this.#feed = feed;
  }

  @Post('events')
  @Operation({
    id: 'events.publish',
    kind: 'own',
    roles: ['publisher'],
    summary: 'Publish one event, a batch (all or nothing), or a stream of lines that is answered while it is read',
    purpose: false,
    body: EVENTS_BODY,
    answers: PUBLISHED,
    accepts: ['application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson'],
    responses: {
      200: 'The receipt of a repeat, or for a stream one result a line and a closing line of totals',
      201: 'The receipt, or the receipts of a batch',
      202: 'Held: a code that no adopted list maps',
    },
    problems: [
      'agreement-required',
      'id-reused',
      'would-quarantine',
      'batch-empty',
      'batch-too-large',
      'field-not-allowed',
      'json-malformed',
      'queue-full',
    ],
  })
  async publish(@Caller() publisher: Principal, @IncomingBody() body: Incoming): Promise<Owned> {
    switch (body.mediaType) {
      case 'application/x-ndjson':
        return this.#stream(publisher, body.chunks);
      case 'application/cloudevents-batch+json':
        return this.#batch(publisher, body.bytes);
      case 'application/cloudevents+json':
        return this.#one(publisher, body.bytes);
      case 'application/json':
        throw new Problem('media-type-unsupported');
    }
  }

  async #one(publisher: Principal, bytes: Uint8Array): Promise<Owned> {
    const [taken] = await this.#commands.execute(new IngestEvents(publisher, [bytes]));
    if (taken === undefined) throw new Error('one event, one result');
    switch (taken.status) {
      case 'accepted': {
        const location = `/v1/receipts/${taken.receipt.position}`;
        return owned(publisher.agency, taken.receipt, { status: 201, headers: { location } });
      }
      case 'repeated':
        return owned(publisher.agency, taken.receipt);
      case 'quarantined': {
        const { quarantineId, field, reason } = taken;
        return owned(publisher.agency, { quarantineId, field, reason }, { status: 202 });
      }
      case 'rejected':
        throw new Problem(taken.code, taken.field === undefined ? {} : { field: taken.field });
    }
  }

  async #batch(publisher: Principal, bytes: Buffer): Promise<Owned> {
    const events = strictJson(bytes, BATCH_LIMITS);
    if (!Array.isArray(events)) throw new Problem('json-malformed');
    if (events.length === 0) throw new Problem('batch-empty');
    if (events.length > BATCH_EVENTS) throw new Problem('batch-too-large');
    const { repeated, receipts } = await this.#commands.execute(new IngestBatch(publisher, events));
    return owned(publisher.agency, receipts, { status: repeated ? 200 : 201 });
  }

  async #stream(publisher: Principal, stream: AsyncIterable<Uint8Array>): Promise<Owned> {
    const policy = await this.#feed.confirmed();
    if (!publishesAnything(policy, publisher.agency, EVENT_TYPES, this.#ports.clock.now()))
      throw new Problem('agreement-required');
    const take = (events: readonly Uint8Array[]): Promise<readonly Taken[]> =>
      this.#commands.execute(new IngestEvents(publisher, events));
    return owned(publisher.agency, lines(written(pushStream(stream, take))));
  }

  @Get('receipts/:position')
  @Operation({
    id: 'receipts.read',
    kind: 'own',
    roles: ['publisher'],
    summary: 'A receipt of your own, with proof once a checkpoint covers it',
    purpose: false,
    parameters: [POSITION],
    answers: { 200: RECEIPT },
    problems: ['not-found'],
  })
  async receipt(@Caller() publisher: Principal, @Param('position') text: string): Promise<Owned> {
    const position = parsePosition(text);
    if (position === undefined) throw new Problem('not-found');
    return owned(publisher.agency, await this.#queries.execute(new FindReceipt(publisher, position)));
  }
}

async function* written(
  results: AsyncIterable<readonly LineResult[] | StreamTotals>,
): AsyncGenerator<readonly unknown[]> {
  for await (const batch of results) yield 'done' in batch ? [batch] : batch.map(lineOf);
}

function lineOf({ line, taken }: LineResult): unknown {
  switch (taken.status) {
    case 'accepted':
    case 'repeated':
      return { line, id: taken.id, status: taken.status, position: taken.receipt.position };
    case 'quarantined': {
      const { id, status, quarantineId, field, reason } = taken;
      return { line, id, status, quarantineId, field, reason };
    }
    case 'rejected': {
      const { id, status, code, field } = taken;
      const problem = problemBody(new Problem(code, field === undefined ? {} : { field }));
      return { line, ...(id === undefined ? {} : { id }), status, problem };
    }
  }
}
