import { eventType } from '#kernel';
import type { Definition } from '../definition.ts';
import { ageBand, atDistrict, enumerated, sex } from './fields.ts';

/** Rows are dated by school term, which no calendar quarter holds: released by calendar year. */
export const schoolExclusions: Definition = {
  name: 'school-exclusions',
  version: 1,
  title: 'School exclusions',
  counts: 'exclusions',
  model: 'profiles',
  types: [eventType('uk.svd.education.exclusion-profiled.v1')],
  place: 'district',
  time: 'term',
  fields: [
    enumerated('kind', 'Kind', 'permanent', 'suspension', 'lunchtime', 'cancelled', 'reinstated'),
    enumerated('weaponKind', 'Weapon', 'blade', 'imitation', 'other-offensive', 'prohibited-not-weapon', 'not-known'),
    enumerated('weaponAct', 'What was done with it', 'possessed', 'threatened', 'used', 'none', 'not-known'),
    {
      name: 'reason',
      label: 'First reason',
      field: 'reasons',
      column: 'reason',
      codes: { lists: ['exclusion-reason', 'exclusion-reason-local'] },
    },
    enumerated('sessions', 'Half days lost', '0', '1-2', '3-4', '5-10', '11-20', '21-90'),
    ageBand,
    sex,
    atDistrict('year', enumerated('senProvision', 'SEN provision', 'none', 'support', 'plan')),
    atDistrict('year', enumerated('careStatus', 'Care status', 'looked-after', 'plan', 'in-need', 'none')),
  ],
};
