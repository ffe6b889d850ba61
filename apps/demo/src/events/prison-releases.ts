import type { AgencyId } from '#kernel';
import { MENTORS } from '../agencies.ts';
import { randomFor, Weighted } from '../random.ts';
import { type Month, quarterOf } from './calendar.ts';
import { type AnonymisedEvent, envelopes } from './envelope.ts';
import { ageOf } from './people.ts';

export interface Prison {
  readonly agency: AgencyId;
  /** Releases a month to the county. */
  readonly mean: number;
  /** Districts that people go back to, by weight. */
  readonly areas: Readonly<Record<string, number>>;
}

const TYPE = 'uk.svd.prison.release-profiled.v1';
const RELEASE_TYPES = Weighted.of({
  licence: 58,
  'remand-ended': 15,
  'home-detention-curfew': 11,
  'recall-re-release': 12,
  'end-of-sentence': 4,
});
const OFFENCES = Weighted.of({ violence: 38, drugs: 22, robbery: 11, weapons: 9, other: 20 });
const SERVED = Weighted.of({ 'under-6m': 40, '6-12m': 24, '1-4y': 28, 'over-4y': 8 });
const OFFERS = Weighted.of({ 'not-offered': 46, offered: 12, accepted: 26, declined: 16 });

/** A month of releases into the county. A date is claimed by its quarter only; sexual offences are never grouped. */
export function prisonReleases(prison: Prison, month: Month, seed: string, scale: number): AnonymisedEvent[] {
  const random = randomFor(`${seed} releases ${prison.agency} ${month}`);
  const envelope = envelopes(seed, { agency: prison.agency, type: TYPE, month });
  const areas = new Weighted(Object.keys(prison.areas), (code) => prison.areas[code] ?? 0);
  const events = Array.from({ length: random.poisson(prison.mean * scale) }, (_, n) =>
    envelope(`${month} ${n}`, {
      status: 'released',
      date: quarterOf(month),
      releaseType: RELEASE_TYPES.pick(random),
      releaseArea: areas.pick(random),
      offenceGroup: OFFENCES.pick(random),
      timeServed: SERVED.pick(random),
      ageBand: ageOf('prisoner', random),
      sex: 'male',
      mentor: mentorOf(OFFERS.pick(random)),
    }),
  );
  return random.shuffled(events);
}

type MentorStatus = ReturnType<typeof OFFERS.pick>;
/** The charity is named where somebody took its offer. */
const mentorOf = (status: MentorStatus): { status: MentorStatus; provider?: string } =>
  status === 'accepted' ? { status, provider: MENTORS.agency } : { status };
