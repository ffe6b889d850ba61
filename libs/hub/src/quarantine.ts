import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { readEvent, type HubFacts, type Principal } from '#contracts';
import type { HeldRecord } from '#event-store';
import { millis, Problem, streamName, type AgencyId } from '#kernel';
import { openFor } from '#privacy';
import { admit } from '#sharing';
import { placedFacts, taken, type Taken } from './event-fact.ts';
import { ownFact } from './own-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

export interface HeldView {
  readonly quarantineId: string;
  readonly field: string;
  readonly reason: string;
  readonly heldAt: string;
  readonly expiresAt: string;
}

/** The publisher's own held records: field and reason, never the value. */
export class ListQuarantine extends Query<{ readonly records: readonly HeldView[]; readonly next?: string }> {
  readonly publisher: Principal;
  readonly limit: number;
  readonly after: string | undefined;
  constructor(publisher: Principal, limit: number, after: string | undefined) {
    super();
    this.publisher = publisher;
    this.limit = limit;
    this.after = after;
  }
}

@QueryHandler(ListQuarantine)
export class ListQuarantineHandler implements IQueryHandler<ListQuarantine> {
  readonly #ports: HubPorts;
  constructor(ports: HubPorts) {
    this.#ports = ports;
  }

  async execute({ publisher, limit, after }: ListQuarantine): Promise<{ records: readonly HeldView[]; next?: string }> {
    const held = await this.#ports.held.list(publisher.agency, limit, after);
    const records = held.map(({ id, field, reason, heldAt, expiresAt }) => ({
      quarantineId: id,
      field,
      reason,
      heldAt,
      expiresAt,
    }));
    const last = records.at(-1);
    return records.length === limit && last !== undefined ? { records, next: last.quarantineId } : { records };
  }
}

/** Runs a held record through the whole pipeline again, with the code lists of now. */
export class ReleaseHeld extends Command<Taken> {
  readonly publisher: Principal;
  readonly quarantineId: string;
  constructor(publisher: Principal, quarantineId: string) {
    super();
    this.publisher = publisher;
    this.quarantineId = quarantineId;
  }
}

@CommandHandler(ReleaseHeld)
export class ReleaseHeldHandler implements ICommandHandler<ReleaseHeld> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `not-found`. The record stays held unless its event is now stored. */
  async execute({ publisher, quarantineId }: ReleaseHeld): Promise<Taken> {
    const { agency } = publisher;
    const record = await this.#ports.held.get(agency, quarantineId);
    if (record === undefined) throw new Problem('not-found');
    const bytes = openFor(this.#ports.keys.quarantine, { publisher: agency, record: quarantineId }, record.sealed);
    const policy = await this.#feed.confirmed();
    const now = this.#ports.clock.now();
    const reading = readEvent(bytes, { agency, codes: await this.#feed.codes(), now });
    if (reading.outcome === 'hold')
      return {
        status: 'quarantined',
        id: reading.event.id,
        quarantineId,
        field: reading.field,
        reason: reading.reason,
      };
    if (reading.outcome === 'reject')
      return {
        status: 'rejected',
        code: reading.code,
        ...(reading.field === undefined ? {} : { field: reading.field }),
      };
    const verdict = admit(policy, agency, reading.event.type, now);
    if (verdict.kind === 'refuse') return { status: 'rejected', id: reading.event.id, code: verdict.rule };
    const [kept] = await this.#ports.writer.appendEach(placedFacts(this.#ports.keys, agency, [reading.event]), agency);
    if (kept === undefined) throw new Error('one fact, one result');
    const result = taken(reading.event, kept);
    if (result.status !== 'rejected') await endHeld(this.#ports, record, 'released');
    return result;
  }
}

export class DiscardHeld extends Command<void> {
  readonly publisher: Principal;
  readonly quarantineId: string;
  constructor(publisher: Principal, quarantineId: string) {
    super();
    this.publisher = publisher;
    this.quarantineId = quarantineId;
  }
}

@CommandHandler(DiscardHeld)
export class DiscardHeldHandler implements ICommandHandler<DiscardHeld> {
  readonly #ports: HubPorts;
  constructor(ports: HubPorts) {
    this.#ports = ports;
  }

  /** @throws Problem `not-found` */
  async execute({ publisher, quarantineId }: DiscardHeld): Promise<void> {
    const record = await this.#ports.held.get(publisher.agency, quarantineId);
    if (record === undefined) throw new Problem('not-found');
    await endHeld(this.#ports, record, 'discarded');
  }
}

/** Deletes what has waited 30 days, and says so in the log first. How many there were. */
export async function expireHeld(ports: HubPorts): Promise<number> {
  const expired = await ports.held.expired(ports.clock.now(), EXPIRED_AT_ONCE);
  for (const record of expired) await endHeld(ports, record, 'expired');
  return expired.length;
}
const EXPIRED_AT_ONCE = 1_000;

/**
 * The fact before the deletion. A record ends once: tried again after a crash the same fact repeats, and where it was
 * ended in another way before, that fact stands and only the deletion is still to be done.
 */
async function endHeld(ports: HubPorts, record: HeldRecord, how: HubFacts[typeof ENDED]['how']): Promise<void> {
  const publisher = record.publisher as AgencyId;
  const id = `${record.id}.${millis(record.heldAt)}.ended`;
  const fact = ownFact(ports.keys, ENDED, { quarantine: record.id, publisher, how }, publisher, id);
  await ports.writer.append([{ stream: streamName(`quarantine:${publisher}`), fact }]);
  await ports.held.remove(publisher, record.id);
}
const ENDED = 'uk.svd.hub.quarantine-ended.v1';
