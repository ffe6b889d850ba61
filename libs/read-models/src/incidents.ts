import { eventType } from '#kernel';
import { band, date, dayKind, field, hour, month, period, place, publisher, rowModel, type } from './row-model.ts';

const READS = [eventType('uk.svd.police.incident-recorded.v1'), eventType('uk.svd.health.ed-attendance-recorded.v1')];

/**
 * One row for each place event (P), at its occurrence's root: where, when and how. `period` is the month in which the
 * claimed time starts; `date`, `hour`, `band` and `dayKind` stand only as far as the claim allows (`claimed-time.ts`).
 */
export const incidents = rowModel('incidents', 1, READS, [
  publisher,
  type,
  period,
  month,
  date,
  hour,
  band,
  dayKind,
  field('timePrecision'),
  place,
  field('placeConfidence'),
  field('locationType'),
  field('category'),
  field('offenceCode'),
  field('knifeOrSharp'),
  field('flagMethod'),
  field('weapon'),
  field('injury'),
  field('outcome', 'outcome', 'code'),
  field('site'),
  field('method'),
  field('arrivalDelay'),
]);
