import { isOffenceClass, isSexualDetail, isSexualGroup } from '../offence-codes.ts';
import {
  allowed,
  eventFamily,
  type Fault,
  finerInPart,
  part,
  required,
  type Rule,
  shared,
  type Way,
} from '../fields.ts';
import {
  ageBand,
  ethnicity5,
  isDistrictOrUnknown,
  LOCATION_TYPES,
  lookupVersion,
  PLACE_CONFIDENCES,
  sex,
  yesNoUnknown,
} from '../shared-fields.ts';
import { clock, code, coded, may, must, oneOf, place, structure } from '../values.ts';
import { shapeOf } from '../clock-time.ts';

const OCCURRED = clock('hour', 'part-of-day', 'date', 'month');
const PRECISION = oneOf('hour', 'part-of-day', 'date', 'month');
const KNIFE = oneOf('used', 'threatened', 'possessed', 'no', 'unknown');
const WEAPON = oneOf('sharp', 'firearm', 'blunt', 'corrosive', 'body', 'other', 'none', 'unknown');
const OUTCOME = structure({ code: must(code('street-outcome')), month: may(clock('month')) });
const COARSE_NOTE = 'part of the day or coarser where the place is a dwelling or the offence domestic or sexual';

const FLAGGED: ReadonlySet<unknown> = new Set(['used', 'threatened', 'possessed']);
const rule: Rule = (data, { way, domestic }) => {
  const offence = (data.offenceCode as { readonly code: string } | undefined)?.code;
  if (offence !== undefined && isTooFine(offence, way)) return { code: 'too-precise', field: 'offenceCode.code' };
  if (way === 'D') return undefined;
  const coarse = domestic || data.locationType === 'dwelling' || (offence !== undefined && isSexualGroup(offence));
  return (coarse ? tooFineClaim(data) : undefined) ?? precisionFault(data) ?? flagFault(data);
};
const isTooFine = (offence: string, way: Way): boolean =>
  isSexualDetail(offence) || (way === 'D' && isOffenceClass(offence));

type Data = Parameters<Rule>[0];
function tooFineClaim(data: Data): Fault | undefined {
  if (data.place !== undefined && !isDistrictOrUnknown(data.place)) return { code: 'too-precise', field: 'place' };
  return shapeOf(data.occurredFrom as string) === 'hour' ? { code: 'too-precise', field: 'occurredFrom' } : undefined;
}
const precisionFault = (data: Data): Fault | undefined =>
  data.timePrecision === shapeOf(data.occurredFrom as string)
    ? undefined
    : { code: 'time-invalid', field: 'timePrecision' };
const flagFault = (data: Data): Fault | undefined =>
  FLAGGED.has(data.knifeOrSharp) && data.flagMethod === undefined
    ? { code: 'field-missing', field: 'flagMethod' }
    : undefined;

/** Held by a competent authority to prevent, detect and prosecute offences (DPA 2018 Part 3, not verified). */
const LABELS = ['personal', 'law-enforcement'] as const;

/** What a police force publishes of incidents and of the people in them. */
export const policeIncident = eventFamily({
  sector: 'police',
  title: 'Police incidents',
  events: [
    {
      type: 'uk.svd.police.incident-recorded.v1',
      way: 'P',
      title: 'An incident was recorded',
      labels: LABELS,
      place: ['place'],
      time: ['occurredFrom'],
    },
    {
      type: 'uk.svd.police.incident-profiled.v1',
      way: 'D',
      title: 'A person in an incident, in broad terms',
      labels: LABELS,
      place: ['place'],
      time: ['occurredFrom'],
    },
    {
      type: 'uk.svd.police.involvement-recorded.v1',
      way: 'C',
      title: 'A consented person was involved in an incident',
      labels: LABELS,
      place: ['place'],
      time: ['occurredFrom'],
    },
  ],
  rule,
  fields: {
    category: {
      label: 'Street category',
      description: 'Category of data.police.uk, where the source has no more.',
      labels: ['personal'],
      P: allowed(code('street-category')),
      D: allowed(code('street-category')),
      C: shared('allowed', code('street-category')),
    },
    offenceCode: {
      label: 'Offence',
      description: 'Home Office code with the version of its list.',
      labels: ['personal'],
      P: allowed(coded('home-office-offence'), {
        note: 'only the group `sexual-offences` where the offence is sexual',
      }),
      D: allowed(coded('home-office-offence'), {
        note: 'subgroup or group; only the group where the offence is sexual',
      }),
      C: finerInPart(coded('home-office-offence'), coded('home-office-offence')),
    },
    occurredFrom: {
      label: 'Occurred from',
      description: 'Start of what is claimed, in clock time of Europe/London.',
      labels: ['personal'],
      P: required(OCCURRED, { note: COARSE_NOTE }),
      D: required(clock('month')),
      C: shared('required', OCCURRED, { note: COARSE_NOTE }),
    },
    occurredTo: {
      label: 'Occurred to',
      description: 'End of what is claimed, inclusive, in the form of `occurredFrom` and not before it.',
      labels: ['personal'],
      P: required(OCCURRED),
      D: required(clock('month')),
      C: shared('required', OCCURRED),
    },
    timePrecision: {
      label: 'Time precision',
      description: 'The form in which both times are written.',
      labels: [],
      P: required(PRECISION),
      C: shared('required', PRECISION),
    },
    place: {
      label: 'Place',
      description: 'LSOA 2021, district, or `unknown`.',
      labels: ['personal'],
      P: required(place('lsoa', 'district', 'unknown'), {
        note: 'district or `unknown` where the place is a dwelling or the offence domestic or sexual',
      }),
      D: required(place('district', 'unknown')),
      C: finerInPart(place('lsoa', 'district', 'unknown'), place('lsoa', 'district', 'unknown')),
    },
    placeConfidence: {
      label: 'Confidence of place',
      description: 'How the place was known.',
      labels: [],
      P: required(oneOf(...PLACE_CONFIDENCES)),
      C: shared('allowed', oneOf(...PLACE_CONFIDENCES)),
    },
    lookupVersion: {
      label: 'Lookup version',
      description: 'The lookup that gave the place.',
      labels: [],
      P: required(lookupVersion),
      C: shared('allowed', lookupVersion),
    },
    locationType: {
      label: 'Type of location',
      description: 'What kind of place it was.',
      labels: ['personal'],
      P: allowed(oneOf(...LOCATION_TYPES)),
      C: shared('allowed', oneOf(...LOCATION_TYPES)),
    },
    knifeOrSharp: {
      label: 'Knife or sharp object',
      description: 'Whether one was used, threatened or possessed.',
      labels: ['personal'],
      P: allowed(KNIFE),
      D: allowed(KNIFE),
      C: shared('allowed', KNIFE),
    },
    flagMethod: {
      label: 'Counting method of the flag',
      description: 'How the knife flag was decided, with the version of the method.',
      labels: [],
      P: allowed(coded('flag-method'), { note: 'required where `knifeOrSharp` is used, threatened or possessed' }),
      D: allowed(coded('flag-method')),
      C: shared('allowed', coded('flag-method')),
    },
    weapon: {
      label: 'Weapon',
      description: 'Kind of weapon.',
      labels: ['personal'],
      P: allowed(WEAPON),
      D: allowed(oneOf('sharp', 'other')),
      C: shared('allowed', WEAPON),
    },
    domestic: {
      label: 'Domestic',
      description: 'Whether the offence was domestic. On a place event it only coarsens, at the source.',
      labels: ['da'],
      D: allowed(yesNoUnknown, { tabulate: { place: 'district', time: 'quarter' } }),
      C: part('allowed', yesNoUnknown, { note: 'only under a grant that admits `da`', admittedAs: 'da' }),
    },
    injury: {
      label: 'Injury',
      description: 'Degree of injury.',
      labels: ['patient'],
      P: allowed(oneOf('fatal', 'other')),
      D: allowed(oneOf('none', 'minor', 'serious', 'fatal')),
      C: finerInPart(oneOf('fatal', 'other'), oneOf('none', 'minor', 'serious', 'fatal')),
    },
    subjectRole: {
      label: 'Role',
      description: 'What the person was in the incident. A victim and a suspect are two profile events.',
      labels: ['personal'],
      D: allowed(oneOf('victim', 'suspect'), { note: 'victims and suspects are tabulated apart' }),
      C: part('required', oneOf('victim', 'suspect', 'charged', 'convicted', 'witness')),
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
    ethnicity5: {
      label: 'Ethnicity (five groups)',
      description: 'For monitoring only: never an input to a signal.',
      labels: ['special-category'],
      D: allowed(ethnicity5, { tabulate: { place: 'district', time: 'year' } }),
      C: part('allowed', ethnicity5),
    },
    outcome: {
      label: 'Outcome',
      description: 'Outcome category, with its month where known.',
      labels: ['personal'],
      P: allowed(OUTCOME),
      D: allowed(OUTCOME),
      C: shared('allowed', OUTCOME),
    },
  },
});
