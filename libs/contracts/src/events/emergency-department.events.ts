import { allowed, eventFamily, part, required, type Rule, shared } from '../fields.ts';
import { ageBand, isDistrictOrUnknown, LOCATION_TYPES, sex, yesNoUnknown } from '../shared-fields.ts';
import { clock, code, coded, oneOf, place } from '../values.ts';

const LOCATION = oneOf(...LOCATION_TYPES, 'workplace');
const CONFIDENCE = oneOf('venue', 'street', 'area', 'none');
const DELAY = oneOf('under-2h', '2-6h', '6-24h', 'over-24h', 'unknown');
const DISPOSAL = oneOf('discharged', 'admitted', 'left', 'died');
const SEVERITY = oneOf('minor', 'serious', 'life-threatening');
const NAVIGATOR = oneOf('offered', 'accepted', 'declined');
const IF_KNOWN = { note: 'required where the source has it; ISTV has not, and the field is then not stated' } as const;

const rule: Rule = (data, { way }) =>
  way !== 'D' && data.locationType === 'dwelling' && data.place !== undefined && !isDistrictOrUnknown(data.place)
    ? { code: 'too-precise', field: 'place' }
    : undefined;

/** About a patient; a trust is taken for a health authority, on the safe side (PCSC Act 2022 s.16(4)(b), not verified). */
const LABELS = ['personal', 'hsc-source'] as const;

/** What an emergency department publishes of assaults. Self-inflicted and accidental injuries are not sent at all. */
export const emergencyDepartment = eventFamily({
  sector: 'health',
  title: 'Emergency departments',
  events: [
    {
      type: 'uk.svd.health.ed-attendance-recorded.v1',
      way: 'P',
      title: 'An assault attendance was recorded',
      labels: LABELS,
      place: ['place'],
      time: ['assaultAt'],
    },
    {
      type: 'uk.svd.health.ed-attendance-profiled.v1',
      way: 'D',
      title: 'An assault attendance, the patient in broad terms',
      labels: LABELS,
      place: ['place'],
      time: ['assaultAt'],
    },
    {
      type: 'uk.svd.health.ed-contact-recorded.v1',
      way: 'C',
      title: 'A consented person attended after an assault',
      labels: LABELS,
      place: ['place'],
      time: ['assaultAt'],
    },
  ],
  rule,
  fields: {
    site: {
      label: 'Site',
      description: 'ODS code of the site; of the trust on a profile.',
      labels: ['patient'],
      P: required(code('ods-site')),
      D: required(code('ods-trust')),
      C: shared('allowed', code('ods-site')),
    },
    assaultAt: {
      label: 'Time of the assault',
      description: 'Clock time of Europe/London: the hour, or the part of the day where it is not known better.',
      labels: ['patient'],
      P: required(clock('hour', 'part-of-day')),
      D: required(clock('month')),
      C: shared('allowed', clock('hour', 'part-of-day')),
    },
    arrivalDelay: {
      label: 'Delay to arrival',
      description: 'Time from the assault to arrival.',
      labels: ['patient'],
      P: allowed(DELAY),
      C: shared('allowed', DELAY),
    },
    method: {
      label: 'Method',
      description: 'Assault method, with the version of its table.',
      labels: ['patient'],
      P: required(coded('ed-method')),
      D: required(oneOf('sharp', 'other')),
      C: shared('required', coded('ed-method')),
    },
    locationType: {
      label: 'Type of location',
      description: 'Type only: the description is read inside the trust, then dropped.',
      labels: ['patient'],
      P: required(LOCATION),
      C: shared('allowed', LOCATION),
    },
    place: {
      label: 'Place',
      description: 'LSOA 2021 geocoded at the source, district, or `unknown`.',
      labels: ['patient'],
      P: required(place('lsoa', 'district', 'unknown'), {
        note: 'district or `unknown` where the place is a dwelling',
      }),
      D: required(place('district', 'unknown')),
      C: shared('allowed', place('district', 'unknown')),
    },
    placeConfidence: {
      label: 'Confidence of place',
      description: 'How the place was known.',
      labels: ['patient'],
      P: required(CONFIDENCE),
      D: required(CONFIDENCE),
      C: shared('allowed', CONFIDENCE),
    },
    ageBand: {
      label: 'Age band',
      description: 'Age in years, banded.',
      labels: ['patient'],
      D: allowed(ageBand, IF_KNOWN),
      C: part('allowed', ageBand),
    },
    sex: {
      label: 'Sex',
      description: 'As the source recorded it.',
      labels: ['patient'],
      D: allowed(sex, IF_KNOWN),
      C: part('allowed', sex),
    },
    residence: {
      label: 'Residence',
      description: 'Whether the patient lives in the area.',
      labels: ['patient'],
      D: allowed(oneOf('in-area', 'elsewhere')),
    },
    policeNotified: {
      label: 'Police notified',
      description: 'Whether the police were told.',
      labels: ['patient'],
      D: allowed(yesNoUnknown),
    },
    alcoholOrDrug: {
      label: 'Alcohol or drug',
      description: 'Whether either was noted.',
      labels: ['patient'],
      D: allowed(yesNoUnknown),
      C: part('allowed', yesNoUnknown),
    },
    disposal: {
      label: 'Disposal',
      description: 'How the attendance ended.',
      labels: ['patient'],
      D: allowed(DISPOSAL),
      C: part('allowed', DISPOSAL),
    },
    severity: {
      label: 'Severity',
      description: 'Severity of the injury.',
      labels: ['patient'],
      D: allowed(SEVERITY),
      C: part('allowed', SEVERITY),
    },
    navigator: {
      label: 'Navigator',
      description: 'Offer of a navigator.',
      labels: ['patient'],
      D: allowed(NAVIGATOR),
      C: part('allowed', NAVIGATOR),
    },
    subjectRole: {
      label: 'Role',
      description: 'The patient: never scored as someone who may do harm.',
      labels: ['patient'],
      C: part('required', oneOf('patient')),
    },
  },
});
