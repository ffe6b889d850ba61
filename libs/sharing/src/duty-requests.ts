import type { DutyRequest, HubFacts, PolicyFact } from '#contracts';
import { londonDay, Problem } from '#kernel';

/** A dated request under s.15 or s.17, as far as a disclosure may rest on it. */
export type DutyRequestState = Pick<
  DutyRequest,
  'id' | 'under' | 'by' | 'to' | 'types' | 'fields' | 'asked' | 'due' | 'status'
>;

type Made = HubFacts['uk.svd.hub.duty-request-made.v1'];
type Answered = HubFacts['uk.svd.hub.duty-request-answered.v1'];
type Refused = HubFacts['uk.svd.hub.duty-request-refused.v1'];

const DUTY_REQUEST_FACT = /^uk\.svd\.hub\.duty-request-/;

/**
 * Requests under the duty by id, in the order in which they were made. The first end is final, on the day (Europe/London) on
 * which it was recorded.
 * @throws Problem `policy-fact-unknown` on a fact about requests that this build doesn't know.
 */
export function dutyRequestsOf(facts: readonly PolicyFact[]): ReadonlyMap<string, DutyRequest> {
  const requests = new Map<string, DutyRequest>();
  for (const { type, data, recordedTime } of facts) {
    if (!DUTY_REQUEST_FACT.test(type)) continue;
    if (type === 'uk.svd.hub.duty-request-made.v1') {
      const { request: id, by, ...made } = data as Made;
      if (!requests.has(id)) requests.set(id, { id, by: by.agency, ...made, status: 'open' });
      continue;
    }
    const ended = endOf(type, data);
    const { request: id } = data as { readonly request: string };
    const request = requests.get(id);
    if (request?.status === 'open') requests.set(id, { ...request, ...ended, ended: londonDay(recordedTime) });
  }
  return requests;
}

/** Facts of one type have one payload (`HubFacts`). */
function endOf(type: string, data: unknown): Pick<DutyRequest, 'status' | 'how' | 'reasons'> {
  switch (type) {
    case 'uk.svd.hub.duty-request-answered.v1':
      return { status: 'answered', how: (data as Answered).how };
    case 'uk.svd.hub.duty-request-refused.v1':
      return { status: 'refused', reasons: (data as Refused).reasons };
    case 'uk.svd.hub.duty-request-withdrawn.v1':
      return { status: 'withdrawn' };
    default:
      throw new Problem('policy-fact-unknown');
  }
}
