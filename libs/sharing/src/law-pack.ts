import { CAPACITIES, type Capacity, type Mode } from '#contracts';
import type { EventType, JsonLimits, Sha256 } from '#kernel';
import { within } from './calendar.ts';
import { documentSchema, readDocument, type Fault } from '#contracts';

/** Where a rule comes from and who has checked it. `verified`: the primary text was read. */
export interface Provenance {
  readonly source: string;
  readonly asAt: string;
  readonly verified: boolean;
  readonly reviewer: string | null;
}
/** A condition of a gateway. One that the hub does not know refuses. */
export interface Requirement extends Provenance {
  readonly rule: string;
  readonly text: string;
}
/** A statutory or other power to disclose (law.md, Gateways). */
export interface Gateway extends Provenance {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly from: 'any' | readonly Capacity[];
  readonly to: 'any' | readonly Capacity[];
  readonly carries: readonly Mode[];
  readonly types: readonly EventType[];
  readonly requires: readonly Requirement[];
  /** `null`: not commenced, so nothing rests on it. */
  readonly inForceFrom: string | null;
  readonly inForceTo: string | null;
}
export interface LawPack {
  readonly kind: 'law';
  readonly version: string;
  readonly title: string;
  readonly gateways: readonly Gateway[];
}
export type LawPackRead =
  { readonly ok: true; readonly law: LawPack; readonly canonical: Uint8Array; readonly digest: Sha256 } | Fault;

/** 1 MiB, depth 8, 40 keys an object, 1,000 items a list. */
export const LAW_PACK_LIMITS: JsonLimits = { bytes: 1_048_576, depth: 8, keys: 40, items: 1_000 };

const kebab = { type: 'string', maxLength: 60, pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' };
const text = { type: 'string', minLength: 1, maxLength: 2_000 };
const day = { type: 'string', format: 'date' };
const dayOrNull = { type: ['string', 'null'], format: 'date' };
const agencies = { anyOf: [{ const: 'any' }, { type: 'array', items: { enum: [...CAPACITIES] }, uniqueItems: true }] };
const provenance = {
  source: text,
  asAt: day,
  verified: { type: 'boolean' },
  reviewer: { type: ['string', 'null'], maxLength: 300 },
};
const closed = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const list = (items: object) => ({ type: 'array', items, uniqueItems: true });

export const LAW_PACK_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:svd:schema:law-pack:1',
  ...closed({
    kind: { const: 'law' },
    version: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,59}$' },
    title: text,
    gateways: list(
      closed({
        id: kebab,
        title: text,
        text,
        from: agencies,
        to: agencies,
        carries: list({ enum: ['count', 'record', 'subject'] }),
        types: list({ type: 'string', maxLength: 100, pattern: '^[a-z]+(\\.[a-z0-9-]+)+\\.v[1-9][0-9]*$' }),
        requires: list(closed({ rule: kebab, text, ...provenance })),
        inForceFrom: dayOrNull,
        inForceTo: dayOrNull,
        ...provenance,
      }),
    ),
  }),
};

const fits = documentSchema<LawPack>(LAW_PACK_SCHEMA);

/** Reads a law pack strictly. Codes: the parser's `json-…`, else `law-pack-invalid`. */
export function readLawPack(bytes: Uint8Array): LawPackRead {
  const read = readDocument(bytes, LAW_PACK_LIMITS, fits, 'law-pack-invalid');
  if (!read.ok) return read;
  const ids = read.value.gateways.map((gateway) => gateway.id);
  if (new Set(ids).size !== ids.length) return { ok: false, code: 'law-pack-invalid', field: 'gateways' };
  return { ok: true, law: read.value, canonical: read.canonical, digest: read.digest };
}

export const gatewayOf = (law: LawPack | undefined, id: string): Gateway | undefined =>
  law?.gateways.find((gateway) => gateway.id === id);

/** The day (Europe/London) lies within the gateway's own dates. */
export const gatewayInForce = (gateway: Gateway, day: string): boolean =>
  within(day, gateway.inForceFrom, gateway.inForceTo);

/** Gateways that could carry this on that day, best first: anonymise, then consent, then the rest by name (law.md). */
export function rankedGateways(
  law: LawPack | undefined,
  day: string,
  mode: string,
  types: readonly EventType[],
): readonly string[] {
  const rank = (id: string) => ['anonymous', 'confidence-consent'].indexOf(id) >>> 0;
  return (law?.gateways ?? [])
    .filter((gateway) => gatewayInForce(gateway, day))
    .filter((gateway) => gateway.carries.some((carried) => carried === mode))
    .filter((gateway) => types.every((type) => gateway.types.includes(type)))
    .map((gateway) => gateway.id)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
