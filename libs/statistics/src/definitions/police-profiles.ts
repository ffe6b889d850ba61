import { eventType } from '#kernel';
import type { Definition } from '../definition.ts';
import { ageBand, atDistrict, enumerated, listed, sex } from './fields.ts';

/** Counts persons: a victim and a suspect of one incident are two. */
export const policeProfiles: Definition = {
  name: 'police-profiles',
  version: 1,
  title: 'People in police-recorded incidents',
  counts: 'persons',
  model: 'profiles',
  types: [eventType('uk.svd.police.incident-profiled.v1')],
  place: 'district',
  time: 'month',
  apart: 'subjectRole',
  fields: [
    enumerated('subjectRole', 'Role', 'victim', 'suspect'),
    ageBand,
    sex,
    listed('category', 'Category', 'street-category'),
    listed('offenceCode', 'Offence', 'home-office-offence'),
    listed('outcome', 'Outcome', 'street-outcome'),
    enumerated('knifeOrSharp', 'Knife or sharp object', 'used', 'threatened', 'possessed', 'no', 'unknown'),
    enumerated('weapon', 'Weapon', 'sharp', 'other'),
    enumerated('injury', 'Injury', 'none', 'minor', 'serious', 'fatal'),
    atDistrict('quarter', enumerated('domestic', 'Domestic', 'yes', 'no', 'unknown')),
    atDistrict('year', enumerated('ethnicity5', 'Ethnic group', 'asian', 'black', 'mixed', 'white', 'other')),
  ],
};
