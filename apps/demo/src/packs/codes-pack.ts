import type { CodesPack } from '#contracts';
import { HOSPITALS } from '../events/feeds.ts';
import { KNIFE_METHOD, OFFENCE_LIST } from '../events/police-profiles.ts';
import { METHOD_TABLE } from '../events/emergency.ts';
import { REASON_LIST } from '../events/exclusions.ts';
import { AGENCIES, MENTORS } from '../agencies.ts';

/** Code of a label of open police data: lower case, hyphens for everything else. */
const slug = (label: string): string => label.toLowerCase().replace(/[^a-z]+/g, '-');
const byLabel = (labels: readonly string[]): Record<string, string> =>
  Object.fromEntries(labels.map((label) => [slug(label), label]));

const CATEGORIES = [
  'Anti-social behaviour',
  'Bicycle theft',
  'Burglary',
  'Criminal damage and arson',
  'Drugs',
  'Other crime',
  'Other theft',
  'Possession of weapons',
  'Public order',
  'Robbery',
  'Shoplifting',
  'Theft from the person',
  'Vehicle crime',
  'Violence and sexual offences',
];
const OUTCOMES = [
  'Action to be taken by another organisation',
  'Awaiting court outcome',
  'Court case unable to proceed',
  'Court result unavailable',
  'Defendant found not guilty',
  'Formal action is not in the public interest',
  'Further action is not in the public interest',
  'Further investigation is not in the public interest',
  'Investigation complete; no suspect identified',
  'Local resolution',
  'Offender fined',
  'Offender given a caution',
  'Offender given a drugs possession warning',
  'Offender given a penalty notice',
  'Offender given absolute discharge',
  'Offender given community sentence',
  'Offender given conditional discharge',
  'Offender given suspended prison sentence',
  'Offender ordered to pay compensation',
  'Offender otherwise dealt with',
  'Offender sent to prison',
  'Status update unavailable',
  'Suspect charged',
  'Suspect charged as part of another case',
  'Unable to prosecute suspect',
  'Under investigation',
];
/** Groups and subgroups of serious violence: profiles claim nothing finer. */
const OFFENCES = {
  'violence-against-the-person': 'Violence against the person',
  homicide: 'Homicide',
  'violence-with-injury': 'Violence with injury',
  'violence-without-injury': 'Violence without injury',
  'sexual-offences': 'Sexual offences',
  robbery: 'Robbery',
  'possession-of-weapons-offences': 'Possession of weapons offences',
};
const REASONS = {
  PP: 'Physical assault against a pupil',
  PA: 'Physical assault against an adult',
  VP: 'Verbal abuse or threatening behaviour against a pupil',
  VA: 'Verbal abuse or threatening behaviour against an adult',
  OW: 'Offensive weapon or prohibited item',
  BU: 'Bullying',
  RA: 'Racist abuse',
  LG: 'Abuse against sexual orientation and gender identity',
  DS: 'Abuse relating to disability',
  SM: 'Sexual misconduct',
  DA: 'Drug and alcohol related',
  DM: 'Damage to property',
  TH: 'Theft',
  DB: 'Persistent or general disruptive behaviour',
  MT: 'Inappropriate use of social media or online technology',
  PH: 'Transgression of measures that protect public health',
};
const METHODS = {
  'body-part': 'Body part (fist, foot, head)',
  'blunt-object': 'Blunt object',
  'sharp-object': 'Knife or other sharp object',
  'glass-or-bottle': 'Glass or bottle',
  pushed: 'Pushed',
  corrosive: 'Corrosive substance',
  firearm: 'Firearm',
  other: 'Other',
};

const nameOf = (id: string): string => AGENCIES.find(({ agency }) => agency === id)?.name ?? '';

/** The code lists that the county's feeds use. Facts of public schemes; hospital and prison codes are invented. */
export const codesPack = (): CodesPack => ({
  kind: 'codes',
  version: 'merrowshire-1',
  title: 'Code lists of the Merrowshire partnership',
  source:
    'data.police.uk category and outcome labels; Home Office counting rules; Department for Education reason codes; own lists',
  licence: 'Contains public sector information licensed under the Open Government Licence v3.0',
  lists: {
    'street-category': { title: 'Street crime category', version: '2024', codes: byLabel(CATEGORIES) },
    'street-outcome': { title: 'Outcome category', version: '2024', codes: byLabel(OUTCOMES) },
    'home-office-offence': { title: 'Offence group, subgroup or code', version: OFFENCE_LIST, codes: OFFENCES },
    'flag-method': {
      title: 'Counting method of the knife flag',
      version: KNIFE_METHOD.list,
      codes: { [KNIFE_METHOD.code]: 'Home Office special collection on offences with a knife' },
    },
    'ods-site': {
      title: 'Emergency departments',
      version: 'v1',
      codes: Object.fromEntries(HOSPITALS.map(({ site, agency }) => [site, nameOf(agency)])),
    },
    'ods-trust': {
      title: 'Trusts',
      version: 'v1',
      codes: Object.fromEntries(HOSPITALS.map(({ trust, agency }) => [trust, nameOf(agency)])),
    },
    'ed-method': { title: 'Assault method', version: METHOD_TABLE, codes: METHODS },
    'exclusion-reason': { title: 'Reason for exclusion, national', version: REASON_LIST, codes: REASONS },
    'mentor-provider': { title: 'Providers of mentors', version: 'v1', codes: { [MENTORS.agency]: MENTORS.name } },
    prison: { title: 'Prisons', version: 'v1', codes: { ZEF: 'HMP Eastfleet' } },
  },
});
