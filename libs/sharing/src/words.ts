import type { Capacity, LegalLabel, LifecycleReason, Mode, PlaceGrain, Purpose, TimeGrain } from '#contracts';
import type { Agreement, Caldicott, Handling } from './agreement.ts';
import type { AgreementStatus } from './agreement-state.ts';

/** For people: what the names that agreements use stand for. */
export const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  'sv-needs-assessment': 'assessing the kinds, causes and places of serious violence in the area',
  'sv-strategy': 'preparing the strategy to prevent and reduce serious violence',
  's17-monitoring': 'monitoring, by the local policing body, of how the duty is carried out',
  'safeguarding-enquiry': 'an enquiry to safeguard a child or an adult at risk',
  'violence-reduction-pathway': 'carrying out the strategy with people who are offered a way out of violence',
  evaluation: 'finding out what works',
  audit: 'seeing who was shown what, why and under which rule',
};

export const CAPACITY_WORDS: Readonly<Record<Capacity, string>> = {
  'specified-authority': 'a specified authority',
  'chief-officer-of-police': 'a chief officer of police',
  'probation-provider': 'a provider of probation services',
  'youth-offending-team': 'a youth offending team',
  'integrated-care-board': 'an integrated care board',
  'fire-and-rescue-authority': 'a fire and rescue authority',
  'local-authority': 'a local authority',
  'local-policing-body': 'a local policing body',
  'educational-authority': 'an educational authority',
  'prison-authority': 'a prison authority',
  'youth-custody-authority': 'a youth custody authority',
  'health-provider': 'a provider of health care',
  'voluntary-sector': 'a voluntary organisation',
  'analysis-unit': 'an analysis unit',
  host: 'the host of the hub',
};

export const MODE_WORDS: Readonly<Record<Mode, string>> = {
  count: 'counts: tables of frozen releases, never a row and never live data',
  record: 'records: rows of frozen record releases that know no subject',
  subject: 'subjects: one consented person, or one work list, by pseudonym and live',
};

export const PLACE_WORDS: Readonly<Record<PlaceGrain, string>> = {
  lsoa: 'neighbourhood of about 1,500 people (lower layer super output area)',
  ward: 'ward',
  district: 'district',
  csp: 'community safety partnership',
  force: 'police force area',
};
export const TIME_WORDS: Readonly<Record<TimeGrain, string>> = { month: 'month', quarter: 'quarter', year: 'year' };

export const LABEL_WORDS: Readonly<Record<LegalLabel, string>> = {
  personal: 'personal information',
  patient: 'patient information',
  'hsc-source': 'of a health or social care authority',
  's17-only': 'for monitoring under s.14 alone',
  da: 'domestic abuse',
  sexual: 'sexual offences',
  'special-category': 'special category',
  'criminal-offence': 'criminal offences',
  'exploitation-victim': 'victims of exploitation',
  'protected-identity': 'protected identity',
  'limited-access': 'limited access',
  'law-enforcement': 'law enforcement processing',
};

export const STATUS_WORDS: Readonly<Record<AgreementStatus, string>> = {
  drafted: 'drafted, and signed by nobody yet',
  signed: 'signed by some of its parties, and not yet by all',
  'not-yet': 'signed by every party, and its first day is still to come',
  'in-force': 'in force',
  suspended: 'suspended: nothing of it is disclosed or taken in',
  superseded: 'superseded: a later version took its place',
  expired: 'over: its last day has passed',
  ended: 'ended by a party',
};

export const REASON_WORDS: Readonly<Record<LifecycleReason, string>> = {
  concern: 'a concern',
  breach: 'a breach',
  review: 'a review',
  'law-changed': 'the law has changed',
  'no-longer-needed': 'it is no longer needed',
  superseded: 'something else took its place',
  'party-closed': 'a party has closed',
  other: 'another reason',
};

export const RETURN_WORDS: Readonly<Record<Agreement['returns'][number]['kind'], string>> = {
  'cda-17a-quarterly': 'a return each quarter under s.17A of the Crime and Disorder Act 1998 (SI 2007/1831)',
  'istv-monthly': 'the monthly file of emergency departments on violence (ISB 1594)',
};

/** The National Data Guardian's principles of 2020, in short. */
export const PRINCIPLE_WORDS: Readonly<Record<keyof Caldicott['principles'], string>> = {
  justifyPurpose: 'Justify the purpose',
  onlyWhenNecessary: 'Use confidential information only when it is necessary',
  minimumNecessary: 'Use the minimum that is necessary',
  needToKnow: 'Give access on a strict need-to-know basis',
  awareOfResponsibilities: 'Everyone with access is aware of their responsibilities',
  complyWithLaw: 'Comply with the law',
  dutyToShare: 'The duty to share for individual care is as important as the duty to protect confidentiality',
  informPatients: 'Inform patients and service users how their information is used',
};

export const HANDLING_WORDS: Readonly<Record<keyof Handling, string>> = {
  rights: 'Rights of the people whom it is about',
  accuracy: 'Accuracy',
  deletion: 'Deletion',
  security: 'Security',
  breach: 'Breach',
  training: 'Training',
  termination: 'Termination',
};

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `2026-01-09` as `9 January 2026`; anything else as it is. */
export function dayWords(day: string): string {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year === undefined ? day : `${Number(date)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}

const UNITS: Readonly<Record<string, string>> = { Y: 'year', M: 'month', D: 'day' };
/** `P2Y` as `2 years`; anything else as it is. */
export function durationWords(duration: string): string {
  const [, count, unit = ''] = /^P(\d+)([YMD])$/.exec(duration) ?? [];
  return count === undefined ? duration : `${count} ${UNITS[unit] ?? ''}${count === '1' ? '' : 's'}`;
}

/** The words with the name that the documents and the API use. */
export const withName = (words: string | undefined, name: string): string =>
  words === undefined || words === name ? name : `${words} (${name})`;
