import { Refused } from '#edge';
import { isRefused, type Disclosed, type Refused as OnRecord } from '#hub';

/** What `disclose` came to: the answer, or the refusal, thrown now that it is on record. */
export function answered<T>(outcome: Disclosed<T> | OnRecord): Disclosed<T> {
  if (isRefused(outcome)) throw new Refused(outcome.refused, outcome.disclosureId);
  return outcome;
}
