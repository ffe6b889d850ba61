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

/**
 * Published events, ready to append to the stream of their publisher and type. Facts of one type share their metadata's
 * object, so that a writer needs to carry it once.
 */
export function placedFacts(keys: HubKeys, agency: AgencyId, events: readonly PublishedEvent[]): Placed[] {
  const shared = new Map<string, Pick<Placed, 'stream'> & Pick<NewFact, 'metadata'>>();
  return events.map(({ type, source, id, basis, way, schemaversion, digest, canonical }) => {
    const kind = `${type} ${schemaversion}`;
    const known = shared.get(kind);
    const { stream, metadata } = known ?? {
      stream: streamName(`feed:${agency}:${type}`),
      metadata: { agency, basis, way, schemaversion },
    };
    if (known === undefined) shared.set(kind, { stream, metadata });
    return { stream, fact: { source, id, type, repeatKey: keys.repeatKey(digest), stored: canonical, metadata } };
  });
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
