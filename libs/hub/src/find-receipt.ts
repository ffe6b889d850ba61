import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { Problem, sha256, sourceOf, type Position } from '#kernel';
import type { Receipt } from './event-fact.ts';
import { HubPorts } from './ports.ts';

/** The publisher's own receipt. Another's, or a position that holds none, is `not-found` alike. */
export class FindReceipt extends Query<Receipt> {
  readonly publisher: Principal;
  readonly position: Position;
  constructor(publisher: Principal, position: Position) {
    super();
    this.publisher = publisher;
    this.position = position;
  }
}

@QueryHandler(FindReceipt)
export class FindReceiptHandler implements IQueryHandler<FindReceipt> {
  readonly #ports: HubPorts;
  constructor(ports: HubPorts) {
    this.#ports = ports;
  }

  async execute({ publisher, position }: FindReceipt): Promise<Receipt> {
    const fact = await this.#ports.log.at(position);
    const own = sourceOf(publisher.agency);
    if (fact === undefined || !(fact.source === own || fact.source.startsWith(`${own}:`)))
      throw new Problem('not-found');
    return { source: fact.source, id: fact.id, position, digest: sha256(fact.stored), recordedTime: fact.recordedTime };
  }
}
