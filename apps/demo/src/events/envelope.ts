import type { EventData, EventTypeName } from '#contracts';
import { type AgencyId, sha256Bytes, sourceOf } from '#kernel';
import { keyedDigest } from '#privacy/source';

/** An event as an agency sends it: CloudEvents 1.0 with the hub's extensions. */
export interface AnonymisedEvent<T extends EventTypeName = EventTypeName> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: T;
  readonly datacontenttype: 'application/json';
  readonly basis: 'anonymised';
  readonly schemaversion: '1.0';
  readonly submission: string;
  readonly data: EventData[T];
}

/** One feed, one way, one month: the only thing that its events have in common. */
export interface Batch<T extends EventTypeName> {
  readonly agency: AgencyId;
  readonly type: T;
  readonly month: string;
}

/**
 * Writes the envelopes of one batch. Ids are keyed digests of the native number, under a key of the agency and with the type,
 * so that the place half and the profile half of one occurrence share no id, no submission and nothing to join them by.
 */
export function envelopes<T extends EventTypeName>(
  seed: string,
  { agency, type, month }: Batch<T>,
): (native: string, data: EventData[T]) => AnonymisedEvent<T> {
  const key = sha256Bytes(`${seed} key of ${agency}`);
  const submission = keyedDigest(key, 'submission', type, month);
  return (native, data) => ({
    specversion: '1.0',
    id: keyedDigest(key, 'id', type, native),
    source: sourceOf(agency),
    type,
    datacontenttype: 'application/json',
    basis: 'anonymised',
    schemaversion: '1.0',
    submission,
    data,
  });
}
