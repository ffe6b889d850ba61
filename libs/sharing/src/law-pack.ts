import { CAPACITIES, documentSchema, readDocument, type Capacity, type Fault, type Mode } from '#contracts';
import type { EventType, JsonLimits, Sha256 } from '#kernel';
import { within } from './calendar.ts';
import { closed, day, kebab, oneOf } from './schema-parts.ts';

/** Where a rule comes from and who has checked it. `verified`: the primary text was read. */
export interface Provenance {
  readonly source: string;
  readonly asAt: string;
  readonly verified: boolean;
  readonly reviewer: string | null;
}
/**
 * A rule of a gateway: a name of `gateway-rules.ts` with what it compares with. One that the hub does not know, that
 * names a label or a capacity the hub does not know, or that bars and does not say what, refuses.
 */
export interface Requirement extends Provenance {
  readonly rule: string;
  readonly text: string;
  readonly capacities?: readonly string[];
  readonly purposes?: readonly string[];
  readonly labels?: readonly string[];
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
  /** Labels that whatever it carries bears from then on. */
  readonly adds: readonly string[];
  /** `null`: not commenced, so nothing rests on it. */
  readonly inForceFrom: string | null;
  readonly inForceTo: string | null;
}
/** A rule of law that is no gateway, with its items: reasons, questions, excepted gateways. */
export interface LawRule extends Provenance {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly items: readonly { readonly id: string; readonly text: string }[];
  readonly labels?: readonly string[];
  readonly capacities?: readonly string[];
  readonly inForceFrom: string | null;
  readonly inForceTo: string | null;
}
/** A disclosure that a lawyer has decided: a pack that decides it otherwise is refused. */
export interface LawCase {
  readonly text: string;
  readonly gateway: string;
  readonly from: Capacity;
  readonly to: Capacity;
  readonly mode: Mode;
  readonly type: EventType;
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly heldForFunctions: boolean;
  /** False where the agreement records no anonymisation test; true when absent. */
  readonly tested?: boolean;
  /** `permit`, or the rule that refuses. */
  readonly result: string;
  readonly section: string;
}
export interface LawPack {
  readonly kind: 'law';
  readonly version: string;
  readonly title: string;
  readonly gateways: readonly Gateway[];
  readonly rules: readonly LawRule[];
  readonly cases: readonly LawCase[];
}
export type LawPackRead =
  { readonly ok: true; readonly law: LawPack; readonly canonical: Uint8Array; readonly digest: Sha256 } | Fault;

/** 1 MiB, depth 8, 40 keys an object, 1,000 items a list. */
export const LAW_PACK_LIMITS: JsonLimits = { bytes: 1_048_576, depth: 8, keys: 40, items: 1_000 };

const text = { type: 'string', minLength: 1, maxLength: 2_000 };
const dayOrNull = { type: ['string', 'null'], format: 'date' };
const list = (items: object) => ({ type: 'array', items, uniqueItems: true });
const capacity = oneOf(CAPACITIES);
const mode = oneOf(['count', 'record', 'subject']);
const type = { type: 'string', maxLength: 100, pattern: '^[a-z]+(\\.[a-z0-9-]+)+\\.v[1-9][0-9]*$' };
const agencies = { anyOf: [{ const: 'any' }, list(capacity)] };
const provenance = {
  source: text,
  asAt: day,
  verified: { type: 'boolean' },
  reviewer: { type: ['string', 'null'], maxLength: 300 },
};
const inForce = { inForceFrom: dayOrNull, inForceTo: dayOrNull };
const requirement = closed(
  { rule: kebab, text, capacities: list(kebab), purposes: list(kebab), labels: list(kebab), ...provenance },
  ['capacities', 'purposes', 'labels'],
);
const gateway = closed({
  id: kebab,
  title: text,
  text,
  from: agencies,
  to: agencies,
  carries: list(mode),
  types: list(type),
  requires: list(requirement),
  adds: list(kebab),
  ...inForce,
  ...provenance,
});
const rule = closed(
  {
    id: kebab,
    title: text,
    text,
    items: list(closed({ id: kebab, text })),
    labels: list(kebab),
    capacities: list(kebab),
    ...inForce,
    ...provenance,
  },
  ['labels', 'capacities'],
);
const lawCase = closed(
  {
    text,
    gateway: kebab,
    from: capacity,
    to: capacity,
    mode,
    type,
    fields: list({ type: 'string', maxLength: 60, pattern: '^[a-z][A-Za-z0-9]*$' }),
    purpose: kebab,
    heldForFunctions: { type: 'boolean' },
    tested: { type: 'boolean' },
    result: kebab,
    section: text,
  },
  ['tested'],
);

export const LAW_PACK_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:svd:schema:law-pack:1',
  ...closed({
    kind: { const: 'law' },
    version: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,59}$' },
    title: text,
    gateways: list(gateway),
    rules: list(rule),
    cases: list(lawCase),
  }),
};

const fits = documentSchema<LawPack>(LAW_PACK_SCHEMA);

/**
 * Reads a law pack strictly. Codes: the parser's `json-…`, else `law-pack-invalid`. That it decides its own cases as
 * it says is for `brokenCase`.
 */
export function readLawPack(bytes: Uint8Array): LawPackRead {
  const read = readDocument(bytes, LAW_PACK_LIMITS, fits, 'law-pack-invalid');
  if (!read.ok) return read;
  for (const member of ['gateways', 'rules'] as const) {
    const ids = read.value[member].map(({ id }) => id);
    if (new Set(ids).size !== ids.length) return { ok: false, code: 'law-pack-invalid', field: member };
  }
  return { ok: true, law: read.value, canonical: read.canonical, digest: read.digest };
}

export const gatewayOf = (law: LawPack | undefined, id: string): Gateway | undefined =>
  law?.gateways.find((gateway) => gateway.id === id);

/** A rule of the pack that is in force on the day. */
export const lawRuleOf = (law: LawPack | undefined, id: string, day: string): LawRule | undefined =>
  law?.rules.find((rule) => rule.id === id && within(day, rule.inForceFrom, rule.inForceTo));

/** The day (Europe/London) lies within the gateway's own dates. */
export const gatewayInForce = (gateway: Gateway, day: string): boolean =>
  within(day, gateway.inForceFrom, gateway.inForceTo);

/** True for a capacity that the gateway lets disclose (`from`) or receive (`to`). */
export const serves = (side: Gateway['from'], capacity: string | undefined): boolean =>
  capacity !== undefined && (side === 'any' || side.some((one) => one === capacity));
