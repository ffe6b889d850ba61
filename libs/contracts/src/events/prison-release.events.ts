import { allowed, eventFamily, part, required, type Rule } from '../fields.ts';
import { ageBand, sex } from '../shared-fields.ts';
import { clock, code, may, must, oneOf, place, structure } from '../values.ts';

const RELEASE_TYPE = oneOf('end-of-sentence', 'licence', 'home-detention-curfew', 'remand-ended', 'recall-re-release');
const TIME_SERVED = oneOf('under-6m', '6-12m', '1-4y', 'over-4y');
const MENTOR = structure({
  status: must(oneOf('not-offered', 'offered', 'accepted', 'declined')),
  provider: may(code('mentor-provider')),
});
const AREA = place('district', 'delivery-unit', 'unknown');

const rule: Rule = () => undefined;

/** Held by a competent authority to execute penalties (DPA 2018 Part 3, not verified). */
const LABELS = ['personal', 'law-enforcement'] as const;

/** What a prison publishes of releases. No P. Temporary absence, court and transfer are not releases. */
export const prisonRelease = eventFamily({
  sector: 'prison',
  title: 'Prison releases',
  events: [
    {
      type: 'uk.svd.prison.release-profiled.v1',
      way: 'D',
      title: 'A person was released, in broad terms',
      labels: LABELS,
      place: ['releaseArea'],
      time: ['date'],
    },
    {
      type: 'uk.svd.prison.release-planned.v1',
      way: 'C',
      title: "A consented person's release was planned",
      labels: LABELS,
      place: ['releaseArea'],
      time: ['date'],
      planned: true,
    },
    {
      type: 'uk.svd.prison.release-recorded.v1',
      way: 'C',
      title: 'A consented person was released',
      labels: LABELS,
      place: ['releaseArea'],
      time: ['date'],
    },
  ],
  rule,
  fields: {
    status: {
      label: 'Status',
      description: 'Where the release stands.',
      labels: ['personal'],
      D: required(oneOf('released')),
      C: part('required', oneOf('provisional', 'confirmed', 'changed', 'cancelled', 'released')),
    },
    date: {
      label: 'Date of release',
      description: 'The quarter, or the date.',
      labels: ['personal'],
      D: required(clock('quarter')),
      C: part('required', clock('date')),
    },
    releaseType: {
      label: 'Type of release',
      description: 'Why the person leaves.',
      labels: ['personal'],
      D: required(RELEASE_TYPE),
      C: part('allowed', RELEASE_TYPE),
    },
    establishment: {
      label: 'Establishment',
      description: 'The prison.',
      labels: ['personal'],
      C: part('allowed', code('prison')),
    },
    releaseArea: {
      label: 'Release area',
      description: 'District or probation delivery unit, never finer.',
      labels: ['personal'],
      D: required(AREA),
      C: part('required', AREA),
    },
    offenceGroup: {
      label: 'Offence group',
      description: 'Broad group of the offence.',
      labels: ['criminal-offence'],
      D: allowed(oneOf('violence', 'weapons', 'robbery', 'drugs', 'other'), { note: 'never sexual' }),
      C: part('allowed', oneOf('violence', 'weapons', 'robbery', 'sexual', 'drugs', 'other'), {
        note: 'probation and police; a mentor none',
        recipients: ['probation-provider', 'chief-officer-of-police'],
      }),
    },
    timeServed: {
      label: 'Time served',
      description: 'Months or years, banded.',
      labels: ['personal'],
      D: allowed(TIME_SERVED),
      C: part('allowed', TIME_SERVED),
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
    mentor: {
      label: 'Mentor',
      description: 'Offer of a mentor, with the provider.',
      labels: ['personal'],
      D: allowed(MENTOR),
      C: part('allowed', MENTOR),
    },
    healthHandover: {
      label: 'Health handover arranged',
      description: 'Whether a handover to community health care is arranged.',
      labels: ['patient'],
      C: part('allowed', oneOf('yes', 'no'), { note: 'another gateway than s.16' }),
    },
  },
});
