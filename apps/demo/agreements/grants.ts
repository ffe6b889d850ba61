import type { Mode, PlaceGrain, Purpose, Threshold, TimeGrain } from '#contracts';
import { eventType, type AgencyId, type EventType } from '#kernel';
import type { DemoAgency } from '../src/agencies.ts';

export interface GrantDraft {
  readonly id: string;
  readonly publishers: readonly AgencyId[];
  readonly types: readonly EventType[];
  readonly consumer: AgencyId;
  readonly purposes: readonly Purpose[];
  readonly mode: Mode;
  readonly gateway: string;
  readonly fields: readonly string[];
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  readonly ageBands: 'standard';
  readonly threshold: Threshold;
  readonly openness: 'protected' | 'open';
  readonly licence?: string;
  readonly address?: string;
  readonly k?: number;
  readonly heldForFunctions?: boolean;
  readonly dutyRequest?: string;
  readonly conditions: readonly { readonly condition: string; readonly value?: string }[];
}

/** What a grant of the demo says by itself: who gives what to whom, and under which power. */
interface Terms extends Partial<Pick<GrantDraft, 'heldForFunctions' | 'dutyRequest' | 'conditions' | 'threshold'>> {
  readonly publishers: readonly DemoAgency[];
  readonly consumer: DemoAgency;
  readonly types: readonly EventType[];
  readonly purposes: readonly Purpose[];
  readonly gateway: string;
  readonly fields: readonly string[];
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
}
const granted = (id: string, mode: Mode, { publishers, consumer, ...terms }: Terms): GrantDraft => ({
  id,
  mode,
  ageBands: 'standard',
  threshold: 7,
  openness: 'protected',
  conditions: [],
  ...terms,
  publishers: publishers.map(({ agency }) => agency),
  consumer: consumer.agency,
});

/** Counts from frozen releases, small ones never shown. */
export const counts = (id: string, terms: Terms): GrantDraft => granted(id, 'count', terms);
/** Counts that the publisher puts out itself at this detail: shown exact. */
export const openCounts = (id: string, licence: string, address: string, terms: Terms): GrantDraft => ({
  ...counts(id, terms),
  openness: 'open',
  licence,
  address,
});
/** Frozen records, of which at least `k` share each combination of what could point to somebody. */
export const records = (id: string, k: number, terms: Terms): GrantDraft => ({ ...granted(id, 'record', terms), k });
/** One person at a time, each question by a practitioner who gives a justification and the reference of a case. */
export const people = (id: string, terms: Terms): GrantDraft => ({
  ...granted(id, 'subject', terms),
  conditions: [
    { condition: 'role', value: 'practitioner' },
    { condition: 'justification' },
    { condition: 'case-reference' },
    ...(terms.conditions ?? []),
  ],
});
export const noOlderThan = (value: string) => ({ condition: 'maximum-age', value });

/** Event types by what agreements of the demo call them. */
export const INCIDENTS = eventType('uk.svd.police.incident-recorded.v1');
export const INCIDENT_PROFILES = eventType('uk.svd.police.incident-profiled.v1');
export const INVOLVEMENTS = eventType('uk.svd.police.involvement-recorded.v1');
export const ATTENDANCES = eventType('uk.svd.health.ed-attendance-recorded.v1');
export const ATTENDANCE_PROFILES = eventType('uk.svd.health.ed-attendance-profiled.v1');
export const EXCLUSION_PROFILES = eventType('uk.svd.education.exclusion-profiled.v1');
export const EXCLUSIONS = eventType('uk.svd.education.exclusion-recorded.v1');
export const RELEASE_PROFILES = eventType('uk.svd.prison.release-profiled.v1');
export const RELEASES_PLANNED = eventType('uk.svd.prison.release-planned.v1');
export const RELEASES_RECORDED = eventType('uk.svd.prison.release-recorded.v1');
