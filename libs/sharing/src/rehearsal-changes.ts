import type { PlaceGrain, TimeGrain } from '#contracts';
import { finerThan } from './grains.ts';
import { exposure, type Showing } from './rehearsal.ts';

/** What a draft changes in the showing of one publisher's rows. */
export const CHANGES = [
  'newly-disclosed',
  'more-finely',
  'more-exactly',
  'on-fewer-conditions',
  'other-power',
  'labelled-otherwise',
  'guarded-more',
  'less-finely',
  'stopped',
] as const;
export type Change = (typeof CHANGES)[number];

export interface Grains {
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
}

/** What changes between two showings of the same rows at the same grain; nothing where both are alike. */
export function changesBetween(now: Showing | undefined, then: Showing | undefined): readonly Change[] {
  if (now === undefined || then === undefined)
    return now === then ? [] : [now === undefined ? 'newly-disclosed' : 'stopped'];
  const changes: Change[] = [];
  const exactness = exposure(then) - exposure(now);
  const dropped = now.conditions.some((one) => !then.conditions.includes(one));
  const added = then.conditions.some((one) => !now.conditions.includes(one));
  if (exactness > 0) changes.push('more-exactly');
  if (dropped) changes.push('on-fewer-conditions');
  if (now.gateway !== then.gateway) changes.push('other-power');
  if (now.labels.join() !== then.labels.join()) changes.push('labelled-otherwise');
  if (exactness < 0 || added) changes.push('guarded-more');
  return changes;
}

/** Those of which none is finer: each coarser pair that the list holds is implied. */
export function finestOf(grains: readonly Grains[]): readonly Grains[] {
  return grains.filter((one) => !grains.some((other) => other !== one && reaches(other, one) && !reaches(one, other)));
}

/** Whoever may have `one` may have `other`: it is nowhere finer. */
export const reaches = (one: Grains, other: Grains): boolean =>
  !finerThan(other.place, one.place) && !finerThan(other.time, one.time);
