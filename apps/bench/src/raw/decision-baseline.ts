import { PLACE_GRAINS, TIME_GRAINS } from '#contracts';
import type { Agreement, Grant } from '#sharing';
import type { Asked } from '../hub/policies.ts';

/** The same grants in plain maps by consumer, purpose and type. */
export type RawGrants = ReadonlyMap<string, readonly Grant[]>;

export function rawGrants(agreements: readonly Agreement[]): RawGrants {
  const byUse = new Map<string, Grant[]>();
  for (const grant of agreements.flatMap(({ grants }) => grants))
    for (const purpose of grant.purposes)
      for (const type of grant.types) {
        const key = `${grant.consumer} ${purpose} ${type}`;
        byUse.set(key, [...(byUse.get(key) ?? []), grant]);
      }
  return byUse;
}

/** Compares a grant's own terms and nothing else: no rule of law, no day, no view, no reason. */
export function permittedRaw(byUse: RawGrants, { who, request }: Asked): boolean {
  const { publishers, fields, place, time, mode } = request;
  const grants = byUse.get(`${who.agency} ${request.purpose ?? ''} ${request.types[0] ?? ''}`) ?? [];
  const fits = grants.filter(
    (grant) =>
      (publishers === 'all' || publishers.every((one) => grant.publishers.includes(one))) &&
      grant.mode === mode &&
      fields.every((field) => grant.fields.includes(field)) &&
      PLACE_GRAINS.indexOf(place) >= PLACE_GRAINS.indexOf(grant.place) &&
      TIME_GRAINS.indexOf(time) >= TIME_GRAINS.indexOf(grant.time),
  );
  return fits.length > 0;
}
