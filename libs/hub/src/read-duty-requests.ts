import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { isOfRequest } from '#cases';
import type { Principal } from '#contracts';
import { Problem } from '#kernel';
import { dutyRequestView, type DutyRequestView } from './duty-request-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** One request, for the agency that asked and the one asked; for any other there is none. */
export class ReadDutyRequest extends Query<DutyRequestView> {
  readonly who: Principal;
  readonly id: string;
  constructor(who: Principal, id: string) {
    super();
    this.who = who;
    this.id = id;
  }
}

@QueryHandler(ReadDutyRequest)
export class ReadDutyRequestHandler implements IQueryHandler<ReadDutyRequest> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `not-found` */
  async execute({ who, id }: ReadDutyRequest): Promise<DutyRequestView> {
    const state = (await this.#feed.confirmed()).dutyRequests.get(id);
    if (!isOfRequest(state, who.agency)) throw new Problem('not-found');
    return dutyRequestView(state, this.#ports.clock.now());
  }
}

/** The requests that the asker's agency made or was sent, in the order in which they were made. */
export class ListDutyRequests extends Query<readonly DutyRequestView[]> {
  readonly who: Principal;
  constructor(who: Principal) {
    super();
    this.who = who;
  }
}

@QueryHandler(ListDutyRequests)
export class ListDutyRequestsHandler implements IQueryHandler<ListDutyRequests> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ who }: ListDutyRequests): Promise<readonly DutyRequestView[]> {
    const { dutyRequests } = await this.#feed.confirmed();
    const at = this.#ports.clock.now();
    return [...dutyRequests.values()]
      .filter((state) => isOfRequest(state, who.agency))
      .map((state) => dutyRequestView(state, at));
  }
}
