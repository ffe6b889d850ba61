import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { factLeaf } from '#audit';
import type { Principal } from '#contracts';
import type { StoredFact } from '#event-store';
import { positionNumber, Problem, sha256, sourceOf, type Position } from '#kernel';
import type { Receipt } from './event-fact.ts';
import { HubPorts } from './ports.ts';

/** That the event is in the log, for whoever holds what it sent; checked without the hub (`docs/how-to/prove.md`). */
export interface ReceiptProof {
  readonly log: 'facts';
  readonly index: string;
  readonly size: string;
  /** Base64. */
  readonly hashes: readonly string[];
  readonly checkpoint: string;
  readonly leaf: string;
  /** With the `source`, the `id` and the canonical form of the event: what the leaf's commitment is of. */
  readonly opening: {
    readonly nonce: string;
    readonly stream: string;
    readonly metadata: string;
    readonly type: string;
  };
}
/** `proof` once a checkpoint covers it. */
export type ProvenReceipt = Receipt & { readonly proof?: ReceiptProof };

/** The publisher's own receipt. Another's, or a position that holds none, is `not-found` alike. */
export class FindReceipt extends Query<ProvenReceipt> {
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

  async execute({ publisher, position }: FindReceipt): Promise<ProvenReceipt> {
    const fact = await this.#ports.log.at(position);
    const own = sourceOf(publisher.agency);
    if (fact === undefined || !(fact.source === own || fact.source.startsWith(`${own}:`)))
      throw new Problem('not-found');
    const { source, id, recordedTime } = fact;
    const proof = proofOf(this.#ports, fact);
    const receipt = { source, id, position, digest: sha256(fact.stored), recordedTime };
    return proof === undefined ? receipt : { ...receipt, proof };
  }
}

function proofOf({ trees }: HubPorts, fact: StoredFact): ReceiptProof | undefined {
  const checkpoint = trees.checkpoint('facts');
  const index = positionNumber(fact.position);
  if (checkpoint === undefined || index >= checkpoint.size) return undefined;
  const { leaf, opening } = factLeaf(fact);
  return {
    log: 'facts',
    index: fact.position,
    size: String(checkpoint.size),
    hashes: trees.inclusion('facts', index, checkpoint.size).map((hash) => Buffer.from(hash).toString('base64')),
    checkpoint: checkpoint.note,
    leaf,
    opening: {
      nonce: Buffer.from(opening.nonce).toString('base64'),
      stream: opening.stream,
      metadata: opening.metadata,
      type: fact.type,
    },
  };
}
