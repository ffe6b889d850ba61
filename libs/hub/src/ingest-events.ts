import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { readEvent, readEventValue, type EventReading, type Principal, type PublishedEvent } from '#contracts';
import type { Clash, Kept } from '#event-store';
import { Problem, sha256, type AgencyId, type EventType, type Instant, type Json } from '#kernel';
import { admit, type CompiledPolicy } from '#sharing';
import { placedFacts, receiptOf, taken, type Receipt, type Taken } from './event-fact.ts';
import { holdEvents } from './hold-events.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** Events that stand each on its own: one body, or one chunk of an NDJSON stream. Results in order. */
export class IngestEvents extends Command<readonly Taken[]> {
  readonly publisher: Principal;
  readonly events: readonly Uint8Array[];
  constructor(publisher: Principal, events: readonly Uint8Array[]) {
    super();
    this.publisher = publisher;
    this.events = events;
  }
}

@CommandHandler(IngestEvents)
export class IngestEventsHandler implements ICommandHandler<IngestEvents> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ publisher, events }: IngestEvents): Promise<readonly Taken[]> {
    const policy = await this.#feed.confirmed();
    const now = this.#ports.clock.now();
    const context = { agency: publisher.agency, codes: await this.#feed.codes(), now };
    const door = doorOf(policy, publisher.agency, now);
    const readings = await settled(
      this.#ports,
      events.map((bytes) => door(readEvent(bytes, context))),
    );
    const fit = readings.flatMap((reading) => (reading.outcome === 'event' ? [reading.event] : []));
    const placed = placedFacts(this.#ports.keys, publisher.agency, fit);
    const held = readings.filter((reading) => reading.outcome === 'hold');
    // appended before held: a full quarantine then leaves nothing half done that a repeat would not mend
    const kept = placed.length === 0 ? [] : await this.#ports.writer.appendEach(placed, publisher.agency);
    nudge(this.#ports, kept);
    const quarantined = held.length === 0 ? [] : await holdEvents(this.#ports, publisher.agency, held);
    let nextKept = 0;
    let nextHeld = 0;
    return readings.map((reading): Taken => {
      switch (reading.outcome) {
        case 'event':
          return taken(reading.event, kept[nextKept++] as Kept | Clash);
        case 'hold': {
          const quarantineId = quarantined[nextHeld++];
          const { field, reason, event } = reading;
          if (quarantineId === undefined) return { status: 'rejected', id: event.id, code: 'quarantine-full', field };
          return { status: 'quarantined', id: event.id, quarantineId, field, reason };
        }
        case 'known':
          return taken(reading.event, reading.kept);
        case 'refuse':
          return { status: 'rejected', id: reading.event.id, code: reading.code };
        case 'reject':
          return {
            status: 'rejected',
            code: reading.code,
            ...(reading.id === undefined ? {} : { id: reading.id }),
            ...(reading.field === undefined ? {} : { field: reading.field }),
          };
      }
    });
  }
}

/** A batch request: all or nothing, in order, never split. */
export class IngestBatch extends Command<{ readonly repeated: boolean; readonly receipts: readonly Receipt[] }> {
  readonly publisher: Principal;
  readonly events: readonly Json[];
  constructor(publisher: Principal, events: readonly Json[]) {
    super();
    this.publisher = publisher;
    this.events = events;
  }
}

@CommandHandler(IngestBatch)
export class IngestBatchHandler implements ICommandHandler<IngestBatch> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem with the index of the first event that can't be taken; nothing is then stored. */
  async execute({ publisher, events }: IngestBatch): Promise<{ repeated: boolean; receipts: readonly Receipt[] }> {
    const policy = await this.#feed.confirmed();
    const now = this.#ports.clock.now();
    const context = { agency: publisher.agency, codes: await this.#feed.codes(), now };
    const door = doorOf(policy, publisher.agency, now);
    const readings = await settled(
      this.#ports,
      events.map((value) => door(readEventValue(value, context))),
    );
    const read = readings.map((reading, index): PublishedEvent => {
      if (reading.outcome === 'event' || reading.outcome === 'known') return reading.event;
      const where = { index, ...('field' in reading && reading.field !== undefined ? { field: reading.field } : {}) };
      throw new Problem(reading.outcome === 'hold' ? 'would-quarantine' : reading.code, where);
    });
    const placed = placedFacts(this.#ports.keys, publisher.agency, read);
    const appended = await this.#ports.writer.append(placed, undefined, publisher.agency);
    if (appended.outcome === 'refused') throw new Problem(appended.reason, { index: appended.index });
    if (appended.outcome === 'conflict') throw new Error('a batch expects nothing of a stream');
    nudge(this.#ports, appended.results);
    const receipts = read.map((event, index) => receiptOf(event, appended.results[index] as Kept));
    return { repeated: appended.results.every((kept) => kept.status === 'repeated'), receipts };
  }
}

/** Tells the models that the log has grown, so that what was acknowledged is soon visible. */
function nudge({ models }: HubPorts, kept: readonly (Kept | Clash)[]): void {
  const last = kept.findLast(({ status }) => status === 'accepted');
  if (last !== undefined) models.nudge(last.position);
}

/** True when some agreement in force lets this agency publish something: asked before a stream is opened. */
export function publishesAnything(
  policy: CompiledPolicy,
  agency: AgencyId,
  types: Iterable<EventType>,
  at: Instant,
): boolean {
  for (const type of types) if (admit(policy, agency, type, at).kind === 'admit') return true;
  return false;
}

/** A reading, or the refusal at the door of what was well formed. */
type Admitted = EventReading | { readonly outcome: 'refuse'; readonly event: PublishedEvent; readonly code: string };

/** Deny by default at the door: an event whose type no agreement in force covers is refused, however well formed. */
function doorOf(policy: CompiledPolicy, agency: AgencyId, at: Instant): (reading: EventReading) => Admitted {
  const admitted = new Map<EventType, string | undefined>();
  return (reading) => {
    if (reading.outcome === 'reject') return reading;
    const { event } = reading;
    if (!admitted.has(event.type)) {
      const verdict = admit(policy, agency, event.type, at);
      admitted.set(event.type, verdict.kind === 'admit' ? undefined : verdict.rule);
    }
    const code = admitted.get(event.type);
    return code === undefined ? reading : { outcome: 'refuse', event, code };
  };
}

type Settled = Admitted | { readonly outcome: 'known'; readonly event: PublishedEvent; readonly kept: Kept | Clash };

/**
 * What is stored already is a repeat, whatever has changed since: a code that a newer list lacks, an agreement that has
 * ended (`hub.md` §6, the same event again gives the same receipt). Only what would not be stored is looked up.
 */
async function settled({ log }: HubPorts, readings: readonly Admitted[]): Promise<readonly Settled[]> {
  if (!readings.some(({ outcome }) => outcome === 'hold' || outcome === 'refuse')) return readings;
  return Promise.all(
    readings.map(async (reading): Promise<Settled> => {
      if (reading.outcome !== 'hold' && reading.outcome !== 'refuse') return reading;
      const { event } = reading;
      const fact = await log.find(event.source, event.id);
      if (fact === undefined) return reading;
      const { position, recordedTime } = fact;
      const same = sha256(fact.stored) === event.digest;
      return {
        outcome: 'known',
        event,
        kept: same ? { status: 'repeated', position, recordedTime } : { status: 'id-reused', position },
      };
    }),
  );
}
