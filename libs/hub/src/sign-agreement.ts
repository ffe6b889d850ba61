import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import type { Sha256 } from '#kernel';
import { sign } from '#sharing';
import { agreementView, appendDecided, known, type AgreementView } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/**
 * Signs the text that `digest` names, for the signatory's own agency. The last party's signature brings it into force, in
 * place of the versions before it.
 */
export class SignAgreement extends Command<AgreementView> {
  readonly by: Principal;
  readonly id: string;
  readonly digest: Sha256;
  constructor(by: Principal, id: string, digest: Sha256) {
    super();
    this.by = by;
    this.id = id;
    this.digest = digest;
  }
}

@CommandHandler(SignAgreement)
export class SignAgreementHandler implements ICommandHandler<SignAgreement> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ by, id, digest }: SignAgreement): Promise<AgreementView> {
    await appendDecided(this.#ports, this.#feed, id, by, (state, policy, at) =>
      sign(known(state, by, at), by, digest, policy, at),
    );
    return agreementView(await this.#feed.confirmed(), id, this.#ports.clock.now(), by);
  }
}
