import { PLACE_GRAINS, PURPOSES, TIME_GRAINS, CAPACITIES } from '#contracts';
import type { Capacity, Mode, PlaceGrain, Purpose, Threshold, TimeGrain } from '#contracts';
import type { AgencyId, EventType, JsonLimits, Sha256 } from '#kernel';
import { documentSchema, readDocument, type Fault } from '#contracts';

/** A data-sharing agreement as its parties sign it. Days are `YYYY-MM-DD` in Europe/London, inclusive. */
export interface Agreement {
  /** Lower-kebab, at most 60 characters; not `oversight`. */
  readonly id: string;
  readonly title: string;
  /** At least two, of distinct agencies, each in the legal capacity it acts in. */
  readonly parties: readonly { readonly agency: AgencyId; readonly capacity: Capacity }[];
  readonly purposes: readonly Purpose[];
  readonly validity: { readonly from: string; readonly to: string };
  /** The day by which the parties review it. */
  readonly review: string;
  /** How long a recipient may keep an answer: ISO 8601 duration in years, months or days, e.g. `P2Y`. */
  readonly retention: string;
  readonly contacts: readonly { readonly agency: AgencyId; readonly role: string; readonly mailbox: string }[];
  /** What law.md asks for before force; a draft may leave the texts empty, `checkAgreement` then says so. */
  readonly lawful: {
    readonly dpia: string;
    readonly dpoAdvice: string;
    readonly article6: string;
    readonly article9?: string;
    /** DPA 2018 Part 3 applies to a party's processing. */
    readonly lawEnforcement: boolean;
    readonly privacyNotice: string;
  };
  readonly anonymisationTest?: AnonymisationTest;
  /** Sign-off by the Caldicott Guardian of the health party. */
  readonly caldicott?: { readonly guardian: string; readonly date: string };
  readonly grants: readonly Grant[];
}

/** The recorded test that the gateway `anonymous` rests on. */
export interface AnonymisationTest {
  readonly method: string;
  readonly assessor: string;
  readonly date: string;
  /** What else these recipients know or can get. */
  readonly recipientKnowledge: string;
  /** At most twelve months after `date`. */
  readonly review: string;
  /** The finest place that was assessed. */
  readonly place: PlaceGrain;
}

export interface Grant {
  readonly id: string;
  readonly publishers: readonly AgencyId[];
  readonly types: readonly EventType[];
  readonly consumer: AgencyId;
  readonly purposes: readonly Purpose[];
  readonly mode: Mode;
  /** Id of a gateway of the law pack. */
  readonly gateway: string;
  /** Fields of the types that may be tabulated; place and time are governed by their grains. */
  readonly fields: readonly string[];
  /** The finest place and time that may be shown; every coarser one is granted too. */
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  readonly ageBands: 'standard';
  readonly threshold: Threshold;
  readonly openness: 'protected' | 'open';
  /** Of an `open` grant: under which licence, and where, the same detail is already published. */
  readonly licence?: string;
  readonly address?: string;
}

export type AgreementRead =
  { readonly ok: true; readonly agreement: Agreement; readonly canonical: Uint8Array; readonly digest: Sha256 } | Fault;

/** 64 KiB, depth 8, 40 keys an object, 500 items a list. */
export const AGREEMENT_LIMITS: JsonLimits = { bytes: 65_536, depth: 8, keys: 40, items: 500 };

const kebab = { type: 'string', maxLength: 60, pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' };
const line = { type: 'string', minLength: 1, maxLength: 300, pattern: '^[^\\p{Cc}]*$' };
const lineOrEmpty = { type: 'string', maxLength: 300, pattern: '^[^\\p{Cc}]*$' };
const address = { type: 'string', maxLength: 300, pattern: '^https://[!-~]+$' };
const day = { type: 'string', format: 'date' };
const oneOf = (values: readonly (string | number)[]) => ({ enum: [...values] });
const some = (items: object, minItems = 1) => ({ type: 'array', items, minItems, uniqueItems: true });
const closed = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const grant = closed(
  {
    id: kebab,
    publishers: some(kebab),
    types: some({ type: 'string', maxLength: 100, pattern: '^[a-z]+(\\.[a-z0-9-]+)+\\.v[1-9][0-9]*$' }),
    consumer: kebab,
    purposes: some(oneOf(PURPOSES)),
    mode: oneOf(['count', 'record', 'subject']),
    gateway: kebab,
    fields: some({ type: 'string', maxLength: 60, pattern: '^[a-z][A-Za-z0-9]*$' }, 0),
    place: oneOf(PLACE_GRAINS),
    time: oneOf(TIME_GRAINS),
    ageBands: { const: 'standard' },
    threshold: oneOf([7, 12, 17]),
    openness: oneOf(['protected', 'open']),
    licence: line,
    address,
  },
  ['licence', 'address'],
);

/** JSON Schema 2020-12 of an agreement document. Closed: what it does not name is refused. */
export const AGREEMENT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:svd:schema:agreement:1',
  ...closed(
    {
      // `oversight` is what access records call the built-in agreement of auditors
      id: { ...kebab, not: { const: 'oversight' } },
      title: line,
      parties: some(closed({ agency: kebab, capacity: oneOf(CAPACITIES) }), 2),
      purposes: some(oneOf(PURPOSES)),
      validity: closed({ from: day, to: day }),
      review: day,
      retention: { type: 'string', pattern: '^P(?:[1-9]\\d?Y|[1-9]\\d{0,2}M|[1-9]\\d{0,3}D)$' },
      contacts: some(
        closed({
          agency: kebab,
          role: line,
          mailbox: { type: 'string', maxLength: 254, pattern: '^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$' },
        }),
        0,
      ),
      lawful: closed(
        {
          dpia: lineOrEmpty,
          dpoAdvice: lineOrEmpty,
          article6: lineOrEmpty,
          article9: line,
          lawEnforcement: { type: 'boolean' },
          privacyNotice: { anyOf: [{ const: '' }, address] },
        },
        ['article9'],
      ),
      anonymisationTest: closed({
        method: line,
        assessor: line,
        date: day,
        recipientKnowledge: line,
        review: day,
        place: oneOf(PLACE_GRAINS),
      }),
      caldicott: closed({ guardian: line, date: day }),
      grants: { type: 'array', items: grant },
    },
    ['anonymisationTest', 'caldicott'],
  ),
} as const;

const fits = documentSchema<Agreement>(AGREEMENT_SCHEMA);

/**
 * Reads an agreement document strictly. Codes: the parser's `json-…`, else `agreement-invalid`. Says that the
 * document is one, not that it may come into force: that is {@link checkAgreement}.
 */
export function readAgreement(bytes: Uint8Array): AgreementRead {
  const read = readDocument(bytes, AGREEMENT_LIMITS, fits, 'agreement-invalid');
  if (!read.ok) return read;
  const { value: agreement, canonical, digest } = read;
  if (repeats(agreement.parties.map((party) => party.agency))) return invalid('parties');
  if (repeats(agreement.grants.map((item) => item.id))) return invalid('grants');
  return { ok: true, agreement, canonical, digest };
}

const repeats = (names: readonly string[]) => new Set(names).size !== names.length;
const invalid = (field: string): Fault => ({ ok: false, code: 'agreement-invalid', field });
