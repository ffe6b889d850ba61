import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { londonDay } from '#kernel';
import { knownPurposes, type KnownPurpose } from '#sharing';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** The purposes that a question may name, and the gateways that serve them as functions today. */
export class ListPurposes extends Query<readonly KnownPurpose[]> {}

@QueryHandler(ListPurposes)
export class ListPurposesHandler implements IQueryHandler<ListPurposes> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute(): Promise<readonly KnownPurpose[]> {
    const { law } = await this.#feed.confirmed();
    return knownPurposes(law, londonDay(this.#ports.clock.now()));
  }
}
