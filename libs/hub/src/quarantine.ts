import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { readEvent, type Principal } from '#contracts';
import type { Placed } from '#event-store';
import { Problem, streamName, type AgencyId } from '#kernel';
import { openFor } from '#privacy';
import { admit } from '#sharing';
import { placedFact, taken, type Taken } from './event-fact.ts';
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
    const reading = readEvent(bytes, { agency, codes: await this.#feed.codes() });
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
    const verdict = admit(policy, agency, reading.event.type, this.#ports.clock.now());
    if (verdict.kind === 'refuse') return { status: 'rejected', id: reading.event.id, code: verdict.rule };
    const [kept] = await this.#ports.writer.appendEach([placedFact(this.#ports.keys, agency, reading.event)], agency);
    if (kept === undefined) throw new Error('one fact, one result');
    const result = taken(reading.event, kept);
    if (result.status !== 'rejected') await endHeld(this.#ports, agency, quarantineId, 'released');
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
    if ((await this.#ports.held.get(publisher.agency, quarantineId)) === undefined) throw new Problem('not-found');
    await endHeld(this.#ports, publisher.agency, quarantineId, 'discarded');
  }
}

/** Deletes what has waited 30 days, and says so in the log. */
export async function expireHeld(ports: HubPorts): Promise<number> {
  const expired = await ports.held.expire(ports.clock.now());
  if (expired.length > 0)
    await ports.writer.append(expired.map(({ id, publisher }) => ended(ports, publisher as AgencyId, id, 'expired')));
  return expired.length;
}

async function endHeld(ports: HubPorts, publisher: AgencyId, id: string, how: 'released' | 'discarded'): Promise<void> {
  await ports.writer.append([ended(ports, publisher, id, how)]);
  await ports.held.remove(publisher, id);
}

const ended = (
  ports: HubPorts,
  publisher: AgencyId,
  quarantine: string,
  how: 'released' | 'discarded' | 'expired',
): Placed => ({
  stream: streamName(`quarantine:${publisher}`),
  fact: ownFact(ports.keys, 'uk.svd.hub.quarantine-ended.v1', { quarantine, publisher, how }, publisher),
});
