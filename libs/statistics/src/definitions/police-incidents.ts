import { eventType } from '#kernel';
import type { Definition } from '../definition.ts';
import { enumerated, listed } from './fields.ts';

export const policeIncidents: Definition = {
  name: 'police-incidents',
  version: 1,
  title: 'Police-recorded incidents',
  counts: 'incidents',
  model: 'incidents',
  types: [eventType('uk.svd.police.incident-recorded.v1')],
  place: 'lsoa',
  time: 'month',
  fields: [
    listed('category', 'Category', 'street-category'),
    enumerated('knifeOrSharp', 'Knife or sharp object', 'used', 'threatened', 'possessed', 'no', 'unknown'),
    enumerated('weapon', 'Weapon', 'sharp', 'firearm', 'blunt', 'corrosive', 'body', 'other', 'none', 'unknown'),
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
      'other',
      'unknown',
    ),
    listed('outcome', 'Outcome', 'street-outcome'),
  ],
};
