import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { end, type Ending } from '#sharing';
import { agreementView, appendDecided, known, type AgreementView } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** Ends an agreement, or the part of the asker's own agency in it, today or on a day ahead. */
export class EndAgreement extends Command<AgreementView> {
  readonly by: Principal;
  readonly id: string;
  readonly ending: Ending;
  constructor(by: Principal, id: string, ending: Ending) {
    super();
    this.by = by;
    this.id = id;
    this.ending = ending;
  }
}

@CommandHandler(EndAgreement)
export class EndAgreementHandler implements ICommandHandler<EndAgreement> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ by, id, ending }: EndAgreement): Promise<AgreementView> {
    await appendDecided(this.#ports, this.#feed, id, by, (state, policy, at) =>
      end(known(state, by, at), by, ending, policy, at),
    );
    return agreementView(await this.#feed.confirmed(), id, this.#ports.clock.now(), by);
  }
}
