import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseStrictJson, Problem } from '#kernel';

/** Every list that a field may name, with the form its codes take. A code in form but in no adopted list is held. */
export const CODE_LISTS = {
  'street-category': { title: 'Street crime category (data.police.uk)', form: '[a-z]+(?:-[a-z]+)*' },
  'street-outcome': { title: 'Outcome category (data.police.uk)', form: '[a-z]+(?:-[a-z]+)*' },
  'home-office-offence': {
    title: 'Home Office offence code, subgroup or group',
    form: '(?:[0-9]{1,3}[A-Z]?(?:\\.[0-9]{1,2})?(?:-[0-9]{1,2}\\.[0-9]{1,2})*|[a-z]+(?:-[a-z0-9]+)*)',
  },
  'flag-method': { title: 'Counting method of the knife flag', form: '[a-z]+(?:-[a-z0-9]+)*' },
  'ods-site': { title: 'ODS code of a hospital site', form: '[A-Z0-9]{3,9}' },
  'ods-trust': { title: 'ODS code of a trust', form: '[A-Z0-9]{3,9}' },
  'ed-method': { title: 'Assault method', form: '(?:[0-9]{1,18}|[a-z]+(?:-[a-z0-9]+)*)' },
  'exclusion-reason': { title: 'Exclusion reason (national)', form: '[A-Z]{2}' },
  'exclusion-reason-local': { title: 'Exclusion reason (local)', form: '[A-Z0-9]{1,4}' },
  'sen-need': { title: 'Primary special educational need', form: '[A-Z]{2,5}' },
  prison: { title: 'Prison', form: '[A-Z]{3}' },
  'delivery-unit': { title: 'Probation delivery unit', form: 'pdu-[0-9]{2,4}' },
  'mentor-provider': { title: 'Provider of mentors', form: '[a-z]+(?:-[a-z0-9]+)*' },
} as const;
export type CodeListName = keyof typeof CODE_LISTS;
export const CODE_LIST_NAMES = Object.keys(CODE_LISTS) as readonly CodeListName[];

export interface CodeList {
  readonly title: string;
  readonly version: string;
  /** Label for people, by code. */
  readonly codes: Readonly<Record<string, string>>;
}
/** Versioned reference data, adopted by a fact. `lists` may leave out what no feed of the partnership uses. */
export interface CodesPack {
  readonly kind: 'codes';
  readonly version: string;
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly lists: Readonly<Partial<Record<CodeListName, CodeList>>>;
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength, pattern: '^[^\\p{Cc}]*$' });
const listSchema = (form: string) => ({
  type: 'object',
  additionalProperties: false,
  required: ['title', 'version', 'codes'],
  properties: {
    title: text(200),
    version: text(60),
    codes: { type: 'object', propertyNames: { pattern: `^${form}$`, maxLength: 80 }, additionalProperties: text(300) },
  },
});
/** JSON Schema 2020-12 of a codes pack. */
export const CODES_PACK_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Codes pack',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'version', 'title', 'source', 'licence', 'lists'],
  properties: {
    kind: { const: 'codes' },
    version: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,59}$' },
    title: text(200),
    source: text(500),
    licence: text(200),
    lists: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(CODE_LIST_NAMES.map((name) => [name, listSchema(CODE_LISTS[name].form)])),
    },
  },
};
const validPack = new Ajv2020({ strict: true }).compile<CodesPack>(CODES_PACK_SCHEMA);
const PACK_LIMITS = { bytes: 8_388_608, depth: 8, keys: 100_000, items: 100_000 };

/** Reads hostile bytes: a pack, or a problem `json-…` or `pack-invalid`. Nothing of the input is echoed. */
export function parseCodesPack(bytes: Uint8Array): CodesPack | { readonly problem: Problem } {
  const parsed = parseStrictJson(bytes, PACK_LIMITS);
  if (!parsed.ok) return { problem: new Problem(parsed.code) };
  const pack: unknown = parsed.value;
  return validPack(pack) ? pack : { problem: new Problem('pack-invalid') };
}

/** The adopted code lists, ready for one question: does this list hold this code? */
export class CodeLists {
  /** Before a pack is adopted: no list holds anything, so that every code waits. */
  static readonly none = new CodeLists({
    kind: 'codes',
    version: 'none',
    title: '',
    source: '',
    licence: '',
    lists: {},
  });

  readonly version: string;
  readonly #labels = new Map<CodeListName, ReadonlyMap<string, string>>();

  constructor(pack: CodesPack) {
    this.version = pack.version;
    for (const name of CODE_LIST_NAMES) {
      const list = pack.lists[name];
      if (list !== undefined) this.#labels.set(name, new Map(Object.entries(list.codes)));
    }
  }

  has(list: CodeListName, code: string): boolean {
    return this.#labels.get(list)?.has(code) === true;
  }
  /** Label for people. */
  label(list: CodeListName, code: string): string | undefined {
    return this.#labels.get(list)?.get(code);
  }
  /** In the pack's order; empty for a list that the pack leaves out. */
  codes(list: CodeListName): readonly string[] {
    return [...(this.#labels.get(list)?.keys() ?? [])];
  }
}
