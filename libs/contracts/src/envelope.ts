import { isAgencyId, parseInstant, sourceOf, type AgencyId, type Json } from '#kernel';
import { EVENT_ID } from './fields.ts';
import type { JsonSchema } from './json-schema.ts';

/** Version of the data schemas within a major version of a type. */
export const SCHEMA_VERSION = '1.0';
const ID = new RegExp(`^${EVENT_ID}$`);
const SUBMISSION = /^[0-9a-f]{32}$/;
const CONSENT = /^[A-Za-z0-9_-]{8,128}$/;
/** Which of an agency's feeds a source may name after the agency: a fixed list, so that a source holds no free text. */
export const SOURCE_FEEDS = [
  'street',
  'incidents',
  'records',
  'custody',
  'ed',
  'exclusions',
  'releases',
  'profiles',
] as const;
const FEEDS: ReadonlySet<string> = new Set(SOURCE_FEEDS);
const SOURCE = new RegExp(`^urn:svd:agency:([a-z0-9-]{1,60})(?::(?:${SOURCE_FEEDS.join('|')}))?$`);

/** The attributes of CloudEvents 1.0 that an event may carry (`hub.md` §6); every other is rejected. */
export interface Envelope {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly datacontenttype: 'application/json';
  readonly basis: 'anonymised' | 'consented';
  readonly schemaversion: typeof SCHEMA_VERSION;
  /** Random id of one push, 32 lower-case hexadecimal digits. The P and D of one occurrence never share it. */
  readonly submission: string;
  /** C only. */
  readonly consentref?: string;
  /** C only, where the source gives an instant (RFC 3339, UTC). */
  readonly time?: string;
  readonly data: Readonly<Record<string, Json>>;
}
export type EnvelopeFault = { readonly code: 'envelope-invalid' | 'attribute-unknown'; readonly field?: string };

const isObject = (value: Json | undefined): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: Json | undefined, length: number): value is string =>
  typeof value === 'string' && value.length <= length;
const CHECKS: Readonly<Record<keyof Envelope, (value: Json) => boolean>> = {
  specversion: (value) => value === '1.0',
  id: (value) => isEventId(value),
  source: (value) => isText(value, 200),
  type: (value) => isText(value, 120),
  datacontenttype: (value) => value === 'application/json',
  basis: (value) => value === 'anonymised' || value === 'consented',
  schemaversion: (value) => value === SCHEMA_VERSION,
  submission: (value) => typeof value === 'string' && SUBMISSION.test(value),
  consentref: (value) => typeof value === 'string' && CONSENT.test(value),
  time: (value) => isText(value, 30) && parseInstant(value) !== undefined,
  data: isObject,
};
const ATTRIBUTES: ReadonlyMap<string, (value: Json) => boolean> = new Map(Object.entries(CHECKS));
const REQUIRED = Object.keys(CHECKS).filter((name) => name !== 'consentref' && name !== 'time');

export const isEventId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/** Checks every attribute on its own; type, source and basis are judged together by the reader. Names no unknown key. */
export function readEnvelope(
  value: Json,
): { readonly ok: true; readonly envelope: Envelope } | { readonly ok: false; readonly fault: EnvelopeFault } {
  if (!isObject(value)) return { ok: false, fault: { code: 'envelope-invalid' } };
  const attributes = value as { readonly [key: string]: Json };
  let optional = 0;
  let count = 0;
  for (const key in attributes) {
    const check = ATTRIBUTES.get(key);
    if (check === undefined) return { ok: false, fault: { code: 'attribute-unknown' } };
    if (!check(attributes[key] ?? null)) return { ok: false, fault: { code: 'envelope-invalid', field: key } };
    if (key === 'consentref' || key === 'time') optional++;
    count++;
  }
  if (count - optional !== REQUIRED.length) {
    const missing = REQUIRED.find((name) => !Object.hasOwn(attributes, name));
    return { ok: false, fault: { code: 'envelope-invalid', ...(missing === undefined ? {} : { field: missing }) } };
  }
  return { ok: true, envelope: value as unknown as Envelope };
}

/**
 * What is wrong with `source` for this agency: it is `urn:svd:agency:<agency>` alone, or with one of {@link SOURCE_FEEDS}.
 * A prefix of another agency's name is not enough.
 */
export function sourceFault(source: string, agency: AgencyId): 'source-not-yours' | 'envelope-invalid' | undefined {
  const own = sourceOf(agency);
  if (source === own) return undefined;
  if (!source.startsWith(`${own}:`)) return 'source-not-yours';
  return FEEDS.has(source.slice(own.length + 1)) ? undefined : 'envelope-invalid';
}
/** The agency that a well-formed source names. */
export function agencyOfSource(source: string): AgencyId | undefined {
  const agency = SOURCE.exec(source)?.[1];
  return isAgencyId(agency) ? agency : undefined;
}

/** JSON Schema of a whole event of one type. */
export function eventSchema(
  definition: { readonly type: string; readonly title: string; readonly basis: Envelope['basis'] },
  data: JsonSchema,
): JsonSchema {
  const consented = definition.basis === 'consented';
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: definition.title,
    type: 'object',
    additionalProperties: false,
    required: [...REQUIRED, ...(consented ? ['consentref'] : [])],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', pattern: ID.source },
      source: { type: 'string', pattern: SOURCE.source },
      type: { const: definition.type },
      datacontenttype: { const: 'application/json' },
      basis: { const: definition.basis },
      schemaversion: { const: SCHEMA_VERSION },
      submission: { type: 'string', pattern: SUBMISSION.source },
      ...(consented
        ? { consentref: { type: 'string', pattern: CONSENT.source }, time: { type: 'string', format: 'date-time' } }
        : {}),
      data,
    },
  };
}
