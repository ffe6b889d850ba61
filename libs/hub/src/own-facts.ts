import { randomUUID } from 'node:crypto';
import type { Actor, HubFacts, HubFactType, PolicyFact } from '#contracts';
import type { NewFact, StoredFact } from '#event-store';
import { canonicalJson, eventType, HUB_SOURCE, sha256 } from '#kernel';
import type { HubKeys } from './keys.ts';

/**
 * A fact of the hub's own, ready to append: a canonical CloudEvent under `urn:svd:hub`. Its id is random, or, where a
 * command may be tried again, one that the same fact has every time.
 */
export function ownFact<T extends HubFactType>(
  keys: HubKeys,
  type: T,
  data: HubFacts[T],
  agency: string,
  id: string = randomUUID(),
): NewFact {
  const canonical = canonicalJson({
    specversion: '1.0',
    id,
    source: HUB_SOURCE,
    type,
    datacontenttype: 'application/json',
    schemaversion: '1.0',
    data,
  });
  return {
    source: HUB_SOURCE,
    id,
    type: eventType(type),
    repeatKey: keys.repeatKey(sha256(canonical)),
    stored: Buffer.from(canonical),
    metadata: { agency, basis: 'hub' },
  };
}

/** What policy reads of a stored fact of the hub's own. */
export function policyFact(fact: StoredFact): PolicyFact {
  // JSON.parse is enough here: the hub wrote these bytes itself, and canonically
  const event = JSON.parse(Buffer.from(fact.stored).toString('utf8')) as { data: unknown };
  return { position: fact.position, recordedTime: fact.recordedTime, type: fact.type, data: event.data };
}

export const actorOf = (who: { issuer: string; person: string; agency: Actor['agency'] }): Actor => ({
  issuer: who.issuer,
  person: who.person,
  agency: who.agency,
});
