import { eventType } from '#kernel';
import { field, month, period, place, publisher, rowModel, type } from './row-model.ts';

const READS = [
  eventType('uk.svd.police.incident-profiled.v1'),
  eventType('uk.svd.education.exclusion-profiled.v1'),
  eventType('uk.svd.health.ed-attendance-profiled.v1'),
  eventType('uk.svd.prison.release-profiled.v1'),
];

/**
 * One row for each profile event (D), at its occurrence's root: coarse who. A count counts persons, not occurrences.
 * `period` is a month (police, emergency departments), a term (exclusions) or a quarter (prison releases); `month`
 * stands only where it is a month. `place` of an exclusion is its school's district.
 */
export const profiles = rowModel('profiles', 1, READS, [
  publisher,
  type,
  period,
  month,
  place,
  field('ageBand'),
  field('sex'),
  field('ethnicity5'),
  field('subjectRole'),
  field('category'),
  field('offenceCode'),
  field('knifeOrSharp'),
  field('flagMethod'),
  field('weapon'),
  field('domestic'),
  field('injury'),
  field('outcome', 'outcome', 'code'),
  field('site'),
  field('method'),
  field('placeConfidence'),
  field('residence'),
  field('policeNotified'),
  field('alcoholOrDrug'),
  field('disposal'),
  field('severity'),
  field('navigator'),
  field('kind'),
  field('sessions'),
  field('reason', 'reasons'),
  field('weaponKind'),
  field('weaponAct'),
  field('schoolPhase', 'school', 'phase'),
  field('schoolType', 'school', 'type'),
  field('senProvision'),
  field('careStatus'),
  field('status'),
  field('releaseType'),
  field('offenceGroup'),
  field('timeServed'),
  field('mentor', 'mentor', 'status'),
]);
