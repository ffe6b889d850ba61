import { eventType } from '#kernel';
import type { Definition } from '../definition.ts';
import { ageBand, enumerated, listed, sex } from './fields.ts';

export const edProfiles: Definition = {
  name: 'ed-profiles',
  version: 1,
  title: 'People attending emergency departments after an assault',
  counts: 'persons',
  model: 'profiles',
  types: [eventType('uk.svd.health.ed-attendance-profiled.v1')],
  place: 'district',
  time: 'month',
  fields: [
    ageBand,
    sex,
    listed('site', 'Trust', 'ods-trust'),
    enumerated('method', 'Method of assault', 'sharp', 'other'),
    enumerated('severity', 'Severity', 'minor', 'serious', 'life-threatening'),
    enumerated('disposal', 'Disposal', 'discharged', 'admitted', 'left', 'died'),
    enumerated('policeNotified', 'Police notified', 'yes', 'no', 'unknown'),
    enumerated('alcoholOrDrug', 'Alcohol or drugs', 'yes', 'no', 'unknown'),
    enumerated('residence', 'Residence', 'in-area', 'elsewhere'),
    enumerated('navigator', 'Navigator', 'offered', 'accepted', 'declined'),
  ],
};
