import { eventType } from '#kernel';
import type { Definition } from '../definition.ts';
import { ageBand, enumerated, sex } from './fields.ts';

export const prisonReleases: Definition = {
  name: 'prison-releases',
  version: 1,
  title: 'Releases from prison',
  counts: 'persons',
  model: 'profiles',
  types: [eventType('uk.svd.prison.release-profiled.v1')],
  place: 'district',
  time: 'quarter',
  fields: [
    enumerated(
      'releaseType',
      'Type of release',
      'end-of-sentence',
      'licence',
      'home-detention-curfew',
      'remand-ended',
      'recall-re-release',
    ),
    enumerated('offenceGroup', 'Offence group', 'violence', 'weapons', 'robbery', 'drugs', 'other'),
    enumerated('timeServed', 'Time served', 'under-6m', '6-12m', '1-4y', 'over-4y'),
    ageBand,
    sex,
  ],
};
