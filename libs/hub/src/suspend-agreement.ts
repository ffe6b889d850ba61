import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { LifecycleReason, Principal } from '#contracts';
import { suspend } from '#sharing';
import { agreementView, appendDecided, known, type AgreementView } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/**
 * Suspends an agreement for the asker's own agency. When this resolves no answer of this process rests on it any more, not
 * one that is asked for with If-None-Match either; within 500 ms no answer of any other process does.
 */
export class SuspendAgreement extends Command<AgreementView> {
  readonly by: Principal;
  readonly id: string;
  readonly reason: LifecycleReason;
  constructor(by: Principal, id: string, reason: LifecycleReason) {
    super();
    this.by = by;
    this.id = id;
    this.reason = reason;
  }
}

@CommandHandler(SuspendAgreement)
export class SuspendAgreementHandler implements ICommandHandler<SuspendAgreement> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ by, id, reason }: SuspendAgreement): Promise<AgreementView> {
    await appendDecided(this.#ports, this.#feed, id, by, (state, policy, at) =>
      suspend(known(state, by, at), by, reason, policy, at),
    );
    return agreementView(await this.#feed.confirmed(), id, this.#ports.clock.now(), by);
  }
}
