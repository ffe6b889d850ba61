import { hash } from 'node:crypto';
import { canonicalJson, type Json } from '#kernel';
import { areaAt, CATEGORIES, districtAt, FLAG_METHOD, OFFENCES, OUTCOMES } from './packs.ts';
import { POLICE } from './people.ts';

export const INCIDENT = 'uk.svd.police.incident-recorded.v1';
export const PROFILE = 'uk.svd.police.incident-profiled.v1';

/** What the events of a stream are: place events (P), profile events (D), or place events with every field there is. */
export type EventKind = 'incident' | 'profile' | 'full-incident';
/** Line `n` of a stream: one canonical event without a line ending. The same `n` gives the same bytes. */
export type EventLines = (n: number) => string;

const TEMPLATES = 1_009;
const ID = '0'.repeat(32);
const SUBMISSION = '1'.repeat(32);
const BLOCK_CHARACTERS = 64 * 1024;

/**
 * Distinct valid events with the random-looking ids that connectors make: digests of seed and number. About 600 bytes;
 * a full incident about 750.
 */
export function eventLines(kind: EventKind, seed: string): EventLines {
  const templates = Array.from({ length: TEMPLATES }, (_, n) => template(kind, n));
  return (n) => {
    const parts = templates[n % TEMPLATES];
    if (parts === undefined) throw new RangeError('a line is numbered from 0');
    const random = hash('sha256', `${seed} ${kind} ${n}`, 'hex');
    return `${parts[0]}${random.slice(0, 32)}${parts[1]}${random.slice(32)}${parts[2]}`;
  };
}
/** Id of a line that {@link eventLines} made. */
export const idOfLine = (kind: EventKind, seed: string, n: number): string =>
  hash('sha256', `${seed} ${kind} ${n}`, 'hex').slice(0, 32);

/** Lines `from` to `to` (exclusive) with their endings, in blocks of about 64 KiB. */
export function* blocksOf(lines: EventLines, from: number, to: number): Generator<Buffer> {
  let text = '';
  for (let n = from; n < to; n++) {
    text += lines(n) + '\n';
    if (text.length < BLOCK_CHARACTERS) continue;
    yield Buffer.from(text, 'latin1');
    text = '';
  }
  if (text !== '') yield Buffer.from(text, 'latin1');
}

/** The event's text before its id, between id and submission, and after. */
function template(kind: EventKind, n: number): readonly [string, string, string] {
  const event = {
    specversion: '1.0',
    id: ID,
    source: `urn:svd:agency:${POLICE}:incidents`,
    type: kind === 'profile' ? PROFILE : INCIDENT,
    datacontenttype: 'application/json',
    basis: 'anonymised',
    schemaversion: '1.0',
    submission: SUBMISSION,
    data: kind === 'profile' ? profile(n) : incident(n, kind === 'full-incident'),
  };
  const [before = '', rest = ''] = canonicalJson(event).split(ID);
  const [between = '', after = ''] = rest.split(SUBMISSION);
  return [before, between, after];
}

const pick = (from: readonly string[], n: number): string => from[n % from.length] ?? '';
const two = (n: number): string => String(n).padStart(2, '0');
const monthAt = (n: number): string => `${2023 + (Math.floor(n / 12) % 2)}-${two(1 + (n % 12))}`;

function incident(n: number, full: boolean): Json {
  const hour = `${monthAt(n)}-${two(1 + (n % 28))}T${two(8 + (n % 14))}`;
  return {
    category: pick(CATEGORIES, n * 7),
    occurredFrom: hour,
    occurredTo: hour,
    timePrecision: 'hour',
    place: areaAt(n * 13),
    placeConfidence: 'street',
    lookupVersion: 'lsoa21-2024-01',
    locationType: 'street',
    knifeOrSharp: pick(['no', 'unknown'], n),
    weapon: pick(['none', 'unknown'], n),
    outcome: { code: pick(OUTCOMES, n), month: '2025-01' },
    ...(full ? { ...knife(n), injury: 'other' } : {}),
  };
}

function profile(n: number): Json {
  const month = monthAt(n);
  return {
    category: pick(CATEGORIES, n * 5),
    occurredFrom: month,
    occurredTo: month,
    place: districtAt(n * 11),
    knifeOrSharp: pick(['no', 'unknown'], n),
    weapon: 'other',
    domestic: 'unknown',
    injury: pick(['none', 'minor'], n),
    subjectRole: pick(['victim', 'suspect'], n),
    ageBand: pick(['10-13', '14-17', '18-24', '25-30', '31-49'], n),
    sex: pick(['female', 'male'], n),
    outcome: { code: pick(OUTCOMES, n) },
  };
}

const knife = (n: number): Record<string, Json> => ({
  knifeOrSharp: pick(['used', 'threatened', 'possessed'], n),
  weapon: 'sharp',
  flagMethod: { code: FLAG_METHOD, list: '2019' },
  offenceCode: { code: pick(OFFENCES, n), list: '2018' },
});
