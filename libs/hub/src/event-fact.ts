import type { PublishedEvent } from '#contracts';
import type { Clash, Kept, NewFact, Placed } from '#event-store';
import { streamName, type AgencyId, type Instant, type Position, type Sha256 } from '#kernel';
import type { HubKeys } from './keys.ts';

/** What a publisher keeps as proof of what it sent. `position` is a decimal string without padding. */
export interface Receipt {
  readonly source: string;
  readonly id: string;
  readonly position: Position;
  readonly digest: Sha256;
  readonly recordedTime: Instant;
}
export type Taken =
  | { readonly status: 'accepted' | 'repeated'; readonly id: string; readonly receipt: Receipt }
  | {
      readonly status: 'quarantined';
      readonly id: string;
      readonly quarantineId: string;
      readonly field: string;
      readonly reason: string;
    }
  | { readonly status: 'rejected'; readonly id?: string; readonly code: string; readonly field?: string };

/** A published event, ready to append to the stream of its publisher and type. */
export function placedFact(keys: HubKeys, agency: AgencyId, event: PublishedEvent): Placed {
  const fact: NewFact = {
    source: event.source,
    id: event.id,
    type: event.type,
    repeatKey: keys.repeatKey(event.digest),
    stored: event.canonical,
    metadata: { agency, basis: event.basis, way: event.way, schemaversion: event.schemaversion },
  };
  return { stream: streamName(`feed:${agency}:${event.type}`), fact };
}

export const receiptOf = (event: PublishedEvent, kept: Kept): Receipt => ({
  source: event.source,
  id: event.id,
  position: kept.position,
  digest: event.digest,
  recordedTime: kept.recordedTime,
});

export function taken(event: PublishedEvent, kept: Kept | Clash): Taken {
  if (kept.status === 'accepted' || kept.status === 'repeated')
    return { status: kept.status, id: event.id, receipt: receiptOf(event, kept) };
  return { status: 'rejected', id: event.id, code: kept.status };
}
