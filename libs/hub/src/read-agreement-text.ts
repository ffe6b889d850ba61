import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { londonDay, Problem } from '#kernel';
import { agreementText } from '#sharing';
import { mayRead } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';
import { documentOf } from './read-agreement.ts';

/**
 * An agreement's text for people, of the newest version or of one by number; for any role of a party and for auditors. For
 * anyone else there is none: a version is there for the parties that it names, the newest for those of what stands too.
 */
export class ReadAgreementText extends Query<string> {
  readonly who: Principal;
  readonly id: string;
  readonly version: number | undefined;
  constructor(who: Principal, id: string, version: number | undefined) {
    super();
    this.who = who;
    this.id = id;
    this.version = version;
  }
}

@QueryHandler(ReadAgreementText)
export class ReadAgreementTextHandler implements IQueryHandler<ReadAgreementText> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `not-found`, `artefact-damaged` */
  async execute({ who, id, version: number }: ReadAgreementText): Promise<string> {
    const policy = await this.#feed.confirmed();
    const at = this.#ports.clock.now();
    const state = policy.agreements.get(id);
    if (state === undefined) throw new Problem('not-found');
    const version = state.versions.find((one) => one.version === (number ?? state.version));
    const reads =
      who.roles.has('auditor') ||
      version?.parties.includes(who.agency) === true ||
      (version?.version === state.version && mayRead(who, state, at));
    if (version === undefined || !reads) throw new Problem('not-found');
    const agreement = await documentOf(this.#ports, version);
    if (agreement === undefined) throw new Problem('artefact-damaged');
    return agreementText(agreement, { state, version, policy, day: londonDay(at) });
  }
}
