import { COMMISSIONER, POLICE } from '../src/agencies.ts';
import { counts, type GrantDraft, INCIDENT_PROFILES } from './grants.ts';
import { daysAfter } from './terms.ts';

const FIELDS = ['subjectRole', 'knifeOrSharp', 'weapon', 'ageBand', 'sex'];

/** What the commissioner requests of the force, dated the day it is asked: knife crime since the county's first month. */
export const monitoringRequest = (day: string) => ({
  under: 's17' as const,
  to: POLICE.agency,
  types: [INCIDENT_PROFILES],
  fields: FIELDS,
  period: { from: '2024-07-01', to: daysAfter(day, 365) },
  use: 'monitoring' as const,
  due: daysAfter(day, 28),
});

/** Supplied because it was requested; for the commissioner's monitoring of the duty, and for nothing else. */
export const monitoring = (dutyRequest: string): GrantDraft =>
  counts('monitoring', {
    publishers: [POLICE],
    consumer: COMMISSIONER,
    types: [INCIDENT_PROFILES],
    purposes: ['s17-monitoring'],
    gateway: 'pcsc-17',
    dutyRequest,
    fields: FIELDS,
    place: 'district',
    time: 'month',
  });
