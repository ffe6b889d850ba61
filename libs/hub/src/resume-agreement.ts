import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { resume } from '#sharing';
import { agreementView, appendDecided, known, type AgreementView } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** Lifts the suspension of the asker's own agency; those of other parties stand. */
export class ResumeAgreement extends Command<AgreementView> {
  readonly by: Principal;
  readonly id: string;
  constructor(by: Principal, id: string) {
    super();
    this.by = by;
    this.id = id;
  }
}

@CommandHandler(ResumeAgreement)
export class ResumeAgreementHandler implements ICommandHandler<ResumeAgreement> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ by, id }: ResumeAgreement): Promise<AgreementView> {
    await appendDecided(this.#ports, this.#feed, id, by, (state, policy, at) =>
      resume(known(state, by, at), by, policy),
    );
    return agreementView(await this.#feed.confirmed(), id, this.#ports.clock.now(), by);
  }
}
