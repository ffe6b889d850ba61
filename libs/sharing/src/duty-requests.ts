import type { AgencyId, EventType } from '#kernel';

/** A dated request under s.15 or s.17, as far as a disclosure may rest on it. */
export interface DutyRequestState {
  readonly id: string;
  readonly under: 's15' | 's17';
  readonly by: AgencyId;
  readonly to: AgencyId;
  readonly types: readonly EventType[];
  readonly fields: readonly string[];
  /** Days, `YYYY-MM-DD`. */
  readonly asked: string;
  readonly due: string;
  readonly status: 'open' | 'answered' | 'refused' | 'withdrawn';
}
