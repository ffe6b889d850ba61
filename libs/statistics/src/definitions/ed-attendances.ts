import { eventType } from '#kernel';
import type { Definition } from '../definition.ts';
import { enumerated, listed } from './fields.ts';

export const edAttendances: Definition = {
  name: 'ed-attendances',
  version: 1,
  title: 'Emergency-department attendances after an assault',
  counts: 'attendances',
  model: 'incidents',
  types: [eventType('uk.svd.health.ed-attendance-recorded.v1')],
  place: 'lsoa',
  time: 'month',
  fields: [
    listed('site', 'Hospital site', 'ods-site'),
    listed('method', 'Method of assault', 'ed-method'),
    enumerated(
      'locationType',
      'Type of location',
      'street',
      'licensed',
      'retail',
      'school',
      'transport',
      'dwelling',
      'custody',
      'workplace',
      'other',
      'unknown',
    ),
    enumerated('arrivalDelay', 'Delay to arrival', 'under-2h', '2-6h', '6-24h', 'over-24h', 'unknown'),
  ],
};
