import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { calendarPeriod, monthsIn } from '#cases';
import { eventDefinition, type Principal } from '#contracts';
import { londonDay, Problem, streamName, type EventType } from '#kernel';
import { admit } from '#sharing';
import { claimedEvents, modelOf } from './claimed-events.ts';
import { unavailable } from './model-unavailable.ts';
import { actorOf, ownFact } from './own-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';
import type { NilReturn } from './return-facts.ts';

export interface NilReturnMade {
  readonly nil: NilReturn;
  readonly repeated: boolean;
}

/** Says for the publisher's own agency that nothing of a feed happened in a period that is over. */
export class MakeNilReturn extends Command<NilReturnMade> {
  readonly by: Principal;
  readonly feed: EventType;
  readonly period: string;
  constructor(by: Principal, feed: EventType, period: string) {
    super();
    this.by = by;
    this.feed = feed;
    this.period = period;
  }
}

@CommandHandler(MakeNilReturn)
export class MakeNilReturnHandler implements ICommandHandler<MakeNilReturn> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * Made again it answers the same, whatever has changed since. Only feeds that a live model holds can be nil.
   * @throws Problem `type-unregistered`, `field-invalid`, `agency-not-enrolled`, `agreement-required`, `period-open`,
   * `period-has-events`, `model-unavailable`.
   */
  async execute({ by, feed, period }: MakeNilReturn): Promise<NilReturnMade> {
    if (eventDefinition(feed) === undefined) throw new Problem('type-unregistered', { field: 'feed' });
    if (modelOf(feed) === undefined) throw new Problem('field-invalid', { field: 'feed' });
    const read = calendarPeriod(period);
    if (read === undefined) throw new Problem('field-invalid', { field: 'period' });
    const known = (await this.#feed.returns()).nilReturn(by.agency, feed, period);
    if (known !== undefined) return { nil: known, repeated: true };
    const now = this.#ports.clock.now();
    const admission = admit(await this.#feed.confirmed(), by.agency, feed, now);
    if (admission.kind === 'refuse') throw new Problem(admission.rule, { field: 'feed' });
    if (londonDay(now) <= read.to) throw new Problem('period-open', { field: 'period' });
    if (await this.#hasEvents(by, feed, monthsIn(read))) throw new Problem('period-has-events', { field: 'period' });
    const data = { publisher: by.agency, feed, period, by: actorOf(by) };
    const fact = ownFact(this.#ports.keys, 'uk.svd.hub.nil-return-made.v1', data, by.agency);
    const stream = streamName(`nil-return:${by.agency}:${feed}:${period}`);
    const appended = await this.#ports.writer.append([{ stream, fact }], new Map([[stream, 'no-stream']]));
    await this.#feed.caughtUp();
    const nil = (await this.#feed.returns()).nilReturn(by.agency, feed, period);
    if (nil === undefined) throw new Problem('conflict');
    return { nil, repeated: appended.outcome !== 'appended' };
  }

  /** Of everything that was acknowledged before the call. */
  async #hasEvents({ agency }: Principal, feed: EventType, months: readonly string[]): Promise<boolean> {
    const { log, models } = this.#ports;
    const head = await log.head();
    if (head !== 'empty') await models.caughtUp(head).catch(unavailable);
    return (await claimedEvents(models, [feed], months))(agency, [feed], months);
  }
}
