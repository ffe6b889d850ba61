import { allowed, eventFamily, part, required } from '../fields.ts';
import { ageBand, sex } from '../shared-fields.ts';
import { clock, code, codedOf, must, oneOf, pattern, place, several, structure, wholeNumber } from '../values.ts';

const KIND = oneOf('permanent', 'suspension', 'lunchtime', 'cancelled', 'reinstated');
const REASON = codedOf({ national: 'exclusion-reason', local: 'exclusion-reason-local' });
const WEAPON_KIND = oneOf('blade', 'imitation', 'other-offensive', 'prohibited-not-weapon', 'not-known');
const WEAPON_ACT = oneOf('possessed', 'threatened', 'used', 'none', 'not-known');
const YEARLY_BY_DISTRICT = { tabulate: { place: 'district', time: 'year' } } as const;
export const SESSION_BANDS = ['0', '1-2', '3-4', '5-10', '11-20', '21-90'] as const;
/** @param halfDays 0–90 */
export const sessionBandOf = (halfDays: number): (typeof SESSION_BANDS)[number] =>
  SESSION_BANDS[[1, 3, 5, 11, 21].filter((floor) => halfDays >= floor).length] ?? '21-90';

/** About a pupil; a council is by default no health or social care authority, whatever its social care holds (PCSC Act 2022 s.16(4)(b), not verified). */
const LABELS = ['personal'] as const;

/** What schools, usually through their council, publish of exclusions. No P: a school names a place and a child. */
export const schoolExclusion = eventFamily({
  sector: 'education',
  title: 'School exclusions',
  events: [
    {
      type: 'uk.svd.education.exclusion-profiled.v1',
      way: 'D',
      title: 'A pupil was excluded, in broad terms',
      labels: LABELS,
      place: ['school', 'district'],
      time: ['start'],
    },
    {
      type: 'uk.svd.education.exclusion-recorded.v1',
      way: 'C',
      title: 'A consented pupil was excluded',
      labels: LABELS,
      place: [],
      time: ['start'],
    },
  ],
  rule: () => undefined,
  fields: {
    kind: {
      label: 'Kind of exclusion',
      description: 'Cancelled and reinstated exclusions are corrections.',
      labels: ['personal'],
      D: required(KIND),
      C: part('required', KIND),
    },
    start: {
      label: 'Start',
      description: 'The school term, or the first date.',
      labels: ['personal'],
      D: required(clock('term')),
      C: part('required', clock('date')),
    },
    sessions: {
      label: 'Sessions',
      description: 'Half days lost.',
      labels: ['personal'],
      D: allowed(oneOf(...SESSION_BANDS)),
      C: part('allowed', wholeNumber(0, 90)),
    },
    reasons: {
      label: 'Reasons',
      description: 'Codes of the national set, or of an adopted local one, first reason first.',
      labels: ['personal'],
      D: required(several(REASON, 1, 1), { note: 'the first reason only' }),
      C: part('required', several(REASON, 1, 3)),
    },
    weaponKind: {
      label: 'Kind of weapon',
      description:
        'National code OW means a weapon or a prohibited item: `not-known` where the source has nothing finer.',
      labels: ['personal'],
      D: required(WEAPON_KIND),
      C: part('required', WEAPON_KIND),
    },
    weaponAct: {
      label: 'What was done with it',
      description: '`not-known` where the source has nothing finer than OW.',
      labels: ['personal'],
      D: required(WEAPON_ACT),
      C: part('required', WEAPON_ACT),
    },
    setting: {
      label: 'Setting',
      description: 'Where it happened.',
      labels: ['personal'],
      C: part('allowed', oneOf('on-site', 'journey', 'off-site', 'online')),
    },
    school: {
      label: 'School',
      description: 'Phase and type with the district; on a consented event the URN.',
      labels: ['personal'],
      D: allowed(
        structure({
          phase: must(
            oneOf('nursery', 'primary', 'middle', 'secondary', 'sixteen-plus', 'all-through', 'not-applicable'),
          ),
          type: must(
            oneOf('maintained', 'academy', 'free-school', 'special', 'alternative-provision', 'independent', 'other'),
          ),
          district: must(place('district', 'unknown')),
        }),
      ),
      C: part('allowed', pattern('[0-9]{6}', 'URN of the school')),
    },
    ageBand: {
      label: 'Age band',
      description: 'Age in years, banded.',
      labels: ['personal'],
      D: required(ageBand),
      C: part('allowed', ageBand),
    },
    sex: {
      label: 'Sex',
      description: 'As the source recorded it.',
      labels: ['personal'],
      D: required(sex),
      C: part('allowed', sex),
    },
    senProvision: {
      label: 'SEN provision',
      description: 'Special educational needs provision.',
      labels: ['special-category'],
      D: allowed(oneOf('none', 'support', 'plan'), YEARLY_BY_DISTRICT),
      C: part('allowed', oneOf('none', 'support', 'plan')),
    },
    senNeed: {
      label: 'Primary need',
      description: 'Primary special educational need.',
      labels: ['patient'],
      C: part('allowed', code('sen-need'), { note: 'another gateway than s.16' }),
    },
    careStatus: {
      label: 'Care status',
      description: 'Looked after, on a child protection plan, in need, or none.',
      labels: ['personal'],
      D: allowed(oneOf('looked-after', 'plan', 'in-need', 'none'), YEARLY_BY_DISTRICT),
      C: part('allowed', oneOf('looked-after', 'plan', 'in-need', 'none')),
    },
    subjectRole: {
      label: 'Role',
      description: 'The excluded pupil only.',
      labels: ['personal'],
      C: part('required', oneOf('excluded-pupil')),
    },
  },
});
